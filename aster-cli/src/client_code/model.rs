//! Contracts with the names and the order that code needs: the part that all
//! languages share.

use std::collections::{BTreeMap, BTreeSet};

use aster::contract::{Contract, Field, FieldType, Method, Type, TypeBody};

use super::check::check;
use super::default::{Literal, Types, parts};
use super::names::{Case, Taken, file_stem, identifier};
use super::{GenerateError, Options};

/// How a language names things.
pub(super) struct Naming {
    /// Words that are no identifiers.
    pub(super) keywords: &'static [&'static str],
    /// Names of types that the generated code itself uses.
    pub(super) types: &'static [&'static str],
    /// Names of methods that every client has.
    pub(super) methods: &'static [&'static str],
    pub(super) field: Case,
    pub(super) variant: Case,
    pub(super) method: Case,
    /// Between the words of a file name.
    pub(super) separator: char,
}

/// All the code that is to be made.
pub(super) struct Package<'a> {
    /// The directory.
    pub(super) name: String,
    /// The types: one module, and another one for each set of contracts that
    /// mean something else by the same tag, such as two versions of a service.
    pub(super) modules: Vec<Module<'a>>,
    /// The services, by name and version.
    pub(super) services: Vec<Service<'a>>,
}

/// Types that are declared together.
#[derive(Default)]
pub(super) struct Module<'a> {
    /// The name of the file without extension.
    pub(super) file: String,
    /// The contracts whose types these are.
    pub(super) contracts: Vec<&'a Contract>,
    /// A type comes after those that it mentions, unless that is a circle.
    pub(super) types: Vec<Declaration<'a>>,
    by_tag: BTreeMap<&'a str, usize>,
}

/// A type with its names.
pub(super) struct Declaration<'a> {
    /// The name in code.
    pub(super) name: String,
    pub(super) ty: &'a Type,
    /// The names of fields or variants in code.
    pub(super) members: Vec<String>,
    /// The defaults of the fields; none for one that must be given.
    pub(super) defaults: Vec<Option<Literal>>,
    /// Whether all fields have a default.
    complete: bool,
    /// Whether it contains itself, maybe through others, with nothing but
    /// `Optional` in between.
    pub(super) contains_itself: bool,
}

/// A service with its names.
pub(super) struct Service<'a> {
    /// The name in code, without `Client`.
    pub(super) name: String,
    /// The name of the file without extension.
    pub(super) file: String,
    /// The place of its types in [`Package::modules`].
    pub(super) module: usize,
    pub(super) contract: &'a Contract,
    /// The names of the methods in code.
    pub(super) methods: Vec<String>,
}

impl Declaration<'_> {
    /// The fields; none for an enum.
    pub(super) fn fields(&self) -> &[Field] {
        match &self.ty.body {
            TypeBody::Message(fields) => fields,
            TypeBody::Enum(_) => &[],
        }
    }
}

impl<'a> Package<'a> {
    /// Names and orders everything.
    ///
    /// # Errors
    /// If a contract contradicts itself or leaves types out.
    pub(super) fn new(
        contracts: &'a [Contract],
        naming: &Naming,
        options: &Options,
    ) -> Result<Self, GenerateError> {
        let mut contracts: Vec<&Contract> = contracts.iter().collect();
        contracts.sort_by(|a, b| (&a.service, a.version, a.id).cmp(&(&b.service, b.version, b.id)));
        contracts.dedup();
        let name = match (&options.package, contracts.as_slice()) {
            (_, []) => return Err(GenerateError::Nothing),
            (Some(name), _) => name.as_str(),
            (None, [only]) => only.service.as_str(),
            (None, _) => "clients",
        };
        let mut name = file_stem(name, '_', "client");
        if naming.keywords.contains(&name.as_str()) {
            name.push('_');
        }
        let mut modules: Vec<Module<'a>> = Vec::new();
        let mut services = Vec::new();
        let mut files = Taken::with(&["index", "mod", "types"]);
        for contract in contracts {
            check(contract)?;
            let fits = |module: &Module<'_>| contract.types.iter().all(|ty| module.agrees(ty));
            let module = modules.iter().position(fits).unwrap_or_else(|| {
                modules.push(Module::default());
                modules.len() - 1
            });
            if let Some(module) = modules.get_mut(module) {
                module.add(contract);
            }
            services.push(Service::new(contract, module, naming, &mut files));
        }
        for (i, module) in modules.iter_mut().enumerate() {
            module.file = match i {
                0 => "types".to_owned(),
                i => format!("types{}{}", naming.separator, i + 1),
            };
            module.complete(naming)?;
        }
        Ok(Self { name, modules, services })
    }
}

impl<'a> Service<'a> {
    fn new(contract: &'a Contract, module: usize, naming: &Naming, files: &mut Taken) -> Self {
        let separator = naming.separator;
        let stem = file_stem(&contract.service, separator, "service");
        let version = contract.version.to_string().replace('-', "minus");
        let file = files.take(format!("{stem}{separator}v{version}"));
        let name = identifier(&contract.service, Case::Pascal, naming.keywords, "Service");
        let name = Taken::with(naming.types).take(name);
        let mut taken = Taken::with(naming.methods);
        let methods = contract.methods.iter().map(|method| {
            taken.take(identifier(&method.name, naming.method, naming.keywords, "call"))
        });
        Self { name, file, module, contract, methods: methods.collect() }
    }

    /// The methods and their names in code.
    pub(super) fn methods(&self) -> impl Iterator<Item = (&str, &'a Method)> {
        self.methods.iter().map(String::as_str).zip(&self.contract.methods)
    }
}

impl<'a> Module<'a> {
    fn agrees(&self, ty: &Type) -> bool {
        self.get(&ty.tag).is_none_or(|known| known.ty == ty)
    }

    fn add(&mut self, contract: &'a Contract) {
        self.contracts.push(contract);
        for ty in &contract.types {
            if !self.by_tag.contains_key(ty.tag.as_str()) {
                self.by_tag.insert(&ty.tag, self.types.len());
                self.types.push(Declaration {
                    name: String::new(),
                    ty,
                    members: Vec::new(),
                    defaults: Vec::new(),
                    complete: false,
                    contains_itself: false,
                });
            }
        }
    }

    /// The type with this tag.
    pub(super) fn get(&self, tag: &str) -> Option<&Declaration<'a>> {
        self.types.get(*self.by_tag.get(tag)?)
    }

    /// The name in code of the type with this tag, which [`check`] has seen.
    pub(super) fn name_of(&self, tag: &str) -> &str {
        self.get(tag).map_or("", |declaration| declaration.name.as_str())
    }

    fn service(&self) -> String {
        self.contracts.first().map(|contract| contract.service.clone()).unwrap_or_default()
    }

    /// Names, order and defaults, once all types are there.
    fn complete(&mut self, naming: &Naming) -> Result<(), GenerateError> {
        self.sort();
        self.name(naming);
        self.find_circles();
        self.read_defaults()
    }

    /// Puts types after those that they mention; by tag where that is open.
    fn sort(&mut self) {
        self.types.sort_by(|a, b| a.ty.tag.cmp(&b.ty.tag));
        self.index();
        let mut order: Vec<usize> = Vec::new();
        let mut seen = BTreeSet::new();
        for root in 0..self.types.len() {
            // What remains of a type: itself, after those that it mentions.
            let mut open = vec![(root, false)];
            while let Some((at, done)) = open.pop() {
                if done {
                    order.push(at);
                } else if seen.insert(at) {
                    open.push((at, true));
                    let mentioned = self.types.get(at).map(|declaration| {
                        let mut found = Vec::new();
                        for field in declaration.fields() {
                            mentions(&field.ty, &mut |tag| found.push(tag));
                        }
                        found
                    });
                    let places = mentioned.into_iter().flatten();
                    let places: Vec<_> =
                        places.filter_map(|tag| self.by_tag.get(tag.as_str())).collect();
                    open.extend(places.into_iter().rev().map(|place| (*place, false)));
                }
            }
        }
        let mut slots: Vec<_> = std::mem::take(&mut self.types).into_iter().map(Some).collect();
        self.types = order.iter().filter_map(|at| slots.get_mut(*at)?.take()).collect();
        self.index();
    }

    fn index(&mut self) {
        let places = self.types.iter().enumerate();
        self.by_tag = places.map(|(i, declaration)| (declaration.ty.tag.as_str(), i)).collect();
    }

    /// Two types of one name in two packages get the package before the name.
    fn name(&mut self, naming: &Naming) {
        let short = |ty: &Type| {
            let name = ty.tag.rsplit('/').next().unwrap_or_default();
            identifier(name, Case::Pascal, naming.keywords, "Type")
        };
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for declaration in &self.types {
            *count.entry(short(declaration.ty)).or_default() += 1;
        }
        let mut taken = Taken::with(naming.types);
        let mut by_tag: Vec<_> = self.types.iter_mut().collect();
        by_tag.sort_by_key(|declaration| &declaration.ty.tag);
        for declaration in by_tag {
            let ty = declaration.ty;
            let mut name = short(ty);
            if count.get(&name).is_some_and(|count| *count > 1) {
                name = identifier(&ty.tag, Case::Pascal, naming.keywords, "Type");
            }
            if naming.types.contains(&name.as_str()) {
                name.push_str("Type");
            }
            declaration.name = taken.take(name);
            let mut taken = Taken::default();
            let mut name = |name: &str, case, fallback| {
                taken.take(identifier(name, case, naming.keywords, fallback))
            };
            declaration.members = match &ty.body {
                TypeBody::Message(fields) => {
                    fields.iter().map(|field| name(&field.name, naming.field, "field")).collect()
                }
                TypeBody::Enum(variants) => {
                    let variants = variants.iter();
                    variants.map(|variant| name(&variant.name, naming.variant, "V")).collect()
                }
            };
        }
    }

    /// Finds the types that contain themselves: what is left when those are
    /// taken away, again and again, that contain none of the rest or that none
    /// of the rest contains. A type between two circles is left as well, which
    /// does no harm.
    fn find_circles(&mut self) {
        let mut left: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for declaration in &self.types {
            let contained = declaration.fields().iter().filter_map(|field| contained(&field.ty));
            left.insert(&declaration.ty.tag, contained.collect());
        }
        loop {
            let within: BTreeSet<&str> = left.values().flatten().copied().collect();
            let ends: Vec<&str> = left
                .iter()
                .filter(|(tag, contained)| {
                    !within.contains(*tag) || !contained.iter().any(|tag| left.contains_key(tag))
                })
                .map(|(tag, _)| *tag)
                .collect();
            if ends.is_empty() {
                break;
            }
            for tag in ends {
                left.remove(tag);
            }
        }
        let circles: BTreeSet<String> = left.into_keys().map(str::to_owned).collect();
        for declaration in &mut self.types {
            declaration.contains_itself = circles.contains(&declaration.ty.tag);
        }
    }

    /// Reads the defaults of each type after those of the types that its
    /// defaults are made of.
    fn read_defaults(&mut self) -> Result<(), GenerateError> {
        let mut left: Vec<usize> = (0..self.types.len()).collect();
        let mut read: BTreeSet<&str> = BTreeSet::new();
        while !left.is_empty() {
            let ready = |at: &usize| {
                let mut needed = BTreeSet::new();
                for field in self.types.get(*at).into_iter().flat_map(Declaration::fields) {
                    parts(&field.ty, field.default.as_ref(), &mut needed);
                }
                needed.iter().all(|tag| read.contains(tag))
            };
            let (now, later): (Vec<_>, Vec<_>) = left.iter().partition(|at| ready(at));
            if now.is_empty() {
                let first = later.first().and_then(|at: &usize| self.types.get(*at));
                let tag = first.map_or_else(String::new, |declaration| declaration.ty.tag.clone());
                return Err(GenerateError::Endless { service: self.service(), tag });
            }
            for at in now {
                let Some(declaration) = self.types.get(at) else { continue };
                let own = |field: &Field| {
                    let literal = Literal::read(&field.ty, field.default.as_ref()?, &Known(self));
                    literal.filter(|literal| self.can_make(literal, &field.ty))
                };
                let defaults: Vec<_> = declaration.fields().iter().map(own).collect();
                read.insert(&declaration.ty.tag);
                if let Some(declaration) = self.types.get_mut(at) {
                    declaration.complete = defaults.iter().all(Option::is_some);
                    declaration.defaults = defaults;
                }
            }
            left = later;
        }
        Ok(())
    }
}

impl Module<'_> {
    /// Whether a value can be written down: a message with fields that must be
    /// given cannot be made from nothing.
    fn can_make(&self, literal: &Literal, ty: &FieldType) -> bool {
        match (literal, ty) {
            (Literal::Zero, FieldType::Message(tag)) => {
                self.get(tag).is_some_and(|declaration| declaration.complete)
            }
            (Literal::Message(given), FieldType::Message(tag)) => {
                given.iter().all(|(at, literal)| {
                    let field = self.get(tag).and_then(|ty| ty.fields().get(*at));
                    field.is_some_and(|field| self.can_make(literal, &field.ty))
                })
            }
            (Literal::Some(inner), FieldType::Optional(ty)) => self.can_make(inner, ty),
            (Literal::List(items), FieldType::List(ty)) => {
                items.iter().all(|item| self.can_make(item, ty))
            }
            (Literal::Map(entries), FieldType::Map(_, ty)) => {
                entries.iter().all(|(_, value)| self.can_make(value, ty))
            }
            _ => true,
        }
    }
}

/// The types of a module, for reading defaults.
struct Known<'m, 'a>(&'m Module<'a>);

impl Types for Known<'_, '_> {
    fn variants(&self, tag: &str) -> Vec<&str> {
        match self.0.get(tag).map(|declaration| &declaration.ty.body) {
            Some(TypeBody::Enum(variants)) => variants.iter().map(|v| v.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    fn fields(&self, tag: &str) -> Vec<(&str, &FieldType, Option<Literal>)> {
        let Some(declaration) = self.0.get(tag) else { return Vec::new() };
        let fields = declaration.fields().iter().enumerate();
        fields
            .map(|(i, field)| {
                let own = declaration.defaults.get(i).cloned().flatten();
                (field.name.as_str(), &field.ty, own)
            })
            .collect()
    }
}

/// Calls `visit` with every tag in a type.
fn mentions<'a>(ty: &'a FieldType, visit: &mut impl FnMut(&'a String)) {
    match ty {
        FieldType::Scalar(_) | FieldType::Any => {}
        FieldType::Message(tag) | FieldType::Enum(tag) => visit(tag),
        FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
            mentions(inner, visit);
        }
        FieldType::Map(key, value) => {
            mentions(key, visit);
            mentions(value, visit);
        }
    }
}

/// The message that a value holds in itself.
pub(super) fn contained(ty: &FieldType) -> Option<&str> {
    match ty {
        FieldType::Message(tag) => Some(tag),
        FieldType::Optional(inner) => contained(inner),
        _ => None,
    }
}
