//! What `aster config show` prints: values and their sources, secrets masked.

use std::fmt::Write;

use serde_json::{Map, Value as Json, json};

use super::Config;
use super::gate::GateSetting;
use super::keys::KEYS;
use super::limit_keys::{self, LIMITS};
use super::source::Source;
use super::text::printable;

/// A line of the listing.
struct Row {
    section: &'static str,
    name: &'static str,
    value: Json,
    placeholder: &'static str,
    source: String,
}

/// The section with what follows from the settings.
const EFFECTIVE: &str = "effective";

impl Config {
    fn rows(&self) -> Vec<Row> {
        let row = |section, name, placeholder, value, source: &Source| Row {
            section,
            name,
            value,
            placeholder,
            source: source.to_string(),
        };
        let settings = KEYS.iter().map(|key| {
            let (value, source) = (key.view)(&self.values);
            row(key.section, key.name, key.placeholder, value, source)
        });
        let limits = LIMITS.iter().map(|key| {
            let (value, source) = key.view(&self.values);
            row(limit_keys::SECTION, key.name, "<no limit>", json!(value), source)
        });
        let gate = match self.gate {
            None => json!(null),
            Some(GateSetting::Open) => json!("open"),
            Some(GateSetting::Closed { .. }) => json!("closed"),
        };
        let root = self.root.as_ref();
        let root_source = root.map_or(&Source::Default, |root| &root.source);
        let gate_source = match self.gate {
            Some(GateSetting::Open) => &self.values.allow_all_consumers.source,
            _ => root_source,
        };
        let root = json!(root.map(|root| root.key.to_string()));
        let effective = [
            row(EFFECTIVE, "gate", "<not decided>", gate, gate_source),
            row(EFFECTIVE, "root", "<none>", root, root_source),
        ];
        settings.chain(limits).chain(effective).collect()
    }

    /// All settings as text, with sources, in the layout of the reference's
    /// `print_config` (trust.md 7.1). Secrets are masked whole.
    #[must_use]
    pub fn show(&self) -> String {
        let mut text = String::new();
        let mut last = "";
        for row in self.rows() {
            if row.section != last {
                last = row.section;
                text.push_str(&format!("  [{last}]\n"));
            }
            let value = match &row.value {
                Json::Null => row.placeholder.to_owned(),
                Json::String(text) => printable(text),
                Json::Array(items) if items.is_empty() => row.placeholder.to_owned(),
                Json::Array(items) => {
                    let items: Vec<_> = items.iter().filter_map(Json::as_str).collect();
                    printable(&items.join(", "))
                }
                other => other.to_string(),
            };
            // Writing to a string does not fail.
            let _ = writeln!(text, "    {:<28}: {value:<36} ({})", row.name, row.source);
        }
        text
    }

    /// The same as JSON: an object of sections, each an object of names, each
    /// with `value` and `source`. A value that is not set is `null`.
    #[must_use]
    pub fn show_json(&self) -> Json {
        let mut sections = Map::new();
        for row in self.rows() {
            let section = sections.entry(row.section).or_insert_with(|| json!({}));
            if let Json::Object(section) = section {
                let entry = json!({ "value": row.value, "source": row.source });
                section.insert(row.name.to_owned(), entry);
            }
        }
        Json::Object(sections)
    }
}
