//! Services and methods of a connected server.

use std::sync::Arc;

use aster::contract::{Contract, FieldType, Method, Type};
use aster::{Pattern, ServiceSummary};

use super::one_of;
use crate::failure::Failure;

/// A service as announced, with its contract where that can be had.
#[derive(Clone, Debug)]
pub(crate) struct RemoteService {
    /// What the server announced.
    pub(crate) summary: ServiceSummary,
    /// What it published, verified against the announced id.
    pub(crate) contract: Option<Contract>,
    /// Why there is no contract.
    pub(crate) no_contract: Option<String>,
}

impl RemoteService {
    /// Whether calls need a session.
    pub(crate) fn is_session(&self) -> bool {
        self.summary.pattern == "session"
    }

    /// A method by name. Without a contract every name is taken as it is, and
    /// `assumed` is its pattern.
    ///
    /// # Errors
    /// If the contract has no such method.
    pub(crate) fn method(
        self: &Arc<Self>,
        name: &str,
        assumed: Pattern,
    ) -> Result<RemoteMethod, Failure> {
        let pattern = match &self.contract {
            None => assumed,
            Some(contract) => {
                let method = contract.methods.iter().find(|method| method.name == name);
                let method = method.ok_or_else(|| {
                    let names = contract.methods.iter().map(|method| method.name.as_str());
                    Failure::not_found(format!("{} has no method {name}", self.summary.name))
                        .hint(one_of("method", name, names))
                })?;
                method.pattern
            }
        };
        Ok(RemoteMethod { service: self.clone(), name: name.to_owned(), pattern })
    }
}

/// A method to call.
#[derive(Clone, Debug)]
pub(crate) struct RemoteMethod {
    pub(crate) service: Arc<RemoteService>,
    pub(crate) name: String,
    pub(crate) pattern: Pattern,
}

impl RemoteMethod {
    /// `Service.method`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}.{}", self.service.summary.name, self.name)
    }

    /// What the contract says about it.
    pub(crate) fn described(&self) -> Option<&Method> {
        let contract = self.service.contract.as_ref()?;
        contract.methods.iter().find(|method| method.name == self.name)
    }

    /// A type of the contract.
    pub(super) fn ty(&self, tag: &str) -> Option<&Type> {
        self.service.contract.as_ref()?.types.iter().find(|ty| ty.tag == tag)
    }

    /// Whether a client sends any number of requests.
    pub(crate) fn takes_stream(&self) -> bool {
        matches!(self.pattern, Pattern::ClientStream | Pattern::Bidi)
    }

    /// Whether the server sends any number of responses.
    pub(crate) fn gives_stream(&self) -> bool {
        matches!(self.pattern, Pattern::ServerStream | Pattern::Bidi)
    }

    /// `(TailRequest) -> stream LogEntry`.
    pub(crate) fn signature(&self) -> String {
        let Some(method) = self.described() else {
            return "(?) -> ?".to_owned();
        };
        let stream = |is: bool| if is { "stream " } else { "" };
        format!(
            "({}{}) -> {}{}",
            stream(self.takes_stream()),
            short(&method.request),
            stream(self.gives_stream()),
            short(&method.response)
        )
    }
}

/// A type without the namespaces of its tags, as a person reads it.
pub(crate) fn short(ty: &FieldType) -> String {
    let bare = |tag: &str| tag.rsplit('/').next().unwrap_or(tag).to_owned();
    match ty {
        FieldType::Message(tag) | FieldType::Enum(tag) => bare(tag),
        FieldType::List(item) => format!("list<{}>", short(item)),
        FieldType::Set(item) => format!("set<{}>", short(item)),
        FieldType::Map(key, value) => format!("map<{}, {}>", short(key), short(value)),
        FieldType::Optional(inner) => format!("{}?", short(inner)),
        FieldType::Scalar(_) | FieldType::Any => ty.to_string(),
    }
}
