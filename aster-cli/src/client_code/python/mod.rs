//! Python: dataclasses and clients for the published package `aster-rpc`
//! 0.1.2.

mod service;
mod types;
mod value;

use std::path::Path;

use aster::contract::Contract;

use super::model::{Naming, Package};
use super::names::Case;
use super::prose::header;
use super::text::Source;
use super::{GenerateError, GeneratedFile, Language, Options};

const NAMING: Naming = Naming {
    keywords: &[
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield",
    ],
    types: &["TYPES", "TypeError"],
    methods: &["CONTRACT_ID", "cancel", "close", "connect", "service_name", "service_version"],
    field: Case::Verbatim,
    variant: Case::Screaming,
    method: Case::Verbatim,
    separator: '_',
};

/// The file that all packages have.
const CLIENT: &str = include_str!("client.py");

/// The files of a package: the types, one per service, and what they share.
pub(super) fn files(
    contracts: &[Contract],
    options: &Options,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let package = Package::new(contracts, &NAMING, options)?;
    let directory = Path::new(&package.name);
    let mut files = Vec::new();
    let mut add = |stem: &str, text: String| {
        files.push(GeneratedFile { path: directory.join(format!("{stem}.py")), text });
    };
    let contracts: Vec<_> = package.services.iter().map(|service| service.contract).collect();
    let mut root = Source::new("    ");
    comments(&mut root, &header(Language::Python, &contracts));
    add("__init__", root.finish());
    let mut shared = Source::new("    ");
    comments(&mut shared, &header(Language::Python, &[]));
    shared.line("");
    add("_client", shared.finish() + CLIENT);
    for module in &package.modules {
        add(&module.file, types::file(module)?);
    }
    for service in &package.services {
        if let Some(module) = package.modules.get(service.module) {
            add(&service.file, service::file(service, module));
        }
    }
    Ok(files)
}

/// Comment lines.
fn comments(out: &mut Source, lines: &[String]) {
    for line in lines {
        out.line(if line.is_empty() { "#".to_owned() } else { format!("# {line}") });
    }
}

/// A documentation string, if there is something to say.
fn docstring(out: &mut Source, lines: &[String]) {
    let escaped = |line: &String| line.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let lines: Vec<_> = lines.iter().map(escaped).collect();
    match lines.as_slice() {
        [] => {}
        [only] => {
            let only = match only.strip_suffix('"') {
                Some(rest) => format!("{rest}\\\""),
                None => only.clone(),
            };
            out.line(format!("\"\"\"{only}\"\"\""));
        }
        [first, rest @ ..] => {
            out.line(format!("\"\"\"{first}"));
            for line in rest {
                out.line(line);
            }
            out.line("\"\"\"");
        }
    }
}
