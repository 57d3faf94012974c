//! What the macros of the `aster` crate refuse, found before code is written.

use aster::codec::Scalar;
use aster::contract::{FieldType, Requirement};

use super::super::model::{Declaration, Package, Service};
use super::super::{GenerateError, Language};

/// Longest name or tag, in bytes.
const MAX_TAG_BYTES: usize = 255;

/// Longest name of a service or method, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// The timeouts that a method may have, in seconds: a nanosecond to a year.
pub(super) const TIMEOUTS: std::ops::RangeInclusive<f64> = 1e-9..=365.0 * 24.0 * 3600.0;

/// Refuses what no Rust client can be made for.
pub(super) fn check(package: &Package<'_>) -> Result<(), GenerateError> {
    let problem = |service: &str, what: String| {
        Err(GenerateError::Inexpressible {
            language: Language::Rust,
            service: service.to_owned(),
            what,
        })
    };
    for module in &package.modules {
        let service = module.contracts.first().map_or("", |contract| &contract.service);
        if let Some(what) = module.types.iter().find_map(type_problem) {
            return problem(service, what);
        }
    }
    for service in &package.services {
        if let Some(what) = service_problem(service) {
            return problem(&service.contract.service, what);
        }
    }
    Ok(())
}

fn service_problem(service: &Service<'_>) -> Option<String> {
    let contract = service.contract;
    if contract.version < 1 {
        return Some(format!("its version is {}; versions begin at 1", contract.version));
    }
    if !modes(&contract.modes).any(|_| true) {
        return Some(format!("it speaks neither xlang nor json but {:?}", contract.modes));
    }
    let names = contract.methods.iter().map(|method| &method.name);
    let bad = names.chain([&contract.service]).find(|name| !is_name(name));
    if let Some(name) = bad {
        return Some(format!(
            "the name {name:?} is empty, longer than {MAX_NAME_BYTES} bytes or has white space in it"
        ));
    }
    let requires = contract.methods.iter().map(|method| &method.requires);
    let roles =
        requires.chain([&contract.requires]).flatten().flat_map(|requires| match requires {
            Requirement::Role(role) => std::slice::from_ref(role),
            Requirement::AnyOf(roles) | Requirement::AllOf(roles) => roles,
            Requirement::Admitted => &[],
        });
    let is_role = |role: &str| {
        !role.is_empty()
            && role.trim() == role
            && !role.contains(|c: char| c == ',' || c.is_control())
    };
    if let Some(role) = roles.into_iter().find(|role| !is_role(role)) {
        return Some(format!(
            "the capability {role:?} is empty or has a comma, a control character or white space"
        ));
    }
    let timeouts = contract.methods.iter().filter_map(|method| Some((method, method.timeout?)));
    let mut bad = timeouts.filter(|(_, timeout)| !TIMEOUTS.contains(timeout));
    bad.next().map(|(method, timeout)| {
        format!("the timeout of {:?} is {timeout} s; it is at most a year", method.name)
    })
}

/// The modes that a Rust client has.
pub(super) fn modes(modes: &[String]) -> impl Iterator<Item = &str> {
    modes.iter().map(String::as_str).filter(|mode| matches!(*mode, "xlang" | "json"))
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&name.len())
        && !name.chars().any(|c| c.is_control() || c.is_whitespace())
}

fn type_problem(declaration: &Declaration<'_>) -> Option<String> {
    let tag = &declaration.ty.tag;
    let bad_tag = !(1..=MAX_TAG_BYTES).contains(&tag.len())
        || !tag.is_ascii()
        || tag.chars().any(char::is_control)
        || tag.ends_with('/')
        || tag.strip_prefix('/').is_some_and(|name| !name.contains('/'));
    if bad_tag {
        return Some(format!(
            "the tag {tag:?} is not at most {MAX_TAG_BYTES} characters of ASCII with something on both sides of the last slash"
        ));
    }
    if let aster::contract::TypeBody::Enum(variants) = &declaration.ty.body {
        if variants.is_empty() {
            return Some(format!("the enum {tag:?} has no variants"));
        }
        let bad = variants.iter().find(|variant| !is_member(&variant.name))?;
        return Some(member_problem("variant", &bad.name, tag));
    }
    declaration.fields().iter().find_map(|field| {
        if !is_member(&field.name) {
            return Some(member_problem("field", &field.name, tag));
        }
        let what = shape_problem(&field.ty).filter(|_| !field.dynamic)?;
        Some(format!("the field {:?} of {tag:?} is {what}", field.name))
    })
}

fn is_member(name: &str) -> bool {
    let refused = |c: char| c.is_control() || matches!(c, '"' | '\\' | ',' | ';');
    (1..=MAX_TAG_BYTES).contains(&name.len()) && !name.chars().any(refused)
}

fn member_problem(what: &str, name: &str, tag: &str) -> String {
    format!(
        "the name of the {what} {name:?} of {tag:?} is empty, too long, or has quotes, backslashes, commas, semicolons or control characters"
    )
}

/// What is wrong with a type that does not say its own on the wire.
pub(super) fn shape_problem(ty: &FieldType) -> Option<&'static str> {
    match ty {
        FieldType::Scalar(_) | FieldType::Message(_) | FieldType::Enum(_) | FieldType::Any => None,
        FieldType::List(inner) => shape_problem(inner),
        FieldType::Optional(inner) => match &**inner {
            FieldType::Optional(_) => Some("optional twice"),
            inner => shape_problem(inner),
        },
        FieldType::Set(inner) if is_ordered(inner) => None,
        FieldType::Set(_) => Some("a set of values that Rust cannot compare"),
        FieldType::Map(key, value) if is_key(key) => shape_problem(value),
        FieldType::Map(..) => Some("a map with keys that Rust cannot compare or JSON cannot have"),
    }
}

fn is_ordered(ty: &FieldType) -> bool {
    match ty {
        FieldType::Scalar(scalar) => !matches!(scalar, Scalar::F32 | Scalar::F64),
        FieldType::Enum(_) => true,
        _ => false,
    }
}

fn is_key(ty: &FieldType) -> bool {
    is_ordered(ty) && !matches!(ty, FieldType::Scalar(Scalar::Binary | Scalar::Timestamp))
}
