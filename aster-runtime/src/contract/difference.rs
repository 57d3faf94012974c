//! What changed between two contracts, and whether old callers notice.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::{Serialize, Serializer};

use super::change::{Aspect, Change, ChangeKind, Direction, Place};
use super::compatibility::{Pair, json};
use super::outline::Kept;
use super::type_pairs::{Root, TypePair, TypePairs};
use super::verdict::{Effect, Impact, Sides, Verdict};
use super::{Contract, ContractId, FieldType, Method, Requirement};

/// The changes from one contract to another, with their effects on callers of
/// the old one at a server of the new one.
///
/// Also told are changes that leave the id as it is: the widths of numbers,
/// the variants of enums, defaults, requirements, descriptions
/// (contract.md 3).
///
/// A line for each change and the verdict is its text:
///
/// ```
/// use aster_runtime::contract::{Difference, manifest};
///
/// # let text = r#"{"service": "S", "version": 1, "contract_id":
/// #   "0000000000000000000000000000000000000000000000000000000000000000"}"#;
/// let contracts = manifest::read(text)?;
/// let difference = Difference::between(&contracts[0], &contracts[0]);
/// assert_eq!(difference.to_string(), "identical");
/// # Ok::<(), manifest::ManifestError>(())
/// ```
///
/// ```text
/// MissionControl.getStatus request mission/StatusRequest.id: renamed from agent_id [JSON: breaking, XLANG: breaking]
/// breaking for JSON callers, breaking for XLANG callers
/// ```
#[derive(Clone, Debug)]
pub struct Difference {
    old: ContractId,
    new: ContractId,
    changes: Vec<Change>,
    callable: HashSet<String>,
}

impl Difference {
    /// Compares two contracts.
    #[must_use]
    pub fn between(old: &Contract, new: &Contract) -> Self {
        Comparison::of(old, new).difference()
    }

    /// The id of the old contract.
    #[must_use]
    pub const fn old_id(&self) -> ContractId {
        self.old
    }

    /// The id of the new contract.
    #[must_use]
    pub const fn new_id(&self) -> ContractId {
        self.new
    }

    /// The changes: those of the service, of the methods in the order of their
    /// names, of the types in the order in which methods use them.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether nothing changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// What the changes mean together.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.changes.is_empty() {
            return Verdict::Identical;
        }
        if self.changes.iter().all(|change| change.kind == ChangeKind::Description) {
            return Verdict::Documentation;
        }
        let worst = |of: fn(&Impact) -> Sides| {
            self.changes.iter().map(|change| of(&change.impact).worst()).max().unwrap_or_default()
        };
        Verdict::Changed { json: worst(|impact| impact.json), xlang: worst(|impact| impact.xlang) }
    }

    /// Whether a client compiled against the old contract can still call this
    /// method with JSON at a server of the new one: the server reads every
    /// request that the client writes, the client every response, and both mean
    /// the same with it.
    ///
    /// Such a client writes every field, so defaults do not matter. What the
    /// caller must hold is not looked at: the server tells. Nor is whether the
    /// method may be called twice.
    #[must_use]
    pub fn callable_with_json(&self, method: &str) -> bool {
        self.callable.contains(method)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        write!(f, "{}", self.verdict())
    }
}

/// `{"old", "new", "changes", "verdict": {"text", "json", "xlang"}}`
impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            old: String,
            new: String,
            changes: &'a [Change],
            verdict: VerdictForm,
        }
        #[derive(Serialize)]
        struct VerdictForm {
            text: String,
            json: Effect,
            xlang: Effect,
        }
        let verdict = self.verdict();
        let (text, json, xlang) = (verdict.to_string(), verdict.json(), verdict.xlang());
        Form {
            old: self.old.to_string(),
            new: self.new.to_string(),
            changes: &self.changes,
            verdict: VerdictForm { text, json, xlang },
        }
        .serialize(serializer)
    }
}

/// Two contracts, and what their methods have in common.
struct Comparison<'a> {
    old: &'a Contract,
    new: &'a Contract,
    /// Methods of both, old and new, with their messages.
    common: Vec<Common<'a>>,
    types: TypePairs<'a>,
}

struct Common<'a> {
    old: &'a Method,
    new: &'a Method,
    /// The request and the response.
    messages: [Message<'a>; 2],
}

/// What changed about a request or response, but for what is inside its types.
struct Message<'a> {
    json: Effect,
    pairs: Vec<Pair<'a>>,
}

const DIRECTIONS: [Direction; 2] = [Direction::Request, Direction::Response];

/// One side of the effects; the other is not concerned.
const fn one(side: usize, effect: Effect) -> Sides {
    match side {
        0 => Sides::new(effect, Effect::None),
        _ => Sides::new(Effect::None, effect),
    }
}

const fn at(sides: Sides, side: usize) -> Effect {
    if side == 0 { sides.request } else { sides.response }
}

impl<'a> Comparison<'a> {
    fn of(old: &'a Contract, new: &'a Contract) -> Self {
        let by_name: HashMap<_, _> =
            new.methods.iter().map(|method| (method.name.as_str(), method)).collect();
        let mut common = Vec::new();
        let mut roots = Vec::new();
        for old in &old.methods {
            let Some(&new) = by_name.get(old.name.as_str()) else { continue };
            let sides = [(&old.request, &new.request), (&old.response, &new.response)];
            let messages: [Message<'a>; 2] = std::array::from_fn(|side| {
                let Some(&(old, new)) = sides.get(side) else {
                    return Message { json: Effect::None, pairs: Vec::new() };
                };
                let mut pairs = Vec::new();
                let effects = json(old, new, &mut pairs);
                Message { json: at(effects, side), pairs }
            });
            for (side, message) in messages.iter().enumerate() {
                let root = |&tags| Root { method: old.name.as_str(), side, tags };
                roots.extend(message.pairs.iter().map(root));
            }
            common.push(Common { old, new, messages });
        }
        let types = TypePairs::of(old, new, &roots);
        Self { old, new, common, types }
    }

    fn difference(&self) -> Difference {
        let mut changes = self.service();
        // A client asks for one name and one version, and shared services and
        // sessions are called differently.
        let reachable = changes.iter().all(|change| match &change.kind {
            ChangeKind::Changed { aspect, .. } => {
                !matches!(aspect, Aspect::Name | Aspect::Version | Aspect::Scope)
            }
            _ => true,
        });
        changes.extend(self.methods());
        changes.extend(self.types());
        let callable = |method: &&Common<'_>| {
            let right = |(side, message): (usize, &Message<'_>)| {
                let inside = at(self.types.json_inside(&message.pairs), side);
                message.json.max(inside) <= Effect::Compatible
            };
            reachable
                && method.old.pattern == method.new.pattern
                && method.messages.iter().enumerate().all(right)
        };
        let callable = self.common.iter().filter(callable);
        Difference {
            old: self.old.id,
            new: self.new.id,
            changes,
            callable: callable.map(|method| method.old.name.clone()).collect(),
        }
    }

    fn place(&self) -> Place {
        Place { service: self.new.service.clone(), ..Place::default() }
    }

    fn service(&self) -> Vec<Change> {
        let (old, new) = (self.old, self.new);
        let mut list = Changes { place: self.place(), changes: Vec::new() };
        let broken =
            |changes_id| Impact { json: Sides::BREAKING, xlang: Sides::BREAKING, changes_id };
        list.changed(Aspect::Name, &old.service, &new.service, broken(true));
        list.changed(Aspect::Version, old.version, new.version, broken(true));
        list.changed(Aspect::Scope, old.scope.name(), new.scope.name(), broken(true));
        if old.modes != new.modes {
            let lost = |mode: &str| {
                let has = |contract: &Contract| contract.modes.iter().any(|one| one == mode);
                has(old) && !has(new)
            };
            let compatible = Sides::new(Effect::Compatible, Effect::Compatible);
            let impact = Impact {
                // Servers take JSON whatever they announce.
                json: compatible,
                xlang: if lost("xlang") { Sides::BREAKING } else { compatible },
                changes_id: true,
            };
            let text = |contract: &Contract| contract.modes.join(", ");
            list.changed(Aspect::Modes, text(old), text(new), impact);
        }
        list.requires(old.requires.as_ref(), new.requires.as_ref());
        list.described(&old.doc, &new.doc);
        list.changes
    }

    fn methods(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let names = |contract: &'a Contract| -> HashMap<&'a str, ()> {
            contract.methods.iter().map(|method| (method.name.as_str(), ())).collect()
        };
        let (old_names, new_names) = (names(self.old), names(self.new));
        let mut only = |contract: &Contract, others: &HashMap<&str, ()>, kind, sides| {
            for method in &contract.methods {
                if !others.contains_key(method.name.as_str()) {
                    let place = Place { method: Some(method.name.clone()), ..self.place() };
                    let impact = Impact { json: sides, xlang: sides, changes_id: true };
                    changes.push(Change { place, kind: ChangeKind::clone(&kind), impact });
                }
            }
        };
        let compatible = Sides::new(Effect::Compatible, Effect::Compatible);
        only(self.new, &old_names, ChangeKind::Added(None), compatible);
        only(self.old, &new_names, ChangeKind::Removed(None), Sides::BREAKING);
        for common in &self.common {
            changes.extend(self.method(common));
        }
        changes.sort_by(|a, b| a.place.method.cmp(&b.place.method));
        changes
    }

    fn method(&self, common: &Common<'_>) -> Vec<Change> {
        let Common { old, new, messages } = common;
        let place = Place { method: Some(new.name.clone()), ..self.place() };
        let mut list = Changes { place, changes: Vec::new() };
        let both = |request| {
            let sides = one(0, request);
            Impact { json: sides, xlang: sides, changes_id: true }
        };
        let broken = Impact { json: Sides::BREAKING, xlang: Sides::BREAKING, changes_id: true };
        list.changed(Aspect::Pattern, old.pattern, new.pattern, broken);
        // Who repeated a call because that was harmless now does it twice.
        let repeated = if new.idempotent { Effect::Compatible } else { Effect::Breaking };
        let yes_or_no = |flag| if flag { "yes" } else { "no" };
        let (from, to) = (yes_or_no(old.idempotent), yes_or_no(new.idempotent));
        list.changed(Aspect::Idempotent, from, to, both(repeated));
        let seconds = |timeout: Option<f64>| match timeout {
            Some(seconds) => format!("{seconds} s"),
            None => "none".to_owned(),
        };
        let (from, to) = (seconds(old.timeout), seconds(new.timeout));
        list.changed(Aspect::Timeout, from, to, both(Effect::Compatible));
        list.requires(old.requires.as_ref(), new.requires.as_ref());
        list.described(&old.doc, &new.doc);
        let types = [(&old.request, &new.request), (&old.response, &new.response)];
        for (side, ((old, new), message)) in types.into_iter().zip(messages).enumerate() {
            if old == new {
                continue;
            }
            let (old_kept, new_kept) = (Kept::of(old), Kept::of(new));
            let inside = at(self.types.json_inside(&message.pairs), side);
            let is_any = *old == FieldType::Any || *new == FieldType::Any;
            let impact = Impact {
                json: one(side, message.json.max(inside)),
                xlang: one(side, if is_any { Effect::Unknown } else { Effect::Breaking }),
                changes_id: old_kept != new_kept,
            };
            list.place.direction = DIRECTIONS.get(side).copied();
            list.changed(Aspect::Type, old, new, impact);
        }
        list.changes
    }

    fn types(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for pair in &self.types.pairs {
            let (old, new) = pair.tags;
            if old == new || self.types.renamed.get(new) == Some(&old) {
                changes.extend(self.inside(pair));
            }
        }
        let told = |tags: &std::collections::BTreeSet<&str>, kind: ChangeKind| {
            tags.iter()
                .map(|tag| Change {
                    place: Place { ty: Some((*tag).to_owned()), ..self.place() },
                    kind: kind.clone(),
                    impact: Impact::default(),
                })
                .collect::<Vec<_>>()
        };
        changes.extend(told(&self.types.added, ChangeKind::Added(None)));
        changes.extend(told(&self.types.removed, ChangeKind::Removed(None)));
        changes
    }

    /// The changes of one type, with effects where a method uses it.
    fn inside(&self, pair: &TypePair<'a>) -> Vec<Change> {
        let [request, response] = pair.uses;
        let used = |sides: Sides| {
            let keep = |effect, used: Option<_>| if used.is_some() { effect } else { Effect::None };
            Sides::new(keep(sides.request, request), keep(sides.response, response))
        };
        let (method, direction) = match (request, response) {
            (Some(method), _) => (Some(method), Some(Direction::Request)),
            (None, Some(method)) => (Some(method), Some(Direction::Response)),
            (None, None) => (None, None),
        };
        let change = |member: &super::members::MemberChange<'_>| Change {
            place: Place {
                service: self.new.service.clone(),
                method: method.map(str::to_owned),
                direction,
                ty: Some(pair.tags.1.to_owned()),
                member: member.member.map(str::to_owned),
            },
            kind: member.kind.clone(),
            impact: Impact {
                json: used(member.json.and(self.types.json_inside(&member.replaced))),
                xlang: used(member.xlang),
                changes_id: pair.is_hashed && member.changes_hash,
            },
        };
        pair.changes.iter().map(change).collect()
    }
}

/// Changes at one place.
struct Changes {
    place: Place,
    changes: Vec<Change>,
}

impl Changes {
    fn changed<T: ToString>(&mut self, aspect: Aspect, from: T, to: T, impact: Impact) {
        let (from, to) = (from.to_string(), to.to_string());
        if from != to {
            let kind = ChangeKind::Changed { aspect, from, to };
            self.changes.push(Change { place: self.place.clone(), kind, impact });
        }
    }

    fn described(&mut self, old: &str, new: &str) {
        if old != new {
            let (kind, impact) = (ChangeKind::Description, Impact::default());
            self.changes.push(Change { place: self.place.clone(), kind, impact });
        }
    }

    /// Requirements are no part of the id (contract.md 3). Whether a caller
    /// holds more than it had to is not known.
    fn requires(&mut self, old: Option<&Requirement>, new: Option<&Requirement>) {
        let request = if implies(old, new) { Effect::Compatible } else { Effect::Unknown };
        let sides = one(0, request);
        let text = |requires: Option<&Requirement>| match requires {
            Some(requires) => requires.to_string(),
            None => "nothing".to_owned(),
        };
        let impact = Impact { json: sides, xlang: sides, changes_id: false };
        self.changed(Aspect::Requires, text(old), text(new), impact);
    }
}

/// Whether everybody who meets the old requirement meets the new one.
fn implies(old: Option<&Requirement>, new: Option<&Requirement>) -> bool {
    use Requirement::{Admitted, AllOf, AnyOf, Role};
    let Some(new) = new else { return true };
    let meets = |held: &[&String]| match new {
        Admitted => true,
        Role(role) => held.contains(&role),
        AnyOf(roles) => roles.iter().any(|role| held.contains(&role)),
        AllOf(roles) => roles.iter().all(|role| held.contains(&role)),
    };
    match old {
        None | Some(Admitted) => meets(&[]),
        Some(Role(role)) => meets(&[role]),
        // Each of them alone must do.
        Some(AnyOf(roles)) => roles.iter().all(|role| meets(&[role])),
        Some(AllOf(roles)) => meets(&roles.iter().collect::<Vec<_>>()),
    }
}

#[cfg(test)]
mod tests;
