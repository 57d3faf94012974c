//! From a published collection back to a contract, believing nothing that does
//! not hash to its name.

use std::collections::{HashMap, HashSet};

use super::collection::{CONTRACT_ENTRY, MANIFEST_ENTRY, type_hash};
use super::decode::{DecodedContract, DecodedMethod, DecodedType};
use super::error::{ContractError, MalformedDefinition};
use super::limits::MAX_ENTRIES;
use super::outline::{Outline, enums as enums_of, mentions, primitive, scalar};
use super::{
    Collection, Container, Contract, ContractId, Field, FieldDef, FieldType, Leaf, Method, Type,
    TypeBody, manifest,
};

impl Contract {
    /// The contract with this id, from its collection.
    ///
    /// `contract.bin` must hash to the id, every type to its name, and every
    /// type that is referred to must be there. So names, order, optional
    /// fields, containers and nested types are proven. The manifest, if there
    /// is one, adds what the id does not cover: descriptions, defaults,
    /// requirements, enums, and the widths of numbers. Where its type of a
    /// field would not give the same id, the proven one stays: an `int64` is an
    /// `i64`, and what is not part of the id is "any".
    ///
    /// # Errors
    /// [`ContractError`] tells which blob is missing, damaged or too large, and
    /// where the manifest names other methods, patterns or fields.
    pub fn from_collection(id: ContractId, collection: &Collection) -> Result<Self, ContractError> {
        let blobs = Blobs::of(collection)?;
        let bytes =
            blobs.contract.ok_or_else(|| ContractError::MissingEntry(CONTRACT_ENTRY.to_owned()))?;
        let computed = ContractId::from_bytes(*blake3::hash(bytes).as_bytes());
        if computed != id {
            return Err(ContractError::WrongId { stated: id, computed });
        }
        let decoded = DecodedContract::decode(bytes).map_err(malformed(CONTRACT_ENTRY))?;
        let mut contract = Types::of(blobs.types)?.contract(id, decoded)?;
        if let Some(text) = blobs.manifest {
            let text = std::str::from_utf8(text)
                .map_err(|_| ContractError::Manifest("it is not UTF-8".to_owned()))?;
            let manifests =
                manifest::read(text).map_err(|error| ContractError::Manifest(error.to_string()))?;
            let manifest = manifests
                .into_iter()
                .find(|found| {
                    found.service == contract.service && found.version == contract.version
                })
                .ok_or_else(|| {
                    ContractError::Contradiction(format!(
                        "it does not describe version {} of {}",
                        contract.version, contract.service
                    ))
                })?;
            contract.describe_by(manifest)?;
        }
        Ok(contract)
    }
}

fn malformed(name: &str) -> impl Fn(MalformedDefinition) -> ContractError {
    move |error| ContractError::Malformed { name: name.to_owned(), error }
}

/// The blobs whose names mean something.
struct Blobs<'a> {
    contract: Option<&'a [u8]>,
    /// Hash and content, in order.
    types: Vec<([u8; 32], &'a [u8])>,
    manifest: Option<&'a [u8]>,
}

impl<'a> Blobs<'a> {
    fn of(collection: &'a Collection) -> Result<Self, ContractError> {
        if collection.entries.len() > MAX_ENTRIES {
            return Err(ContractError::TooMany { what: "entries", max: MAX_ENTRIES });
        }
        let mut blobs = Self { contract: None, types: Vec::new(), manifest: None };
        let mut names = HashSet::new();
        for (name, content) in &collection.entries {
            let Some(max) = Collection::max_bytes(name) else { continue };
            if !names.insert(name.as_str()) {
                return Err(ContractError::Duplicate(name.clone()));
            }
            if content.len() > max {
                let (name, len) = (name.clone(), content.len());
                return Err(ContractError::TooLarge { name, len, max });
            }
            match name.as_str() {
                CONTRACT_ENTRY => blobs.contract = Some(content),
                MANIFEST_ENTRY => blobs.manifest = Some(content),
                _ => {
                    let found = *blake3::hash(content).as_bytes();
                    if type_hash(name) != Some(found) {
                        return Err(ContractError::Forged { name: name.clone(), found });
                    }
                    blobs.types.push((found, content));
                }
            }
        }
        Ok(blobs)
    }
}

/// The types of a collection.
struct Types<'a> {
    decoded: Vec<(String, DecodedType<'a>)>,
    tags: HashMap<[u8; 32], String>,
}

/// What stands for a type that the reference did not hash (contract.md 1.5).
const UNTOLD: [u8; 32] = [0; 32];

impl<'a> Types<'a> {
    fn of(blobs: Vec<([u8; 32], &'a [u8])>) -> Result<Self, ContractError> {
        let mut types = Self { decoded: Vec::new(), tags: HashMap::new() };
        let mut known = HashSet::new();
        for (hash, bytes) in blobs {
            let name = || format!("the type {}", data_encoding::HEXLOWER.encode(&hash));
            let ty = DecodedType::decode(bytes).map_err(|error| malformed(&name())(error))?;
            if ty.name.contains('/') {
                let error = MalformedDefinition::new(0, "a slash in the name behind the package");
                return Err(malformed(&name())(error));
            }
            let tag = match ty.package {
                "" => ty.name.to_owned(),
                package => format!("{package}/{}", ty.name),
            };
            if !known.insert(tag.clone()) {
                return Err(ContractError::Duplicate(format!("the type {tag}")));
            }
            types.tags.insert(hash, tag.clone());
            types.decoded.push((tag, ty));
        }
        Ok(types)
    }

    fn contract(
        self,
        id: ContractId,
        decoded: DecodedContract<'_>,
    ) -> Result<Contract, ContractError> {
        let methods = decoded
            .methods
            .into_iter()
            .map(|method| self.method(method))
            .collect::<Result<_, _>>()?;
        let mut types = self
            .decoded
            .iter()
            .map(|(tag, ty)| self.message(tag, ty))
            .collect::<Result<Vec<_>, _>>()?;
        types.sort_by(|a, b| a.tag.cmp(&b.tag));
        Ok(Contract {
            id,
            service: decoded.name.to_owned(),
            version: decoded.version,
            scope: decoded.scope,
            modes: decoded.modes.into_iter().map(str::to_owned).collect(),
            doc: String::new(),
            requires: decoded.requires,
            methods,
            types,
        })
    }

    fn method(&self, method: DecodedMethod<'_>) -> Result<Method, ContractError> {
        let DecodedMethod { def, requires } = method;
        let root = |hash| self.root(hash, def.name);
        Ok(Method {
            name: def.name.to_owned(),
            pattern: def.pattern,
            idempotent: def.idempotent,
            timeout: (def.timeout > 0.0).then_some(def.timeout),
            requires,
            doc: String::new(),
            request: root(def.request)?,
            response: root(def.response)?,
        })
    }

    /// A request or response (contract.md 1.6).
    fn root(&self, hash: &[u8; 32], method: &str) -> Result<FieldType, ContractError> {
        let scalar = ["string", "int64", "float64", "bool", "binary"]
            .into_iter()
            .find(|name| blake3::hash(name.as_bytes()) == *hash)
            .and_then(scalar);
        match scalar {
            Some(scalar) => Ok(FieldType::Scalar(scalar)),
            None => self.reference(hash, || format!("method {method}")),
        }
    }

    fn reference(
        &self,
        hash: &[u8; 32],
        used_by: impl Fn() -> String,
    ) -> Result<FieldType, ContractError> {
        match self.tags.get(hash) {
            Some(tag) => Ok(FieldType::Message(tag.clone())),
            None if *hash == UNTOLD => Ok(FieldType::Any),
            None => Err(ContractError::MissingType { hash: *hash, used_by: used_by() }),
        }
    }

    fn message(&self, tag: &str, ty: &DecodedType<'_>) -> Result<Type, ContractError> {
        let fields = ty.fields.iter().map(|def| self.field(tag, def)).collect::<Result<_, _>>()?;
        Ok(Type { tag: tag.to_owned(), doc: String::new(), body: TypeBody::Message(fields) })
    }

    fn field(&self, owner: &str, def: &FieldDef<'_>) -> Result<Field, ContractError> {
        let mut back_edge = false;
        let mut part = |leaf: Leaf<'_>| {
            Ok::<_, ContractError>(match leaf {
                Leaf::Primitive(name) => scalar(name).map_or(FieldType::Any, FieldType::Scalar),
                Leaf::Ref(hash) => self.reference(hash, || format!("{owner}.{}", def.name))?,
                Leaf::SelfRef(name) => match self.cycle(owner, name) {
                    Some(tag) => {
                        back_edge |= tag != owner;
                        FieldType::Message(tag.to_owned())
                    }
                    None => FieldType::Any,
                },
                Leaf::Any => FieldType::Any,
            })
        };
        let leaf = part(def.leaf)?;
        let dynamic = leaf == FieldType::Any && def.container == Container::None;
        let ty = match def.container {
            Container::None => leaf,
            Container::List => FieldType::List(Box::new(leaf)),
            Container::Set => FieldType::Set(Box::new(leaf)),
            Container::Map(key) => FieldType::Map(Box::new(part(key)?), Box::new(leaf)),
        };
        let ty = if def.optional { FieldType::Optional(Box::new(ty)) } else { ty };
        Ok(Field {
            name: def.name.to_owned(),
            doc: String::new(),
            ty,
            dynamic,
            back_edge,
            default: None,
        })
    }

    /// The type that a field closes a cycle with: by its tag, or as the
    /// reference names it, by the path of its Python class. Its own type goes
    /// before others; a class name that several types share tells nothing.
    fn cycle<'t>(&'t self, owner: &'t str, name: &str) -> Option<&'t str> {
        if self.decoded.iter().any(|(tag, _)| tag == name) {
            return self.decoded.iter().map(|(tag, _)| tag.as_str()).find(|tag| *tag == name);
        }
        let class = name.rsplit_once('.').map_or(name, |(_, class)| class);
        let is = |tag: &&str| tag.rsplit_once('/').map_or(*tag, |(_, name)| name) == class;
        if is(&owner) {
            return Some(owner);
        }
        let mut named = self.decoded.iter().map(|(tag, _)| tag.as_str()).filter(is);
        named.next().filter(|_| named.next().is_none())
    }
}

impl Contract {
    /// Adds what the manifest of a published contract says beyond its id.
    fn describe_by(&mut self, manifest: Self) -> Result<(), ContractError> {
        let differs = |what: String| Err(ContractError::Contradiction(what));
        if manifest.id != self.id {
            return differs(format!("it states the id {}", manifest.id));
        }
        if manifest.scope != self.scope {
            return differs(format!("it states the scope {}", manifest.scope.name()));
        }
        self.doc = manifest.doc;
        self.requires = manifest.requires.or_else(|| self.requires.take());
        // A manifest without methods is a short one (contract.md 5.4).
        if manifest.methods.is_empty() && manifest.types.is_empty() {
            return Ok(());
        }
        let mut renamed = HashMap::new();
        let mut stated: HashMap<_, _> =
            manifest.methods.into_iter().map(|method| (method.name.clone(), method)).collect();
        for method in &mut self.methods {
            let Some(stated) = stated.remove(&method.name) else {
                return differs(format!("it does not have the method {}", method.name));
            };
            if stated.pattern != method.pattern {
                return differs(format!("it states that {} is {}", method.name, stated.pattern));
            }
            method.doc = stated.doc;
            method.requires = stated.requires.or_else(|| method.requires.take());
            for (proven, stated) in
                [(&mut method.request, stated.request), (&mut method.response, stated.response)]
            {
                match (&*proven, stated) {
                    (FieldType::Message(tag), FieldType::Message(name)) if *tag == name => {}
                    // The tag of a class without one, or without a slash, has
                    // the class's module for a package (contract.md 1.2).
                    (FieldType::Message(tag), FieldType::Message(name)) if !name.contains('/') => {
                        renamed.insert(name, tag.clone());
                    }
                    (FieldType::Message(tag), FieldType::Message(name)) => {
                        return differs(format!(
                            "it states {name} where {} has {tag}",
                            method.name
                        ));
                    }
                    (FieldType::Scalar(proven_scalar), FieldType::Scalar(stated))
                        if primitive(*proven_scalar) == primitive(stated) =>
                    {
                        *proven = FieldType::Scalar(stated);
                    }
                    _ => {}
                }
            }
        }
        if let Some(name) = stated.into_keys().min() {
            return differs(format!("it has the method {name}"));
        }
        self.describe_types_by(manifest.types, &renamed)
    }

    fn describe_types_by(
        &mut self,
        stated: Vec<Type>,
        renamed: &HashMap<String, String>,
    ) -> Result<(), ContractError> {
        let mut enums: HashMap<String, Type> = HashMap::new();
        let mut messages: HashMap<String, (String, Vec<Field>)> = HashMap::new();
        for ty in stated {
            match ty.body {
                TypeBody::Message(fields) => {
                    let tag = renamed.get(&ty.tag).cloned().unwrap_or(ty.tag);
                    messages.insert(tag, (ty.doc, fields));
                }
                TypeBody::Enum(_) => {
                    enums.insert(ty.tag.clone(), ty);
                }
            }
        }
        let proven: HashSet<String> = self.types.iter().map(|ty| ty.tag.clone()).collect();
        let mut used_enums = HashSet::new();
        for ty in &mut self.types {
            let TypeBody::Message(fields) = &mut ty.body else { continue };
            let Some((doc, stated)) = messages.remove(&ty.tag) else { continue };
            ty.doc = doc;
            let differs = |what: String| Err(ContractError::Contradiction(what));
            if stated.len() != fields.len() {
                return differs(format!(
                    "it states {} fields for {}, which has {}",
                    stated.len(),
                    ty.tag,
                    fields.len()
                ));
            }
            for (field, stated) in fields.iter_mut().zip(stated) {
                if stated.name != field.name {
                    return differs(format!(
                        "it states the field {} where {} has {}",
                        stated.name, ty.tag, field.name
                    ));
                }
                let known = |tag: &&str| proven.contains(*tag);
                if Outline::of(&stated, &ty.tag) == Outline::of(field, &ty.tag)
                    && mentions(&stated.ty).iter().all(known)
                {
                    used_enums.extend(enums_of(&stated.ty).into_iter().map(str::to_owned));
                    *field = stated;
                } else {
                    (field.doc, field.default) = (stated.doc, stated.default);
                }
            }
        }
        for tag in used_enums {
            // A message of that name is proven, and an enum is not.
            if !proven.contains(&tag)
                && let Some(ty) = enums.remove(&tag)
            {
                self.types.push(ty);
            }
        }
        self.types.sort_by(|a, b| a.tag.cmp(&b.tag));
        Ok(())
    }
}

#[cfg(test)]
mod tests;
