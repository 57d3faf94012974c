//! The messages and enums.

use aster::codec::Scalar;
use aster::contract::{FieldType, TypeBody, Variant};

use super::super::Language;
use super::super::default::Literal;
use super::super::model::{Declaration, Module, contained};
use super::super::prose::header;
use super::super::text::{Escapes, Source, lines, quoted};
use super::rules::shape_problem;
use super::{comment, documentation, value};

/// The text of a file with types.
pub(super) fn file(module: &Module<'_>) -> String {
    let mut out = Source::new("    ");
    for line in header(Language::Rust, &module.contracts) {
        comment(&mut out, "//!", &line);
    }
    out.line("");
    let uses = |found: &dyn Fn(&FieldType) -> bool| {
        let fields = module.types.iter().flat_map(Declaration::fields);
        fields.into_iter().any(|field| any(&field.ty, found))
    };
    let collections: Vec<_> = [
        ("BTreeMap", uses(&|ty| matches!(ty, FieldType::Map(..)))),
        ("BTreeSet", uses(&|ty| matches!(ty, FieldType::Set(_)))),
    ]
    .into_iter()
    .filter_map(|(name, used)| used.then_some(name))
    .collect();
    match collections.as_slice() {
        [] => {}
        [one] => out.line(format!("use std::collections::{one};")),
        both => out.line(format!("use std::collections::{{{}}};", both.join(", "))),
    }
    for declaration in &module.types {
        out.line("");
        documentation(&mut out, &lines(&declaration.ty.doc));
        match &declaration.ty.body {
            TypeBody::Message(_) => message(declaration, module, &mut out),
            TypeBody::Enum(variants) => unit_enum(declaration, variants, &mut out),
        }
    }
    out.finish()
}

/// Whether a field needs the crate for dates.
pub(super) fn has_dates(module: &Module<'_>) -> bool {
    let date = |ty: &FieldType| matches!(ty, FieldType::Scalar(Scalar::Date | Scalar::Timestamp));
    let mut fields = module.types.iter().flat_map(Declaration::fields);
    fields.any(|field| any(&field.ty, &date))
}

fn any(ty: &FieldType, found: &dyn Fn(&FieldType) -> bool) -> bool {
    found(ty)
        || match ty {
            FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
                any(inner, found)
            }
            FieldType::Map(key, value) => any(key, found) || any(value, found),
            _ => false,
        }
}

fn message(declaration: &Declaration<'_>, module: &Module<'_>, out: &mut Source) {
    wire_type(declaration, out);
    out.line("#[derive(Clone, Debug, PartialEq)]");
    if declaration.fields().is_empty() {
        out.line(format!("pub struct {} {{}}", declaration.name));
        return;
    }
    out.line(format!("pub struct {} {{", declaration.name));
    out.indented(|out| {
        let fields = declaration.fields().iter().zip(&declaration.members);
        for ((field, name), default) in fields.zip(&declaration.defaults) {
            documentation(out, &lines(&field.doc));
            let unknown = field.dynamic && shape_problem(&field.ty).is_some();
            let boxed = is_boxed(declaration, &field.ty, module);
            let mut options = Vec::new();
            if *name != field.name {
                options.push(format!("rename = {}", quoted(&field.name, Escapes::Braces)));
            }
            if let Some(literal) = default
                && *literal != Literal::Zero
                && !unknown
            {
                let code = value::code(literal, &field.ty, boxed, module);
                options.push(format!("default = {code}"));
            }
            if field.dynamic && !unknown {
                options.push("any".to_owned());
            }
            if !options.is_empty() {
                out.line(format!("#[wire({})]", options.join(", ")));
            }
            let ty =
                if unknown { "aster::Value".to_owned() } else { type_of(&field.ty, boxed, module) };
            out.line(format!("pub {name}: {ty},"));
        }
    });
    out.line("}");
}

fn unit_enum(declaration: &Declaration<'_>, variants: &[Variant], out: &mut Source) {
    if !declaration.ty.tag.contains('/') {
        // The reference publishes enums by their bare names.
        out.line("// The contract does not say the tag of this enum. That does no harm: enums");
        out.line("// travel without their tags, except in fields that carry their types.");
    }
    wire_type(declaration, out);
    out.line("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]");
    out.line(format!("pub enum {} {{", declaration.name));
    out.indented(|out| {
        for (variant, name) in variants.iter().zip(&declaration.members) {
            documentation(out, &lines(&variant.doc));
            if *name != variant.name {
                let wire = quoted(&variant.name, Escapes::Braces);
                out.line(format!("#[wire(rename = {wire})]"));
            }
            out.line(format!("{name},"));
        }
    });
    out.line("}");
}

fn wire_type(declaration: &Declaration<'_>, out: &mut Source) {
    let tag = quoted(&declaration.ty.tag, Escapes::Braces);
    out.line(format!("#[aster::wire_type({tag})]"));
}

/// Whether the field would make the size of its message infinite.
pub(super) fn is_boxed(declaration: &Declaration<'_>, ty: &FieldType, module: &Module<'_>) -> bool {
    declaration.contains_itself
        && contained(ty).and_then(|tag| module.get(tag)).is_some_and(|inner| inner.contains_itself)
}

/// A field's type.
pub(super) fn type_of(ty: &FieldType, boxed: bool, module: &Module<'_>) -> String {
    let inner = |ty: &FieldType| type_of(ty, false, module);
    match ty {
        FieldType::Scalar(scalar) => scalar_type(*scalar).to_owned(),
        FieldType::Message(tag) if boxed => format!("Box<{}>", module.name_of(tag)),
        FieldType::Message(tag) | FieldType::Enum(tag) => module.name_of(tag).to_owned(),
        FieldType::List(item) => format!("Vec<{}>", inner(item)),
        FieldType::Set(item) => format!("BTreeSet<{}>", inner(item)),
        FieldType::Map(key, value) => format!("BTreeMap<{}, {}>", inner(key), inner(value)),
        FieldType::Optional(item) => format!("Option<{}>", type_of(item, boxed, module)),
        FieldType::Any => "aster::Value".to_owned(),
    }
}

fn scalar_type(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::I8 => "i8",
        Scalar::I16 => "i16",
        Scalar::I32 => "i32",
        Scalar::I64 => "i64",
        Scalar::U8 => "u8",
        Scalar::U16 => "u16",
        Scalar::U32 => "u32",
        Scalar::U64 => "u64",
        Scalar::F32 => "f32",
        Scalar::F64 => "f64",
        Scalar::String => "String",
        Scalar::Binary => "Vec<u8>",
        Scalar::Date => "jiff::civil::Date",
        Scalar::Timestamp => "jiff::Timestamp",
        _ => "aster::Value",
    }
}
