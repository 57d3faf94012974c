//! The server as the shell knows it: its services and the contracts that have
//! arrived.

use std::sync::Arc;

use aster::ServiceSummary;
use aster::contract::Contract;

use super::place::Place;
use crate::failure::printable;
use crate::remote::{RemoteMethod, RemoteService};

/// How often a contract is asked for. A server that has just started may not
/// have published it yet.
const MAX_ATTEMPTS: u32 = 3;

/// Services in announced order.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    branches: Vec<Branch>,
}

/// One service.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    pub(super) summary: ServiceSummary,
    /// Once it was asked for.
    pub(super) service: Option<Arc<RemoteService>>,
    attempts: u32,
}

impl Tree {
    pub(super) fn new(services: &[ServiceSummary]) -> Self {
        let branch = |summary: &ServiceSummary| Branch {
            summary: summary.clone(),
            service: None,
            attempts: 0,
        };
        Self { branches: services.iter().map(branch).collect() }
    }

    pub(super) fn branches(&self) -> &[Branch] {
        &self.branches
    }

    pub(super) fn find(&self, service: &str) -> Option<&Branch> {
        self.branches.iter().find(|branch| branch.summary.name == service)
    }

    /// Notes what arrived.
    pub(super) fn put(&mut self, service: Arc<RemoteService>) {
        let name = &service.summary.name;
        if let Some(branch) = self.branches.iter_mut().find(|branch| branch.summary.name == *name) {
            branch.service = Some(service);
            branch.attempts += 1;
        }
    }

    /// Forgets the contracts.
    pub(super) fn clear(&mut self) {
        for branch in &mut self.branches {
            (branch.service, branch.attempts) = (None, 0);
        }
    }
}

impl Branch {
    pub(super) fn contract(&self) -> Option<&Contract> {
        self.service.as_ref()?.contract.as_ref()
    }

    /// The service as it is known, if there is nothing more to ask for.
    pub(super) fn settled(&self) -> Option<&Arc<RemoteService>> {
        let is_final = self.contract().is_some() || self.attempts >= MAX_ATTEMPTS;
        self.service.as_ref().filter(|_| is_final)
    }

    pub(super) fn is_session(&self) -> bool {
        self.summary.pattern == "session"
    }

    /// The methods of the contract; none without one.
    pub(super) fn methods(&self) -> Vec<RemoteMethod> {
        let Some(service) = &self.service else { return Vec::new() };
        let methods = service.contract.iter().flat_map(|contract| &contract.methods);
        methods
            .map(|method| RemoteMethod {
                service: service.clone(),
                name: method.name.clone(),
                pattern: method.pattern,
            })
            .collect()
    }
}

/// What completion looks at.
#[derive(Clone, Debug, Default)]
pub(super) struct Scene {
    pub(super) tree: Tree,
    pub(super) place: Place,
    /// The service of the open session.
    pub(super) session: Option<String>,
    /// The numbers of the jobs.
    pub(super) jobs: Vec<usize>,
}

impl Scene {
    /// The service whose methods can be called by their bare names.
    pub(super) fn service(&self) -> Option<&Branch> {
        self.tree.find(self.session.as_deref().or_else(|| self.place.service())?)
    }
}

/// Text of a server on one line of a terminal.
pub(super) fn one_line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

/// The first sentence of documentation, on one line.
pub(super) fn summary(doc: &str) -> String {
    let paragraph: Vec<_> =
        doc.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    match paragraph.split_once(". ") {
        Some((sentence, _)) => one_line(sentence),
        None => one_line(paragraph.trim_end_matches('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_that_cannot_be_had_is_asked_for_a_few_times() {
        let summary: ServiceSummary = serde_json::from_value(
            serde_json::json!({ "name": "A", "version": 1, "contract_id": "" }),
        )
        .unwrap();
        let no_contract = Some("not yet".to_owned());
        let service =
            Arc::new(RemoteService { summary: summary.clone(), contract: None, no_contract });
        let mut tree = Tree::new(&[summary]);
        for _ in 0..MAX_ATTEMPTS {
            assert!(tree.find("A").is_some_and(|branch| branch.settled().is_none()));
            tree.put(service.clone());
        }
        assert!(tree.find("A").is_some_and(|branch| branch.settled().is_some()));
        tree.clear();
        assert!(tree.find("A").is_some_and(|branch| branch.settled().is_none()));
    }

    #[test]
    fn the_first_sentence_is_the_summary() {
        assert_eq!(summary("Says so.\nMore. And more."), "Says so");
        assert_eq!(summary("Says\nso. Twice.\n\nMore."), "Says so");
        assert_eq!(summary("a\x1b[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(summary(""), "");
    }
}
