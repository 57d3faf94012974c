//! The gate that a configuration asks for, as one decision table.

use super::error::ConfigError;
use super::root::Root;
use super::source::Source;
use crate::trust::RootPublicKey;

/// Who may call a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateSetting {
    /// Everybody. Asked for by name only.
    Open,
    /// Holders of a credential of this root.
    Closed {
        /// The root.
        root: RootPublicKey,
    },
}

/// Decides on the gate; `None` is a configuration that says nothing about it.
///
/// | root named | `allow_all_consumers` | closed by a lower source | gate |
/// |---|---|---|---|
/// | yes | true | any | mistake |
/// | yes | false or not set | any | closed |
/// | no | true | yes | mistake |
/// | no | true | no | open |
/// | no | false | yes | mistake: nobody could enter |
/// | no | not set | no | none |
pub(super) fn decide(
    root: Option<&Root>,
    allow: bool,
    allow_source: &Source,
    closed_by: Option<&Source>,
) -> Result<Option<GateSetting>, ConfigError> {
    let contradiction = |text| Err(ConfigError::Contradiction(text));
    match (root, allow, closed_by) {
        (Some(root), true, _) => contradiction(format!(
            "the gate cannot be open and closed: allow_all_consumers = true ({allow_source}) lets everybody in, {} lets in whom the root signed for; remove one of the two",
            root.place()
        )),
        (Some(root), false, _) => Ok(Some(GateSetting::Closed { root: root.key })),
        (None, true, Some(closed_by)) => contradiction(format!(
            "allow_all_consumers = true ({allow_source}) does not open what allow_all_consumers = false ({closed_by}) closes; remove the one that you do not mean"
        )),
        (None, true, None) => Ok(Some(GateSetting::Open)),
        (None, false, Some(closed_by)) => contradiction(format!(
            "allow_all_consumers = false ({closed_by}) without a root key: nobody could enter; set root_pubkey or root_pubkey_file as well"
        )),
        (None, false, None) => Ok(None),
    }
}
