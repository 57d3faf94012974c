//! Rust: messages with `#[wire_type]` and traits with `#[service]`, from which
//! the macros of the `aster` crate make the typed clients.

mod rules;
mod service;
mod types;
mod value;

use std::path::{Path, PathBuf};

use aster::contract::Contract;

use super::model::{Naming, Package};
use super::names::Case;
use super::prose::header;
use super::text::Source;
use super::{GenerateError, GeneratedFile, Language, Options};

const NAMING: Naming = Naming {
    keywords: &[
        "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
        "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
        "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
        "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ],
    types: &[
        "BTreeMap",
        "BTreeSet",
        "Box",
        "Clone",
        "Copy",
        "Debug",
        "Eq",
        "Err",
        "From",
        "Future",
        "Hash",
        "Into",
        "None",
        "Ok",
        "Option",
        "Ord",
        "PartialEq",
        "PartialOrd",
        "Result",
        "Send",
        "Some",
        "String",
        "Sync",
        "Vec",
    ],
    methods: &["clone", "close", "fmt", "new", "open"],
    field: Case::Snake,
    variant: Case::Pascal,
    method: Case::Snake,
    separator: '_',
};

/// Lints that code made from strange names and sparse documentation may
/// trigger.
const ALLOWED: [&str; 14] = [
    "clippy::all",
    "clippy::nursery",
    "clippy::pedantic",
    "dead_code",
    "deprecated",
    "missing_debug_implementations",
    "missing_docs",
    "non_camel_case_types",
    "non_snake_case",
    "rustdoc::all",
    "unreachable_pub",
    "unused_imports",
    "unused_qualifications",
    "unused_results",
];

/// The files of a module: `mod.rs`, one per service, and the types.
pub(super) fn files(
    contracts: &[Contract],
    options: &Options,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let package = Package::new(contracts, &NAMING, options)?;
    rules::check(&package)?;
    let directory = Path::new(&package.name);
    let path = |stem: &str| -> PathBuf { directory.join(format!("{stem}.rs")) };
    let mut files = vec![GeneratedFile { path: path("mod"), text: root(&package) }];
    for module in &package.modules {
        files.push(GeneratedFile { path: path(&module.file), text: types::file(module) });
    }
    for service in &package.services {
        if let Some(module) = package.modules.get(service.module) {
            let text = service::file(service, module);
            files.push(GeneratedFile { path: path(&service.file), text });
        }
    }
    Ok(files)
}

/// `mod.rs`: what belongs to the module.
fn root(package: &Package<'_>) -> String {
    let mut out = Source::new("    ");
    let contracts: Vec<_> = package.services.iter().map(|service| service.contract).collect();
    for line in header(Language::Rust, &contracts) {
        comment(&mut out, "//!", &line);
    }
    out.line("//!");
    let dates = package.modules.iter().any(types::has_dates);
    let jiff = if dates { ", jiff 0.2 for dates" } else { "" };
    out.line(format!("//! Needs the crates aster, and futures 0.3 for streams{jiff}."));
    out.line("");
    out.line("#![allow(");
    out.indented(|out| {
        for lint in ALLOWED {
            out.line(format!("{lint},"));
        }
    });
    out.line(")]");
    out.line("");
    let files = package.modules.iter().map(|module| &module.file);
    for file in files.chain(package.services.iter().map(|service| &service.file)) {
        out.line("#[rustfmt::skip]");
        out.line(format!("pub mod {file};"));
    }
    out.finish()
}

/// A line of a comment with these marks.
fn comment(out: &mut Source, marks: &str, line: &str) {
    let line = markdown(line);
    out.line(if line.is_empty() { marks.to_owned() } else { format!("{marks} {line}") });
}

/// A documentation comment.
fn documentation(out: &mut Source, lines: &[String]) {
    for line in lines {
        comment(out, "///", line);
    }
}

/// One line as Markdown without code blocks, which `cargo test` would run, and
/// without HTML.
fn markdown(line: &str) -> String {
    line.replace("```", "'''").replace("~~~", "---").replace('<', "\\<")
}
