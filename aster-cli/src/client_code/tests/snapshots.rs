//! The output, byte by byte, as it is kept in `tests/generated`. Set
//! `ASTER_WRITE_GENERATED` to write it again.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aster::contract::manifest;

use super::super::{Language, Options, generate};

const REWRITE: &str = "ASTER_WRITE_GENERATED";

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The files below a directory, relative.
fn files(root: &Path, below: &Path, found: &mut BTreeSet<PathBuf>) {
    let Ok(entries) = fs::read_dir(root.join(below)) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let path = below.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            files(root, &path, found);
        } else {
            found.insert(path);
        }
    }
}

#[track_caller]
fn check(package: &str) {
    let source = directory("contracts").join(format!("{package}.json"));
    let contracts = manifest::read(&fs::read_to_string(source).unwrap()).unwrap();
    for contract in &contracts {
        assert_eq!(contract.verify(), Ok(()), "{}", contract.service);
    }
    let options = Options { package: Some(package.to_owned()) };
    let write = std::env::var_os(REWRITE).is_some();
    for language in [Language::Rust, Language::Python, Language::Typescript] {
        let root = directory("generated").join(language.argument());
        let made = generate(&contracts, language, &options).unwrap();
        if write {
            let _ = fs::remove_dir_all(root.join(package));
        }
        for file in &made {
            let path = root.join(&file.path);
            if write {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &file.text).unwrap();
            }
            let kept = fs::read_to_string(&path).unwrap_or_default();
            assert!(
                kept == file.text,
                "{} is not what is generated; run the tests once with {REWRITE}=1 and look at the difference",
                path.display()
            );
        }
        let mut kept = BTreeSet::new();
        files(&root, Path::new(package), &mut kept);
        kept.retain(|path| !path.components().any(|part| part.as_os_str() == "__pycache__"));
        assert_eq!(kept, made.into_iter().map(|file| file.path).collect());
    }
}

#[test]
fn everything() {
    check("everything");
}

#[test]
fn mission_control() {
    check("mission_control");
}

#[test]
fn matrix() {
    check("matrix");
}
