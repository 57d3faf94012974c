//! What can follow what is typed: a pure function of the line, the cursor and
//! what is known of the server.

use aster::contract::{Field, FieldType};

use super::command::{COMMANDS, Command, find};
use super::line::{Word, words};
use super::place::{FOLDERS, Place};
use super::tree::{Branch, Scene, one_line, summary};
use crate::remote::{RemoteMethod, message, type_text, variants};

/// Most candidates that are offered.
const MAX_CANDIDATES: usize = 200;

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What takes the place of the text from `start` to the cursor.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) description: String,
    /// Whether a space follows.
    pub(super) is_whole: bool,
}

/// The candidates for the word at the cursor.
pub(super) fn complete(line: &str, cursor: usize, scene: &Scene) -> Vec<Candidate> {
    let Some(before) = line.get(..cursor) else { return Vec::new() };
    let mut words = words(before);
    let last_is_done =
        before.ends_with(char::is_whitespace) && !words.last().is_some_and(|w| w.open);
    let partial = match words.pop() {
        Some(word) if !last_is_done => word,
        Some(word) => {
            words.push(word);
            Word::empty(cursor)
        }
        None => Word::empty(cursor),
    };
    let request = Request { scene, partial: &partial };
    let mut candidates = request.of_line(&words);
    candidates.truncate(MAX_CANDIDATES);
    candidates
}

struct Request<'a> {
    scene: &'a Scene,
    partial: &'a Word,
}

impl Request<'_> {
    fn of_line(&self, words: &[Word]) -> Vec<Candidate> {
        let Some((head, rest)) = words.split_first() else { return self.of_head() };
        let Some(command) = find(&head.text).filter(|_| !head.quoted) else {
            return self.of_arguments(&head.text, rest);
        };
        if command.takes_line() {
            return self.of_line(after_options(rest));
        }
        if command.takes_method() {
            return match rest.split_first() {
                None => self.methods(),
                Some((method, rest)) => self.of_arguments(&method.text, rest),
            };
        }
        if rest.is_empty() { self.of_command(command) } else { Vec::new() }
    }

    fn of_command(&self, command: &Command) -> Vec<Candidate> {
        if command.takes_path() {
            return self.paths();
        }
        match command.name {
            "session" => self.named(
                self.scene
                    .tree
                    .branches()
                    .iter()
                    .filter(|branch| branch.is_session())
                    .map(|branch| (branch.summary.name.clone(), "session".to_owned(), true)),
            ),
            "help" => {
                self.named(COMMANDS.iter().map(|c| (c.name.to_owned(), c.help.to_owned(), true)))
            }
            "stop" => self
                .named(self.scene.jobs.iter().map(|job| (job.to_string(), "job".to_owned(), true))),
            _ => Vec::new(),
        }
    }

    /// The first word: methods that are here, commands, then services.
    fn of_head(&self) -> Vec<Candidate> {
        let in_session = self.scene.session.is_some();
        let mut candidates = self.methods();
        if !self.partial.text.contains(['.', '/']) {
            let commands = COMMANDS.iter().filter(|command| command.works(in_session));
            candidates
                .extend(self.named(commands.map(|c| (c.name.to_owned(), c.help.to_owned(), true))));
            // Services come after what is typed without a dot.
            let (services, others) = candidates
                .into_iter()
                .partition::<Vec<_>, _>(|candidate| candidate.text.ends_with('.'));
            candidates = others;
            candidates.extend(services);
        }
        candidates
    }

    /// Methods of the service here, and of others by `Service.method`.
    fn methods(&self) -> Vec<Candidate> {
        let typed = &self.partial.text;
        let dot_slash = if typed.starts_with("./") { "./" } else { "" };
        let mut names = Vec::new();
        if let Some(branch) = self.scene.service() {
            names.extend(
                branch
                    .methods()
                    .iter()
                    .map(|method| (format!("{dot_slash}{}", method.name), described(method), true)),
            );
        }
        if self.scene.session.is_none() && dot_slash.is_empty() {
            match typed.split_once('.').and_then(|(name, _)| self.scene.tree.find(name)) {
                Some(branch) => names.extend(
                    branch
                        .methods()
                        .iter()
                        .map(|method| (method.full_name(), described(method), true)),
                ),
                None => names.extend(
                    self.scene
                        .tree
                        .branches()
                        .iter()
                        .filter(|branch| !branch.is_session())
                        .map(|branch| (format!("{}.", branch.summary.name), about(branch), false)),
                ),
            }
        }
        self.named(names)
    }

    /// Fields, and values of fields.
    fn of_arguments(&self, method: &str, given: &[Word]) -> Vec<Candidate> {
        let Some(method) = self.method(method) else { return Vec::new() };
        let Some(request) = method.described().map(|described| &described.request) else {
            return Vec::new();
        };
        let typed = &self.partial.text;
        let (key, value) = match self.partial.pair() {
            Some((key, value)) => (key, Some(value)),
            None => (typed.as_str(), None),
        };
        // The message whose field is named last.
        let (outer, name) = key.rsplit_once('.').unwrap_or(("", key));
        let Some(fields) = fields_at(&method, request, outer) else { return Vec::new() };
        if value.is_some() {
            let field = fields.iter().find(|field| field.name == name);
            return field.map(|field| self.values(&method, key, field)).unwrap_or_default();
        }
        let prefix = if outer.is_empty() { String::new() } else { format!("{outer}.") };
        let is_given = |name: &str| given.iter().any(|w| w.pair().is_some_and(|(k, _)| k == name));
        let names = fields.iter().map(|field| (format!("{prefix}{}", field.name), field));
        self.named(names.filter(|(name, _)| !is_given(name)).map(|(name, field)| {
            let inner = message(&method, &field.ty).is_some_and(|_| !field.dynamic);
            (format!("{name}{}", if inner { "." } else { "=" }), field_text(field), false)
        }))
    }

    fn values(&self, method: &RemoteMethod, key: &str, field: &Field) -> Vec<Candidate> {
        let values: Vec<String> = match variants(method, &field.ty) {
            Some(names) => names.into_iter().map(str::to_owned).collect(),
            None if is_bool(&field.ty) => vec!["true".to_owned(), "false".to_owned()],
            None => return Vec::new(),
        };
        let ty = one_line(&type_text(&field.ty));
        self.named(values.into_iter().map(|value| (format!("{key}={value}"), ty.clone(), true)))
    }

    /// The method that the line calls.
    fn method(&self, name: &str) -> Option<RemoteMethod> {
        let name = name.strip_prefix("./").unwrap_or(name);
        let (branch, name) = match name.split_once('.') {
            Some((service, name)) => (self.scene.tree.find(service)?, name),
            None => (self.scene.service()?, name),
        };
        branch.methods().into_iter().find(|method| method.name == name)
    }

    /// Places, one step at a time.
    fn paths(&self) -> Vec<Candidate> {
        let typed = &self.partial.text;
        let (folder, _) =
            typed.rfind('/').map_or(("", typed.as_str()), |at| typed.split_at(at + 1));
        let start = match &self.scene.session {
            Some(service) => Place::Service(service.clone()),
            None => self.scene.place.clone(),
        };
        let Ok(place) = start.follow(folder) else { return Vec::new() };
        let tree = &self.scene.tree;
        let children: Vec<(String, String, bool)> = match &place {
            Place::Root => FOLDERS
                .iter()
                .map(|(name, what)| (format!("{name}/"), (*what).into(), false))
                .collect(),
            Place::Services => tree
                .branches()
                .iter()
                .map(|branch| (branch.summary.name.clone(), about(branch), true))
                .collect(),
            Place::Service(service) => tree
                .find(service)
                .map(Branch::methods)
                .unwrap_or_default()
                .iter()
                .map(|method| (method.name.clone(), described(method), true))
                .collect(),
            Place::Blobs => tree
                .branches()
                .iter()
                .filter_map(|branch| {
                    let hash = branch.summary.contract_collection.clone()?;
                    Some((hash, branch.summary.name.clone(), true))
                })
                .collect(),
            Place::Method(..) | Place::Blob(_) | Place::Docs | Place::Gossip => Vec::new(),
        };
        let mut names: Vec<_> = children
            .into_iter()
            .map(|(name, what, is_whole)| (format!("{folder}{name}"), what, is_whole))
            .collect();
        if place != Place::Root {
            names.push((format!("{folder}.."), "one up".to_owned(), false));
        }
        self.named(names)
    }

    /// Those that start with what is typed.
    fn named(&self, names: impl IntoIterator<Item = (String, String, bool)>) -> Vec<Candidate> {
        let typed = self.partial.text.to_lowercase();
        names
            .into_iter()
            .filter(|(text, _, _)| text.to_lowercase().starts_with(&typed))
            // What cannot be typed as it is, is not offered.
            .filter(|(text, _, _)| text.chars().all(|c| !c.is_control() && !c.is_whitespace()))
            .map(|(text, description, is_whole)| Candidate {
                text,
                start: self.partial.start,
                description,
                is_whole,
            })
            .collect()
    }
}

/// What follows options such as `-n 2`.
fn after_options(words: &[Word]) -> &[Word] {
    match words {
        [option, _, rest @ ..] if option.text == "-n" => rest,
        _ => words,
    }
}

/// The fields of the message at a dotted path.
fn fields_at<'a>(method: &'a RemoteMethod, ty: &FieldType, path: &str) -> Option<&'a [Field]> {
    let mut fields = message(method, ty)?;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        let field = fields.iter().find(|field| field.name == name)?;
        fields = message(method, &field.ty)?;
    }
    Some(fields)
}

fn is_bool(ty: &FieldType) -> bool {
    match ty {
        FieldType::Optional(inner) => is_bool(inner),
        FieldType::Scalar(scalar) => *scalar == aster::codec::Scalar::Bool,
        _ => false,
    }
}

/// `string = "info"  How bad it is`.
fn field_text(field: &Field) -> String {
    let mut text = type_text(&field.ty);
    match &field.default {
        Some(value) => text.push_str(&format!(" = {value}")),
        None => text.push_str(" (required)"),
    }
    let doc = summary(&field.doc);
    if doc.is_empty() { one_line(&text) } else { format!("{}  {doc}", one_line(&text)) }
}

/// `unary (StatusRequest) -> StatusResponse`.
fn described(method: &RemoteMethod) -> String {
    one_line(&format!("{} {}", method.pattern, method.signature()))
}

fn about(branch: &Branch) -> String {
    let doc = branch.contract().map(|contract| summary(&contract.doc)).unwrap_or_default();
    let kind = one_line(&format!("{} v{}", branch.summary.pattern, branch.summary.version));
    if doc.is_empty() { kind } else { format!("{kind}  {doc}") }
}

#[cfg(test)]
mod tests;
