//! `--attributes` and `--attr`: what a credential says about its holder.

use aster::trust::{Attributes, InvalidAttributes};
use clap::Args;

use crate::failure::Failure;

/// Attributes of a credential.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct AttributeOptions {
    /// A JSON object of texts, or KEY=VALUE pairs with commas between them.
    #[arg(long, short, value_name = "JSON|KEY=VALUE,...")]
    attributes: Option<String>,
    /// One KEY=VALUE, taken as it is, with its commas; may be repeated.
    #[arg(long = "attr", value_name = "KEY=VALUE")]
    attr: Vec<String>,
}

impl AttributeOptions {
    /// The same as `--attributes` with this text.
    pub(super) fn of_text(attributes: Option<String>) -> Self {
        Self { attributes, attr: Vec::new() }
    }

    /// Whether nothing was given.
    pub(super) fn is_empty(&self) -> bool {
        self.attributes.is_none() && self.attr.is_empty()
    }

    /// All attributes together.
    pub(crate) fn parse(&self) -> Result<Attributes, Failure> {
        let text = self.attributes.as_deref().unwrap_or_default();
        let mut attributes = if text.trim_start().starts_with('{') {
            serde_json::from_str(text)
                .map_err(|error| Failure::usage(format!("--attributes: {error}")))?
        } else {
            let mut attributes = Attributes::new();
            for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
                let Some((key, value)) = pair.split_once('=') else {
                    // What is dropped here would be missed later (B29).
                    return Err(Failure::usage(format!(
                        "--attributes: {pair:?} has no `=`, and a comma separates attributes"
                    ))
                    .hint("give a value with commas in an option of its own: --attr KEY=VALUE"));
                };
                insert(&mut attributes, key.trim(), value.trim())?;
            }
            attributes
        };
        for pair in &self.attr {
            let (key, value) = pair.split_once('=').ok_or_else(|| {
                Failure::usage(format!("--attr: {pair:?} has no `=`")).hint("write KEY=VALUE")
            })?;
            insert(&mut attributes, key, value)?;
        }
        Ok(attributes)
    }
}

fn insert(attributes: &mut Attributes, key: &str, value: &str) -> Result<(), Failure> {
    if key.is_empty() {
        return Err(Failure::usage("an attribute has no name").hint("write KEY=VALUE"));
    }
    attributes.insert(key, value).map_err(|error| match error {
        InvalidAttributes::Duplicate => {
            Failure::usage(format!("the attribute {key} is there twice"))
        }
        error => Failure::usage(format!("the attribute {key}: {error}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(attributes: Option<&str>, attr: &[&str]) -> Result<Attributes, Failure> {
        let attributes = attributes.map(str::to_owned);
        AttributeOptions { attributes, attr: attr.iter().map(|&pair| pair.into()).collect() }
            .parse()
    }

    #[test]
    fn b29_a_comma_in_a_value_loses_nothing() {
        let kept = parse(None, &["aster.role=ops.status,ops.logs", "note=a = b "]).unwrap();
        assert_eq!(kept.get("aster.role"), Some("ops.status,ops.logs"));
        assert_eq!(kept.get("note"), Some("a = b "));
        let kept = parse(Some(r#"{"aster.role":"ops.status,ops.logs"}"#), &["site=north"]).unwrap();
        assert_eq!(kept.len(), 2);
        assert!(parse(Some("aster.role=ops.status,ops.logs"), &[]).is_err());
    }

    #[test]
    fn pairs_and_json() {
        let pairs = parse(Some(" site = north ,rack=4,"), &[]).unwrap();
        assert_eq!(pairs.iter().collect::<Vec<_>>(), [("rack", "4"), ("site", "north")]);
        assert!(parse(None, &[]).unwrap().is_empty());
        assert!(AttributeOptions::of_text(None).is_empty());
        for bad in ["a", "=b", "a=1,a=2", "{\"a\":1}", "{\"a\":\"1\",\"a\":\"1\"}", "{"] {
            assert!(parse(Some(bad), &[]).is_err(), "{bad}");
        }
        for bad in ["a", "=b", "x=2"] {
            assert!(parse(Some("x=1"), &[bad]).is_err(), "{bad}");
        }
    }
}
