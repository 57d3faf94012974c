//! `--capabilities`: what a holder may do.

use aster::limits::MAX_CAPABILITY_BYTES;
use aster::trust::{Attributes, Capabilities, ROLE_ATTRIBUTE};
use clap::Args;

use crate::failure::Failure;

/// Capabilities of a credential.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CapabilityOptions {
    /// What the holder may do, as services name it in `requires`; may be
    /// repeated.
    #[arg(long, short, value_name = "NAME,...")]
    capabilities: Option<Vec<String>>,
}

impl CapabilityOptions {
    /// These and those of another option.
    pub(super) fn and(mut self, list: Option<String>) -> Self {
        if let Some(list) = list {
            self.capabilities.get_or_insert_default().push(list);
        }
        self
    }

    /// The names in the order given; `None` if none were.
    pub(crate) fn names(&self) -> Result<Option<Vec<&str>>, Failure> {
        let Some(lists) = &self.capabilities else { return Ok(None) };
        let names: Vec<_> = lists.iter().flat_map(|list| list.split(',')).map(str::trim).collect();
        for name in &names {
            if name.is_empty()
                || name.len() > MAX_CAPABILITY_BYTES
                || name.contains(char::is_control)
            {
                return Err(Failure::usage(format!("--capabilities: {name:?} is no capability"))
                    .hint("write names with commas between them, as in ops.status,ops.logs"));
            }
        }
        Ok(Some(names))
    }

    /// The same as a set.
    pub(super) fn set(&self) -> Result<Option<Capabilities>, Failure> {
        Ok(self.names()?.map(|names| Capabilities::from_role(&names.join(","))))
    }

    /// Puts them into attributes, where they are `aster.role` (trust.md 2.3);
    /// without any, `otherwise` if that is something.
    pub(crate) fn add_to(
        &self,
        attributes: &mut Attributes,
        otherwise: Option<&str>,
    ) -> Result<(), Failure> {
        let stated = attributes.get(ROLE_ATTRIBUTE).is_some();
        let role = match (self.names()?, otherwise) {
            (Some(_), _) if stated => {
                return Err(Failure::usage(format!(
                    "--capabilities and the attribute {ROLE_ATTRIBUTE} are the same thing"
                ))
                .hint("use one of the two"));
            }
            (Some(names), _) => names.join(","),
            (None, Some(role)) if !stated => role.to_owned(),
            (None, _) => return Ok(()),
        };
        attributes
            .insert(ROLE_ATTRIBUTE, role)
            .map_err(|error| Failure::usage(format!("--capabilities: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(lists: &[&str]) -> CapabilityOptions {
        CapabilityOptions { capabilities: Some(lists.iter().map(|&list| list.into()).collect()) }
    }

    #[test]
    fn names_are_kept_in_order_and_checked() {
        let given = options(&["ops.status, ops.logs", "a"]);
        assert_eq!(given.names().unwrap(), Some(vec!["ops.status", "ops.logs", "a"]));
        assert_eq!(CapabilityOptions::default().names().unwrap(), None);
        for bad in ["", "a,,b", ",", "a\n"] {
            // A line feed at the end is white space around a name.
            assert_eq!(options(&[bad]).names().is_err(), bad != "a\n", "{bad:?}");
        }
        assert!(options(&["a\u{1b}[2J"]).names().is_err());
        assert!(options(&[&"x".repeat(MAX_CAPABILITY_BYTES + 1)]).names().is_err());
    }

    #[test]
    fn one_place_for_capabilities() {
        let mut attributes = Attributes::new();
        options(&["b,a"]).add_to(&mut attributes, Some("consumer")).unwrap();
        assert_eq!(attributes.get(ROLE_ATTRIBUTE), Some("b,a"));
        assert!(options(&["c"]).add_to(&mut attributes, None).is_err());
        CapabilityOptions::default().add_to(&mut attributes, Some("consumer")).unwrap();
        assert_eq!(attributes.get(ROLE_ATTRIBUTE), Some("b,a"));
        let mut attributes = Attributes::new();
        CapabilityOptions::default().add_to(&mut attributes, Some("consumer")).unwrap();
        assert_eq!(attributes.get(ROLE_ATTRIBUTE), Some("consumer"));
    }
}
