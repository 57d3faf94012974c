//! TypeScript: classes and clients for the package `@aster-rpc/aster` 0.1.2.

mod service;
mod types;
mod value;

use std::path::Path;

use aster::contract::Contract;

use super::model::{Naming, Package};
use super::names::{Case, Taken, identifier};
use super::prose::header;
use super::text::Source;
use super::{GenerateError, GeneratedFile, Language, Options};

const NAMING: Naming = Naming {
    // Words of the language are good names for members and directories.
    keywords: &[],
    types: &["Array", "Object", "Partial", "Pick", "Record", "String", "Uint8Array"],
    // A class with a method `then` would be taken for a promise.
    methods: &["close", "connect", "constructor", "then"],
    field: Case::Verbatim,
    variant: Case::Pascal,
    method: Case::Verbatim,
    separator: '-',
};

/// The file that all directories have.
const CLIENT: &str = include_str!("client.ts");

/// The files of a directory: the types, one per service, and what they share.
pub(super) fn files(
    contracts: &[Contract],
    options: &Options,
) -> Result<Vec<GeneratedFile>, GenerateError> {
    let package = Package::new(contracts, &NAMING, options)?;
    types::check(&package)?;
    let directory = Path::new(&package.name);
    let mut files = Vec::new();
    let mut add = |stem: &str, text: String| {
        files.push(GeneratedFile { path: directory.join(format!("{stem}.ts")), text });
    };
    add("index", index(&package));
    let mut shared = Source::new("  ");
    comments(&mut shared, &header(Language::Typescript, &[]));
    add("client", shared.finish() + CLIENT);
    for module in &package.modules {
        add(&module.file, types::file(module));
    }
    for service in &package.services {
        if let Some(module) = package.modules.get(service.module) {
            add(&service.file, service::file(service, module));
        }
    }
    Ok(files)
}

/// `index.ts`: each file under a name of its own.
fn index(package: &Package<'_>) -> String {
    let mut out = Source::new("  ");
    let contracts: Vec<_> = package.services.iter().map(|service| service.contract).collect();
    comments(&mut out, &header(Language::Typescript, &contracts));
    out.line("");
    out.line("export { Channel, ContractMismatch } from \"./client.js\";");
    out.line("export type { CallSettings, ConnectSettings } from \"./client.js\";");
    let mut taken = Taken::default();
    let files = package.modules.iter().map(|module| &module.file);
    for file in files.chain(package.services.iter().map(|service| &service.file)) {
        let name = taken.take(identifier(file, Case::Camel, &[], "file"));
        out.line(format!("export * as {name} from \"./{file}.js\";"));
    }
    out.finish()
}

/// Comment lines.
fn comments(out: &mut Source, lines: &[String]) {
    for line in lines {
        out.line(if line.is_empty() { "//".to_owned() } else { format!("// {line}") });
    }
}

/// A documentation comment, if there is something to say.
fn documentation(out: &mut Source, lines: &[String]) {
    // What would end the comment, and what the compiler takes for an order.
    let escaped = |line: &String| line.replace("*/", "*\\/").replace("@ts-", "@ ts-");
    let lines: Vec<_> = lines.iter().map(escaped).collect();
    match lines.as_slice() {
        [] => {}
        [only] => out.line(format!("/** {only} */")),
        lines => {
            out.line("/**");
            for line in lines {
                out.line(if line.is_empty() { " *".to_owned() } else { format!(" * {line}") });
            }
            out.line(" */");
        }
    }
}
