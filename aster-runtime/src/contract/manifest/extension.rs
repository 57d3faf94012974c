//! What this program's manifests say beyond the reference's: complete types.

use std::collections::BTreeMap;

use super::super::limits::{MAX_FIELDS, MAX_ROLES, MAX_TYPES};
use super::super::{ContractId, Field, FieldType, Requirement, Type, TypeBody, Variant};
use super::node::{Fault, Node, Once};

/// The key of the first method under which the contract is described.
pub(super) const KEY: &str = "contract";

/// What a method requires that every admitted peer may call.
const ADMITTED: &str = "admitted";

/// The types of a `contract` object, by tag.
pub(super) fn types(contract: &Node<'_, '_>) -> Result<Vec<Type>, Fault> {
    let node = contract.need("types")?;
    let mut types = BTreeMap::new();
    let mut once = Once::new();
    for node in node.items(MAX_TYPES, "types")? {
        let tag = node.need("tag")?;
        once.add(tag.name()?, &tag, "the type")?;
        types.insert(tag.name()?, one(&node)?);
    }
    for node in node.items(MAX_TYPES, "types")? {
        let Some(fields) = node.get("fields")? else { continue };
        for field in fields.items(MAX_FIELDS, "fields")? {
            let ty = field.need("type")?;
            mentions(&field_type(&ty)?, &types).map_err(|problem| ty.fault(problem))?;
        }
    }
    Ok(types.into_values().collect())
}

fn one(node: &Node<'_, '_>) -> Result<Type, Fault> {
    if let Some(hash) = node.get("hash")? {
        let parsed = hash.string()?.parse::<ContractId>();
        parsed.or_else(|_| hash.expected("64 lowercase hex digits"))?;
    }
    let mut once = Once::new();
    let body = match (node.get("fields")?, node.get("enum")?) {
        (Some(fields), None) => {
            let mut list = Vec::new();
            for node in fields.items(MAX_FIELDS, "fields")? {
                let name = node.need("name")?;
                once.add(name.name()?, &name, "the field")?;
                list.push(field(&node)?);
            }
            TypeBody::Message(list)
        }
        (None, Some(variants)) => {
            let mut list = Vec::new();
            for node in variants.items(MAX_FIELDS, "variants")? {
                let name = node.need("name")?;
                once.add(name.word()?, &name, "the variant")?;
                let doc = node.prose_at("description")?;
                list.push(Variant { name: name.word()?.to_owned(), doc });
            }
            TypeBody::Enum(list)
        }
        _ => return Err(node.fault("a type has either `fields` or `enum`")),
    };
    Ok(Type { tag: node.need("tag")?.name()?.to_owned(), doc: node.prose_at("description")?, body })
}

fn field(node: &Node<'_, '_>) -> Result<Field, Fault> {
    Ok(Field {
        name: node.need("name")?.name()?.to_owned(),
        doc: node.prose_at("description")?,
        ty: field_type(&node.need("type")?)?,
        dynamic: node.flag_at("dynamic")?,
        back_edge: node.flag_at("back_edge")?,
        default: node.value().get("default").cloned(),
    })
}

fn field_type(node: &Node<'_, '_>) -> Result<FieldType, Fault> {
    node.string()?.parse().map_err(|error| node.fault(format!("no type of a field: {error}")))
}

/// Whether messages and enums are used as what they are. One that is not
/// described may be either.
fn mentions(ty: &FieldType, types: &BTreeMap<&str, Type>) -> Result<(), String> {
    match ty {
        FieldType::Scalar(_) | FieldType::Any => Ok(()),
        FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
            mentions(inner, types)
        }
        FieldType::Map(key, value) => mentions(key, types).and_then(|()| mentions(value, types)),
        FieldType::Message(tag) | FieldType::Enum(tag) => {
            let is_enum = matches!(ty, FieldType::Enum(_));
            match types.get(tag.as_str()).map(|ty| &ty.body) {
                Some(TypeBody::Message(_)) if is_enum => {
                    Err(format!("{tag} is described as a message, not as an enum"))
                }
                Some(TypeBody::Enum(_)) if !is_enum => {
                    Err(format!("{tag} is described as an enum, not as a message"))
                }
                _ => Ok(()),
            }
        }
    }
}

/// `"admitted"`, `{"role": "x"}`, `{"any_of": [...]}` or `{"all_of": [...]}`. A
/// requirement that is not understood must not become none.
pub(super) fn requirement(node: &Node<'_, '_>) -> Result<Requirement, Fault> {
    let roles = |node: &Node<'_, '_>| -> Result<Vec<String>, Fault> {
        let roles = node.items(MAX_ROLES, "roles")?;
        roles.map(|role| role.name().map(str::to_owned)).collect()
    };
    if node.value().as_str() == Some(ADMITTED) {
        return Ok(Requirement::Admitted);
    }
    let keys = node.value().as_object().map_or(0, serde_json::Map::len);
    let forms = (node.get("role")?, node.get("any_of")?, node.get("all_of")?);
    match forms {
        (Some(role), None, None) if keys == 1 => Ok(Requirement::Role(role.name()?.to_owned())),
        (None, Some(any), None) if keys == 1 => roles(&any).map(Requirement::AnyOf),
        (None, None, Some(all)) if keys == 1 => roles(&all).map(Requirement::AllOf),
        _ => Err(node.fault(
            "expected null, \"admitted\", {\"role\": \"a\"}, {\"any_of\": [\"a\"]} or {\"all_of\": [\"a\"]}",
        )),
    }
}
