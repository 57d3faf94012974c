//! What `describe` shows: the contract, and what the credential allows.

use aster::contract::{Contract, FieldType, TypeBody};

use super::listing::unknown_methods;
use super::tree::Branch;
use crate::contract::{contract_text, show_method, show_type};
use crate::failure::Failure;
use crate::remote::{Right, Rights};

/// The contract of a service.
///
/// # Errors
/// The server publishes none.
pub(super) fn contract_of(branch: &Branch) -> Result<&Contract, Failure> {
    branch.contract().ok_or_else(|| {
        let name = &branch.summary.name;
        let note = unknown_methods(branch).unwrap_or_else(|| format!("no contract of {name}"));
        let (problem, hint) = note.split_once('\n').unwrap_or((&note, ""));
        Failure::not_found(problem).hint(hint)
    })
}

/// All about a service.
pub(super) fn service(branch: &Branch, rights: &Rights) -> Result<String, Failure> {
    let contract = contract_of(branch)?;
    let mut text = contract_text(contract);
    text.push('\n');
    for method in &contract.methods {
        let right = rights.of(Some(contract), &method.name);
        if right != Right::Held {
            text.push_str(&allowed(&method.name, &right));
        }
    }
    Ok(text)
}

/// All about a method, with the types that it uses.
pub(super) fn method(branch: &Branch, name: &str, rights: &Rights) -> Result<String, Failure> {
    let contract = contract_of(branch)?;
    let Some(method) = contract.methods.iter().find(|method| method.name == name) else {
        return Err(Failure::not_found(format!("{} has no method {name}", contract.service)));
    };
    let mut text = String::new();
    show_method(&mut text, method);
    text.push_str(&allowed(name, &rights.of(Some(contract), name)));
    let mut tags = Vec::new();
    note_tags(contract, &method.request, &mut tags);
    note_tags(contract, &method.response, &mut tags);
    for ty in tags.iter().filter_map(|tag| contract.types.iter().find(|ty| ty.tag == *tag)) {
        text.push('\n');
        show_type(&mut text, ty);
    }
    Ok(text)
}

fn allowed(name: &str, right: &Right) -> String {
    match right {
        Right::Held => format!("  ✓ your credential allows {name}\n"),
        Right::Missing(what) => format!("  ✗ {name} requires {what}, which you do not hold\n"),
        Right::Unknown => format!("  ? whether {name} is allowed is not known\n"),
    }
}

/// The tags that a type uses, each once.
fn note_tags<'a>(contract: &'a Contract, ty: &'a FieldType, tags: &mut Vec<&'a str>) {
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match ty {
            FieldType::Message(tag) | FieldType::Enum(tag) if !tags.contains(&tag.as_str()) => {
                tags.push(tag);
                let body = contract.types.iter().find(|ty| ty.tag == *tag).map(|ty| &ty.body);
                if let Some(TypeBody::Message(fields)) = body {
                    open.extend(fields.iter().rev().map(|field| &field.ty));
                }
            }
            FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
                open.push(inner);
            }
            FieldType::Map(key, value) => open.extend([&**value, &**key]),
            _ => {}
        }
    }
}
