//! What a credential or chain says, as rows for people and JSON for programs.
//! No secret is among them.

use std::fmt::Write;

use aster::trust::{
    Capabilities, Chain, ChainRefusal, Credential, CredentialId, CredentialKind, ROLE_ATTRIBUTE,
    Revocations, RootPublicKey, expiry,
};
use serde_json::{Map, Value, json};

use crate::clock;

/// A heading and what is told under it.
pub(super) struct Facts {
    pub(super) title: String,
    rows: Vec<(&'static str, String)>,
    pub(super) json: Map<String, Value>,
}

impl Facts {
    /// Facts about a file of this kind.
    pub(super) fn new(title: impl Into<String>, kind: &str) -> Self {
        let mut facts = Self { title: title.into(), rows: Vec::new(), json: Map::new() };
        facts.json.insert("kind".into(), kind.into());
        facts
    }

    /// A row for people.
    pub(super) fn row(&mut self, label: &'static str, text: impl ToString) {
        self.rows.push((label, text.to_string()));
    }

    /// A value for programs.
    pub(super) fn value(&mut self, key: &str, value: impl Into<Value>) {
        self.json.insert(key.into(), value.into());
    }

    /// The same text for both.
    pub(super) fn both(&mut self, label: &'static str, key: &str, text: impl ToString) {
        self.row(label, text.to_string());
        self.value(key, text.to_string());
    }

    /// The rows under the title, each line after `indent`.
    pub(super) fn text(&self, indent: &str) -> String {
        let width = self.rows.iter().map(|(label, _)| label.len() + 1).max().unwrap_or(0);
        let mut out = format!("{indent}{}\n", self.title);
        for (label, text) in &self.rows {
            let label = format!("{label}:");
            // A value cannot look like a row of its own.
            let text = text.replace('\n', "\\n");
            let _ = writeln!(out, "{indent}  {label:<width$} {text}");
        }
        out
    }

    fn capabilities(&mut self, capabilities: &Capabilities) {
        let names: Vec<_> = capabilities.iter().collect();
        self.row("Capabilities", if names.is_empty() { "none".into() } else { names.join(", ") });
        self.value("capabilities", names);
    }

    fn end(&mut self, time: u64, now: u64) {
        self.row("Expires", clock::end(time, now));
        self.value("expires_at", time);
        self.value("expires", expiry::format(time));
        self.value("expired", time <= now);
    }
}

/// The id of the last link, which is what a chain is revoked by.
pub(super) fn chain_id(chain: &Chain) -> CredentialId {
    chain.last().id()
}

/// What a credential says.
pub(super) fn of_credential(credential: &Credential, now: u64) -> Facts {
    let (title, uses) = match credential.kind() {
        CredentialKind::Policy => ("Consumer credential", "policy (any number of uses)"),
        CredentialKind::OneTime => ("Consumer credential", "ott (one use)"),
        CredentialKind::Producer => ("Producer credential", "producer"),
    };
    let mut facts = Facts::new(title, "credential");
    facts.row("Type", uses);
    facts.value("type", credential.kind().as_str());
    facts.both("Id", "id", CredentialId::of_credential(credential));
    facts.both("Trust root", "root_pubkey", credential.root());
    match credential.node() {
        Some(node) => facts.both("Bound to", "endpoint_id", node),
        None => {
            facts.row("Bound to", "no node: whoever holds it can use it");
            facts.value("endpoint_id", Value::Null);
        }
    }
    let attributes = credential.attributes();
    facts.capabilities(&attributes.capabilities());
    let others = attributes.iter().filter(|(key, _)| *key != ROLE_ATTRIBUTE);
    let others: Vec<_> = others.map(|(key, value)| format!("{key} = {value:?}")).collect();
    if !others.is_empty() {
        facts.row("Attributes", others.join(", "));
    }
    let all: Map<_, _> =
        attributes.iter().map(|(key, value)| (key.to_owned(), value.into())).collect();
    facts.value("attributes", all);
    facts.end(credential.expires_at(), now);
    let signed = credential.has_valid_signature();
    facts.row("Signature", if signed { "good" } else { "BAD: the root did not sign this content" });
    facts.value("signature_valid", signed);
    facts
}

/// What a chain says, and whether its links fit together.
pub(super) fn of_chain(chain: &Chain, now: u64) -> Facts {
    let links: Vec<_> = chain.links().collect();
    let mut facts = Facts::new(format!("Chain of {}", counted(links.len(), "link")), "chain");
    let terms = chain.last().terms();
    facts.both("Id", "id", chain_id(chain));
    facts.both("Trust root", "root_pubkey", chain_root(chain));
    facts.both("Bound to", "endpoint_id", terms.subject);
    facts.capabilities(&terms.capabilities);
    facts.row("For", &terms.audience);
    let entries: Vec<_> = terms.audience.entries().map(ToString::to_string).collect();
    facts.value("for", entries);
    facts.row("Starts", clock::relative(terms.not_before, now));
    facts.value("starts_at", terms.not_before);
    facts.value("starts", expiry::format(terms.not_before));
    facts.end(terms.not_after, now);
    facts.row(
        "Can be passed on",
        match terms.delegations {
            0 => "no".to_owned(),
            n => format!("yes, up to {}", counted(usize::from(n), "further link")),
        },
    );
    facts.value("delegations", terms.delegations);
    let flaw = flaw(chain, now);
    facts.row(
        "Links",
        flaw.as_deref().map_or_else(|| "good".to_owned(), |flaw| format!("BAD: {flaw}")),
    );
    facts.value("links_valid", flaw.is_none());
    let holders = links.iter().map(|link| {
        let subject = link.terms().subject;
        json!({ "id": link.id().to_string(), "endpoint_id": subject.to_string() })
    });
    facts.value("links", holders.collect::<Vec<_>>());
    for link in &links {
        facts.row("Link", format!("{} to {}", link.id(), link.terms().subject));
    }
    facts
}

/// The key that signed the first link.
fn chain_root(chain: &Chain) -> String {
    chain.links().next().map_or_else(String::new, |first| first.issuer().to_string())
}

/// What is wrong with the links themselves, whoever is trusted and whatever
/// the time is.
pub(super) fn flaw(chain: &Chain, now: u64) -> Option<String> {
    let root: RootPublicKey = match chain_root(chain).parse() {
        Ok(root) => root,
        Err(error) => return Some(format!("the root key: {error}")),
    };
    let terms = chain.last().terms();
    // A time within the window, so that nothing but the links counts.
    let time = now.clamp(terms.not_before, terms.not_after.saturating_sub(1));
    let verified = chain.verify(&root, terms.subject, time, &Revocations::none(root));
    verified.err().map(|refusal: ChainRefusal| refusal.to_string())
}

/// `1 link`, `2 links`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_a_row_of_its_own() {
        let mut facts = Facts::new("Title", "kind");
        facts.both("One", "one", "a\n  Capabilities: all");
        facts.row("Longer", 2);
        assert_eq!(facts.text(" "), " Title\n   One:    a\\n  Capabilities: all\n   Longer: 2\n");
        assert_eq!(counted(1, "key"), "1 key");
        assert_eq!(counted(0, "key"), "0 keys");
    }
}
