//! The dataclasses and enums.
//!
//! The hash of a schema is made from attribute names and annotations (xlang.md
//! 4), so both are exactly what the contract says. A name that no attribute
//! can be declared with is declared through `__annotations__`.

use std::collections::BTreeSet;

use aster::codec::Scalar;
use aster::contract::{Field, FieldType, TypeBody, Variant};

use super::super::default::Literal;
use super::super::model::{Declaration, Module};
use super::super::names::is_identifier;
use super::super::prose::header;
use super::super::text::{Escapes, Source, lines, quoted};
use super::super::{GenerateError, Language};
use super::{NAMING, comments, docstring, value};

/// Names that annotations and defaults are made of: an attribute of such a
/// name would come before them.
const USED: [&str; 12] = [
    "bool",
    "bytes",
    "dataclasses",
    "datetime",
    "dict",
    "float",
    "int",
    "list",
    "pyfory",
    "set",
    "str",
    "typing",
];

/// The text of a file with types.
pub(super) fn file(module: &Module<'_>) -> Result<String, GenerateError> {
    let mut out = Source::new("    ");
    comments(&mut out, &header(Language::Python, &module.contracts));
    let mut body = Source::new("    ");
    let mut declared = BTreeSet::new();
    for declaration in &module.types {
        body.line("");
        body.line("");
        match &declaration.ty.body {
            TypeBody::Message(fields) => {
                message(declaration, fields, module, &declared, &mut body)?;
            }
            TypeBody::Enum(variants) => unit_enum(declaration, variants, &mut body),
        }
        declared.insert(declaration.ty.tag.as_str());
    }
    let body = body.finish();
    out.line("");
    for standard in ["dataclasses", "datetime", "enum", "typing"] {
        if body.contains(&format!("{standard}.")) {
            out.line(format!("import {standard}"));
        }
    }
    let wire_type = body.contains("\n@wire_type");
    let pyfory = body.contains("pyfory.");
    if wire_type || pyfory {
        out.line("");
    }
    if pyfory {
        out.line("import pyfory");
    }
    if wire_type {
        out.line("from aster.codec import wire_type");
    }
    let mut text = out.finish() + &body;
    let names: Vec<_> = module.types.iter().map(|ty| format!("    {},\n", ty.name)).collect();
    text.push_str(&format!("\n\nTYPES: list = [\n{}]\n", names.concat()));
    Ok(text)
}

fn wire_type(declaration: &Declaration<'_>, out: &mut Source) {
    out.line(format!("@wire_type({})", quoted(&declaration.ty.tag, Escapes::Digits)));
}

fn unit_enum(declaration: &Declaration<'_>, variants: &[Variant], out: &mut Source) {
    if declaration.ty.tag.contains('/') {
        wire_type(declaration, out);
    }
    out.line(format!("class {}(str, enum.Enum):", declaration.name));
    out.indented(|out| {
        docstring(out, &lines(&declaration.ty.doc));
        for (variant, name) in variants.iter().zip(&declaration.members) {
            field_doc(&variant.doc, out);
            out.line(format!("{name} = {}", quoted(&variant.name, Escapes::Digits)));
        }
        if variants.is_empty() {
            out.line("pass");
        }
    });
}

fn field_doc(doc: &str, out: &mut Source) {
    for line in lines(doc) {
        out.line(format!("#: {line}"));
    }
}

fn message(
    declaration: &Declaration<'_>,
    fields: &[Field],
    module: &Module<'_>,
    declared: &BTreeSet<&str>,
    out: &mut Source,
) -> Result<(), GenerateError> {
    let special = |field: &&Field| field.name.starts_with("__") && field.name.ends_with("__");
    if let Some(field) = fields.iter().find(special) {
        let service = module.contracts.first();
        return Err(GenerateError::Inexpressible {
            language: Language::Python,
            service: service.map(|contract| contract.service.clone()).unwrap_or_default(),
            what: format!(
                "Python keeps names like that of the field {:?} of {:?} for itself",
                field.name, declaration.ty.tag
            ),
        });
    }
    wire_type(declaration, out);
    let plain = |field: &Field| {
        is_identifier(&field.name, NAMING.keywords)
            && !field.name.starts_with("__")
            && !USED.contains(&field.name.as_str())
            && module.types.iter().all(|ty| ty.name != field.name)
    };
    let annotation = |field: &Field| {
        let text = annotation(field, module);
        let forward = !known(&field.ty, declared) && !field.dynamic;
        if forward { format!("\"{text}\"") } else { text }
    };
    let fields = || fields.iter().zip(&declaration.defaults);
    if fields().all(|(field, _)| plain(field)) {
        let defaults = declaration.defaults.iter();
        let mixed = defaults.skip_while(|default| default.is_none()).any(Option::is_none);
        // Fields without default may not follow others, unless all have names.
        out.line(if mixed {
            "@dataclasses.dataclass(kw_only=True)"
        } else {
            "@dataclasses.dataclass"
        });
        out.line(format!("class {}:", declaration.name));
        out.indented(|out| {
            let doc = lines(&declaration.ty.doc);
            docstring(out, &doc);
            for (i, (field, default)) in fields().enumerate() {
                if i == 0 && !doc.is_empty() {
                    out.line("");
                }
                field_doc(&field.doc, out);
                let default = default
                    .as_ref()
                    .map(|literal| format!(" = {}", value::of_field(literal, &field.ty, module)));
                out.line(format!(
                    "{}: {}{}",
                    field.name,
                    annotation(field),
                    default.unwrap_or_default()
                ));
            }
            if declaration.defaults.is_empty() && doc.is_empty() {
                out.line("pass");
            }
        });
        return Ok(());
    }
    out.line("@dataclasses.dataclass(init=False, repr=False, eq=False)");
    out.line(format!("class {}:", declaration.name));
    out.indented(|out| {
        let mut doc = lines(&declaration.ty.doc);
        let name = |(field, _): (&Field, _)| is_identifier(&field.name, NAMING.keywords);
        if !fields().all(name) {
            if !doc.is_empty() {
                doc.push(String::new());
            }
            doc.push("Some field names are no names in Python: give those as a dictionary, as in".into());
            doc.push("Message(**{\"a-b\": 1}), and read them with getattr.".into());
        }
        docstring(out, &doc);
        if !doc.is_empty() {
            out.line("");
        }
        out.line("__annotations__ = {");
        out.indented(|out| {
            for (field, _) in fields() {
                field_doc(&field.doc, out);
                let name = quoted(&field.name, Escapes::Digits);
                out.line(format!("{name}: {},", annotation(field)));
            }
        });
        out.line("}");
        out.line("");
        out.line("def __init__(self, /, **fields: object) -> None:");
        out.indented(|out| {
            let defaults =
                fields().filter_map(|(field, default)| Some((field, default.as_ref()?)));
            out.line("values: dict = {");
            out.indented(|out| {
                for (field, literal) in defaults {
                    let name = quoted(&field.name, Escapes::Digits);
                    let value = value::code(literal, &field.ty, module);
                    out.line(format!("{name}: {value},"));
                }
            });
            out.line("}");
            out.line("values.update(fields)");
            out.line("names = [field.name for field in dataclasses.fields(self)]");
            out.line("if set(values) != set(names):");
            out.indented(|out| {
                out.line(
                    "raise TypeError(f\"the fields are {names}, and those without default must be given\")",
                );
            });
            out.line("for name, value in values.items():");
            out.indented(|out| out.line("setattr(self, name, value)"));
        });
        out.line("");
        out.line("def __eq__(self, other: object) -> bool:");
        out.indented(|out| {
            out.line("return type(self) is type(other) and vars(self) == vars(other)");
        });
        out.line("");
        out.line("def __repr__(self) -> str:");
        out.indented(|out| out.line("return f\"{type(self).__name__}(**{vars(self)!r})\""));
    });
    Ok(())
}

/// Whether all types in it are declared already.
fn known(ty: &FieldType, declared: &BTreeSet<&str>) -> bool {
    match ty {
        FieldType::Scalar(_) | FieldType::Any => true,
        FieldType::Message(tag) | FieldType::Enum(tag) => declared.contains(tag.as_str()),
        FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
            known(inner, declared)
        }
        FieldType::Map(key, value) => known(key, declared) && known(value, declared),
    }
}

/// A field's annotation. One that carries its type stays bare, because that
/// is what makes it carry its type.
fn annotation(field: &Field, module: &Module<'_>) -> String {
    if !field.dynamic {
        return type_of(&field.ty, module);
    }
    let bare = |ty: &FieldType| match ty {
        FieldType::List(_) => "list",
        FieldType::Map(..) => "dict",
        _ => "typing.Any",
    };
    match &field.ty {
        FieldType::Optional(inner) => format!("typing.Optional[{}]", bare(inner)),
        ty => bare(ty).to_owned(),
    }
}

fn type_of(ty: &FieldType, module: &Module<'_>) -> String {
    let inner = |ty: &FieldType| type_of(ty, module);
    match ty {
        FieldType::Scalar(scalar) => scalar_type(*scalar).to_owned(),
        FieldType::Message(tag) | FieldType::Enum(tag) => module.name_of(tag).to_owned(),
        FieldType::List(item) => format!("list[{}]", inner(item)),
        FieldType::Set(item) => format!("set[{}]", inner(item)),
        FieldType::Map(key, value) => format!("dict[{}, {}]", inner(key), inner(value)),
        FieldType::Optional(item) => format!("typing.Optional[{}]", inner(item)),
        FieldType::Any => "typing.Any".to_owned(),
    }
}

/// Python's `int` is 64 bits wide and its `float` too; the package has marks
/// for the other widths.
pub(super) fn scalar_type(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::I8 => "pyfory.int8",
        Scalar::I16 => "pyfory.int16",
        Scalar::I32 => "pyfory.int32",
        Scalar::I64 => "int",
        Scalar::U8 => "pyfory.uint8",
        Scalar::U16 => "pyfory.uint16",
        Scalar::U32 => "pyfory.uint32",
        Scalar::U64 => "pyfory.uint64",
        Scalar::F32 => "pyfory.float32",
        Scalar::F64 => "float",
        Scalar::String => "str",
        Scalar::Binary => "bytes",
        Scalar::Date => "datetime.date",
        Scalar::Timestamp => "datetime.datetime",
        _ => "typing.Any",
    }
}

/// Whether every use of a default needs a value of its own.
pub(super) fn is_mutable(literal: &Literal, ty: &FieldType) -> bool {
    match (literal, ty) {
        (Literal::Some(inner), FieldType::Optional(ty)) => is_mutable(inner, ty),
        (Literal::Zero, FieldType::Optional(_) | FieldType::Any) => false,
        (Literal::Dynamic(json), _) => json.is_array() || json.is_object(),
        (_, ty) => matches!(
            ty,
            FieldType::List(_) | FieldType::Set(_) | FieldType::Map(..) | FieldType::Message(_)
        ),
    }
}
