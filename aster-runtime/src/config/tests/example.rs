//! `docs/aster.toml` is true.

use super::*;
use crate::config::keys::KEYS;
use crate::config::limit_keys::{self, LIMITS};

const TEXT: &str = include_str!("../../../../docs/aster.toml");
/// Marks a value that is not the default.
const EXAMPLE: &str = "  # example";

/// The settings of the file, which are all commented out: section, key, line.
fn settings() -> Vec<(&'static str, &'static str, &'static str)> {
    let mut section = "";
    let mut settings = Vec::new();
    for line in TEXT.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.strip_suffix(']').unwrap();
        } else if let Some(setting) = line.strip_prefix('#').filter(|text| !text.starts_with(' ')) {
            if let Some((key, _)) = setting.split_once(" = ") {
                settings.push((section, key, setting));
            } else {
                assert_eq!(setting, "", "a comment starts with \"# \"");
            }
        } else {
            assert!(line.is_empty() || line.starts_with("# "), "{line}");
        }
    }
    settings
}

fn values(config: &Config) -> serde_json::Value {
    let mut shown = config.show_json();
    for section in shown.as_object_mut().unwrap().values_mut() {
        for entry in section.as_object_mut().unwrap().values_mut() {
            *entry = entry["value"].take();
        }
    }
    shown
}

#[test]
fn the_example_lists_every_setting_once_and_in_order() {
    let all = KEYS.iter().map(|key| (key.section, key.name));
    let all: Vec<_> = all.chain(LIMITS.iter().map(|k| (limit_keys::SECTION, k.name))).collect();
    let listed: Vec<_> = settings().iter().map(|(section, key, _)| (*section, *key)).collect();
    assert_eq!(listed, all);
    // And the variable of each.
    let variables = KEYS.iter().flat_map(|k| k.variables).chain(LIMITS.iter().map(|k| &k.variable));
    for variable in variables {
        assert!(TEXT.contains(variable), "{variable}");
    }
}

#[test]
fn the_example_says_the_defaults() {
    let default = values(&Case::default().ok());
    assert_eq!(values(&file(TEXT).ok()), default, "as it is");
    let all: String = TEXT
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(setting)
                if !setting.starts_with(' ')
                    && setting.contains(" = ")
                    && !setting.ends_with(EXAMPLE) =>
            {
                format!("{setting}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let config = file(&all).ok();
    assert_eq!(values(&config), default, "with the defaults written out");
    let written = config.show().lines().filter(|line| line.contains("(file aster.toml")).count();
    let examples = settings().iter().filter(|(_, _, line)| line.ends_with(EXAMPLE)).count();
    assert_eq!(written, settings().len() - examples);
}

#[test]
fn each_example_value_is_taken() {
    let (a, _) = roots();
    let disk = ["/etc/aster/root.pub", "/etc/aster/revoked.toml", "/home/ada/edge-7.cred"]
        .iter()
        .fold(Case::default(), |case, path| case.disk(path, &a.to_string()));
    let default = values(&Case::default().ok());
    for (section, key, line) in settings() {
        if line.ends_with(EXAMPLE) {
            let case = disk.clone().file(&format!("[{section}]\n{line}\n"));
            let config = case.resolve().unwrap_or_else(|error| panic!("{key}: {error}"));
            assert_ne!(values(&config)[section][key], default[section][key], "{key}");
        }
    }
}
