//! The admission exchange on `aster.consumer_admission`: one JSON object each
//! way, no newline, then end of stream. Every client starts with it, also at
//! an open gate, because it is how services are found.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::limits::MAX_HELLO_SERVICES;
use crate::service::{Scope, ServiceDescriptor};

/// What a client asks admission with.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct HelloRequest {
    /// A credential as JSON text, or the empty string.
    #[serde(deserialize_with = "null_as_empty")]
    pub credential_json: String,
    /// A cloud identity token; unused.
    #[serde(default)]
    pub iid_token: String,
}

/// The reference reads a `null` credential as none.
fn null_as_empty<'de, D: serde::Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(input)?.unwrap_or_default())
}

/// Credentials stay out of logs.
impl std::fmt::Debug for HelloRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HelloRequest")
            .field("credential_json", &format_args!("{} bytes", self.credential_json.len()))
            .finish_non_exhaustive()
    }
}

/// What a server answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct HelloResponse {
    /// Whether the client may go on.
    pub admitted: bool,
    /// What the server knows about the client, from its credential.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The services offered.
    #[serde(default)]
    pub services: Vec<ServiceSummary>,
    /// The document that holds the contracts, 64 hex characters, or empty.
    #[serde(default, alias = "registry_ticket")]
    pub registry_namespace: String,
    /// The server's root key, 64 hex characters, or empty at an open gate.
    #[serde(default)]
    pub root_pubkey: String,
    /// Always empty: a stranger learns nothing from a refusal.
    #[serde(default)]
    pub reason: String,
}

impl HelloResponse {
    /// The one answer to every request that is not admitted. It names no root
    /// key either: whom a server trusts is nothing for strangers.
    #[must_use]
    pub(crate) fn denied() -> Self {
        Self {
            admitted: false,
            attributes: BTreeMap::new(),
            services: Vec::new(),
            registry_namespace: String::new(),
            root_pubkey: String::new(),
            reason: String::new(),
        }
    }

    /// Reads a response.
    ///
    /// # Errors
    /// Anything that is not the JSON object described here.
    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let mut response: Self = serde_json::from_slice(bytes)?;
        response.services.truncate(MAX_HELLO_SERVICES);
        Ok(response)
    }
}

/// One service as announced.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceSummary {
    /// The service's name.
    pub name: String,
    /// Its version.
    pub version: i32,
    /// The contract's id, 64 hex characters, or empty when not known.
    pub contract_id: String,
    /// Channel name to address; servers use the one name `rpc`.
    #[serde(default)]
    pub channels: BTreeMap<String, String>,
    /// `shared` or `session`.
    #[serde(default = "shared")]
    pub pattern: String,
    /// `xlang`, `json`; empty means XLANG.
    #[serde(default)]
    pub serialization_modes: Vec<String>,
    /// The hash of the contract as published, 64 hex characters. Servers of
    /// the reference do not state it, and its clients pass over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_collection: Option<String>,
}

fn shared() -> String {
    "shared".to_owned()
}

/// The one channel name in use.
pub(crate) const RPC_CHANNEL: &str = "rpc";

impl ServiceSummary {
    /// The announcement of a service reachable at `address`.
    #[must_use]
    pub fn new(descriptor: &ServiceDescriptor, address: String) -> Self {
        Self {
            name: descriptor.name.to_owned(),
            version: descriptor.version,
            contract_id: descriptor.contract_id.to_string(),
            channels: BTreeMap::from([(RPC_CHANNEL.to_owned(), address)]),
            pattern: descriptor.scope.name().to_owned(),
            serialization_modes: descriptor
                .modes
                .iter()
                .map(|mode| mode.name().to_owned())
                .collect(),
            contract_collection: None,
        }
    }

    /// The scope announced.
    #[must_use]
    pub fn scope(&self) -> Scope {
        if self.pattern == Scope::Session.name() { Scope::Session } else { Scope::Shared }
    }

    /// Whether the service speaks JSON and not XLANG.
    #[must_use]
    pub fn json_only(&self) -> bool {
        let offers = |name: &str| self.serialization_modes.iter().any(|m| m == name);
        offers("json") && !offers("xlang")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_answer_the_reference_accepts_is_accepted() {
        let response = HelloResponse::from_json(
            br#"{"admitted":true,"services":[{"name":"A","version":1,"contract_id":""}]}"#,
        )
        .unwrap();
        assert!(response.admitted);
        let service = &response.services[0];
        assert_eq!(service.scope(), Scope::Shared);
        assert!(!service.json_only());
    }

    #[test]
    fn b27_admitted_must_be_a_boolean() {
        // The reference takes the string "false" for true.
        assert!(HelloResponse::from_json(br#"{"admitted":"false"}"#).is_err());
        assert!(HelloResponse::from_json(b"{}").is_err());
        assert!(HelloResponse::from_json(b"").is_err());
    }

    #[test]
    fn a_request_is_written_as_the_reference_writes_it() {
        let text = serde_json::to_string(&HelloRequest::default()).unwrap();
        assert_eq!(text, r#"{"credential_json":"","iid_token":""}"#);
        let null: HelloRequest = serde_json::from_str(r#"{"credential_json":null}"#).unwrap();
        assert_eq!(null.credential_json, "");
        assert!(serde_json::from_str::<HelloRequest>("{}").is_err());
        assert!(serde_json::from_str::<HelloRequest>(r#"{"credential_json":{}}"#).is_err());
    }

    #[test]
    fn a42_a_credential_is_not_in_the_debug_text() {
        let request = HelloRequest {
            credential_json: "{\"signature\":\"s3cret\"}".into(),
            ..Default::default()
        };
        assert!(!format!("{request:?}").contains("s3cret"));
    }
}
