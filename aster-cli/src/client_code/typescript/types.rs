//! The classes of messages and the names of enums.

use aster::codec::Scalar;
use aster::contract::{Field, FieldType, TypeBody, Variant};

use super::super::model::{Declaration, Module, Package};
use super::super::prose::header;
use super::super::text::{Escapes, Source, lines, quoted};
use super::super::{GenerateError, Language};
use super::{comments, documentation, value};

/// Names that no field of an object can have.
const REFUSED: [&str; 2] = ["__proto__", "constructor"];

/// Refuses what no class can be made for.
pub(super) fn check(package: &Package<'_>) -> Result<(), GenerateError> {
    for module in &package.modules {
        for declaration in &module.types {
            let refused = |field: &&Field| REFUSED.contains(&field.name.as_str());
            if let Some(field) = declaration.fields().iter().find(refused) {
                let service = module.contracts.first();
                return Err(GenerateError::Inexpressible {
                    language: Language::Typescript,
                    service: service.map(|contract| contract.service.clone()).unwrap_or_default(),
                    what: format!(
                        "no object has a field {:?} of its own, as {:?} needs",
                        field.name, declaration.ty.tag
                    ),
                });
            }
        }
    }
    Ok(())
}

/// The text of a file with types.
pub(super) fn file(module: &Module<'_>) -> String {
    let mut out = Source::new("  ");
    comments(&mut out, &header(Language::Typescript, &module.contracts));
    for declaration in &module.types {
        out.line("");
        documentation(&mut out, &lines(&declaration.ty.doc));
        match &declaration.ty.body {
            TypeBody::Message(fields) => message(declaration, fields, module, &mut out),
            TypeBody::Enum(variants) => unit_enum(declaration, variants, &mut out),
        }
    }
    if module.types.is_empty() {
        out.line("");
        out.line("export {};");
    }
    out.finish()
}

fn message(declaration: &Declaration<'_>, fields: &[Field], module: &Module<'_>, out: &mut Source) {
    let name = &declaration.name;
    out.line(format!("export class {name} {{"));
    out.indented(|out| {
        let mut required = Vec::new();
        for (field, default) in fields.iter().zip(&declaration.defaults) {
            documentation(out, &field_doc(field));
            let (key, ty) = (value::key(&field.name), type_of(&field.ty, module));
            match default {
                Some(literal) => {
                    let value = value::code(literal, &field.ty, module);
                    out.line(format!("{key}: {ty} = {value};"));
                }
                None => {
                    out.line(format!("{key}!: {ty};"));
                    required.push(quoted(&field.name, Escapes::Braces));
                }
            }
        }
        if fields.is_empty() {
            return;
        }
        out.line("");
        out.line(if required.is_empty() {
            format!("constructor(init: Partial<{name}> = {{}}) {{")
        } else {
            format!(
                "constructor(init: Partial<{name}> & Pick<{name}, {}>) {{",
                required.join(" | ")
            )
        });
        out.indented(|out| out.line("Object.assign(this, init);"));
        out.line("}");
    });
    out.line("}");
}

/// A field's documentation; a 64-bit integer is more than a `number` holds.
fn field_doc(field: &Field) -> Vec<String> {
    let mut doc = lines(&field.doc);
    let wide = |ty: &FieldType| matches!(ty, FieldType::Scalar(Scalar::I64 | Scalar::U64));
    let is_wide = match &field.ty {
        FieldType::Optional(inner) => wide(inner),
        ty => wide(ty),
    };
    if is_wide {
        if !doc.is_empty() {
            doc.push(String::new());
        }
        doc.push("An integer of 64 bits; exact up to Number.MAX_SAFE_INTEGER.".to_owned());
    }
    doc
}

fn unit_enum(declaration: &Declaration<'_>, variants: &[Variant], out: &mut Source) {
    let name = &declaration.name;
    out.line(format!("export const {name} = {{"));
    out.indented(|out| {
        for (variant, member) in variants.iter().zip(&declaration.members) {
            documentation(out, &lines(&variant.doc));
            out.line(format!("{member}: {},", quoted(&variant.name, Escapes::Braces)));
        }
    });
    out.line("} as const;");
    out.line("");
    documentation(out, &lines(&declaration.ty.doc));
    out.line(format!("export type {name} = (typeof {name})[keyof typeof {name}];"));
}

/// A field's type.
fn type_of(ty: &FieldType, module: &Module<'_>) -> String {
    match ty {
        FieldType::Scalar(scalar) => scalar_type(*scalar).to_owned(),
        FieldType::Message(tag) | FieldType::Enum(tag) => module.name_of(tag).to_owned(),
        FieldType::List(item) | FieldType::Set(item) => format!("Array<{}>", type_of(item, module)),
        FieldType::Map(_, value) => format!("Record<string, {}>", type_of(value, module)),
        FieldType::Optional(item) => format!("{} | null", type_of(item, module)),
        FieldType::Any => "unknown".to_owned(),
    }
}

/// JSON has one kind of number, and text for dates.
pub(super) fn scalar_type(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "boolean",
        Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64
        | Scalar::F32
        | Scalar::F64 => "number",
        Scalar::String | Scalar::Date | Scalar::Timestamp => "string",
        Scalar::Binary => "Uint8Array",
        _ => "unknown",
    }
}
