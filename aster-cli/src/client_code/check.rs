//! Contracts that no code can be made for in any language.

use std::collections::{BTreeMap, BTreeSet};

use aster::contract::{Contract, FieldType, TypeBody};

use super::GenerateError;

/// Refuses a contract that contradicts itself or leaves types out.
pub(super) fn check(contract: &Contract) -> Result<(), GenerateError> {
    let service = || contract.service.clone();
    let twice = |what, name: &str| GenerateError::Duplicate {
        service: service(),
        what,
        name: name.to_owned(),
    };
    let unique = |what, mut names: &mut dyn Iterator<Item = &str>| {
        let mut seen = BTreeSet::new();
        Iterator::find(&mut names, |name| !seen.insert(*name))
            .map_or(Ok(()), |n| Err(twice(what, n)))
    };
    unique("methods", &mut contract.methods.iter().map(|m| m.name.as_str()))?;
    unique("types", &mut contract.types.iter().map(|ty| ty.tag.as_str()))?;
    let messages: BTreeMap<&str, bool> = contract
        .types
        .iter()
        .map(|ty| (ty.tag.as_str(), matches!(ty.body, TypeBody::Message(_))))
        .collect();
    let known = |user: &dyn Fn() -> String, ty: &FieldType| {
        let unknown = unknown(ty, &messages);
        unknown.map_or(Ok(()), |tag| {
            Err(GenerateError::Unknown { service: service(), tag: tag.to_owned(), user: user() })
        })
    };
    for method in &contract.methods {
        for ty in [&method.request, &method.response] {
            known(&|| format!("the method {:?}", method.name), ty)?;
        }
    }
    for ty in &contract.types {
        match &ty.body {
            TypeBody::Enum(variants) => {
                unique("variants", &mut variants.iter().map(|v| v.name.as_str()))?;
            }
            TypeBody::Message(fields) => {
                unique("fields", &mut fields.iter().map(|field| field.name.as_str()))?;
                for field in fields {
                    known(&|| format!("the field {:?} of {:?}", field.name, ty.tag), &field.ty)?;
                }
            }
        }
    }
    Ok(())
}

/// The first tag that is not what the type says it is.
fn unknown<'a>(ty: &'a FieldType, messages: &BTreeMap<&str, bool>) -> Option<&'a str> {
    let missing = |tag: &'a str, message| (messages.get(tag) != Some(&message)).then_some(tag);
    match ty {
        FieldType::Scalar(_) | FieldType::Any => None,
        FieldType::Message(tag) => missing(tag, true),
        FieldType::Enum(tag) => missing(tag, false),
        FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
            unknown(inner, messages)
        }
        FieldType::Map(key, value) => unknown(key, messages).or_else(|| unknown(value, messages)),
    }
}
