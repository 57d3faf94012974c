//! The types of two contracts that stand at the same places, and what changed
//! in them and in what they lead to.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::change::{Aspect, ChangeKind};
use super::compatibility::Pair;
use super::limits::MAX_TYPES;
use super::members::{MemberChange, fields, variants};
use super::outline::{Kept, Outline};
use super::verdict::{Effect, Sides};
use super::{Contract, FieldType, Type, TypeBody};

/// The most pairs that are compared. Contracts in which every type stands
/// where every other one stood are not worth more.
const MAX_PAIRS: usize = 4 * MAX_TYPES;

/// Two types, old and new, that stand at the same place.
pub(super) struct TypePair<'a> {
    pub(super) tags: Pair<'a>,
    /// What changed in them.
    pub(super) changes: Vec<MemberChange<'a>>,
    /// The worst of it and of what they lead to, for those who write every
    /// field: without what defaults do.
    pub(super) json: Sides,
    pub(super) xlang: Sides,
    /// The first method that sends it, and the first one that gets it.
    pub(super) uses: [Option<&'a str>; 2],
    /// Whether the identity of either contract contains it.
    pub(super) is_hashed: bool,
    leads_to: Vec<usize>,
}

/// All pairs, in the order in which methods lead to them.
pub(super) struct TypePairs<'a> {
    pub(super) pairs: Vec<TypePair<'a>>,
    index: HashMap<Pair<'a>, usize>,
    /// Tags that only the new contract has, and for which no old one went.
    pub(super) added: BTreeSet<&'a str>,
    /// Tags that only the old contract has.
    pub(super) removed: BTreeSet<&'a str>,
    /// The new tags of types that have probably been renamed, with the old.
    pub(super) renamed: HashMap<&'a str, &'a str>,
}

/// A message that a method sends or gets: its types, and 0 for the request or
/// 1 for the response.
pub(super) struct Root<'a> {
    pub(super) method: &'a str,
    pub(super) side: usize,
    pub(super) tags: Pair<'a>,
}

impl<'a> TypePairs<'a> {
    /// Compares what the roots lead to, then all other types with the same tag.
    pub(super) fn of(old: &'a Contract, new: &'a Contract, roots: &[Root<'a>]) -> Self {
        let types = [by_tag(old), by_tag(new)];
        let [old_tags, new_tags] = &types;
        let mut all = Self {
            pairs: Vec::new(),
            index: HashMap::new(),
            added: new_tags.keys().filter(|tag| !old_tags.contains_key(*tag)).copied().collect(),
            removed: old_tags.keys().filter(|tag| !new_tags.contains_key(*tag)).copied().collect(),
            renamed: HashMap::new(),
        };
        let same_id = old.id == new.id;
        let common = old.types.iter().map(|ty| ty.tag.as_str());
        let common = common.filter(|tag| new_tags.contains_key(tag)).map(|tag| (tag, tag));
        let hashed = [hashed_tags(old, old_tags), hashed_tags(new, new_tags)];
        for tags in roots.iter().map(|root| root.tags).chain(common) {
            let mut done = all.pairs.len();
            all.enter(tags);
            while done < all.pairs.len() {
                all.compare(done, &types, &hashed, same_id);
                done += 1;
            }
        }
        all.sum_up();
        for root in roots {
            all.mark(root);
        }
        all
    }

    pub(super) fn get(&self, tags: Pair<'_>) -> Option<&TypePair<'a>> {
        self.pairs.get(*self.index.get(&tags)?)
    }

    /// The worst effects in these pairs and in what they lead to. What was not
    /// compared is not known.
    pub(super) fn json_inside(&self, pairs: &[Pair<'_>]) -> Sides {
        let unknown = Sides::new(Effect::Unknown, Effect::Unknown);
        let inside = pairs.iter().map(|tags| self.get(*tags).map_or(unknown, |pair| pair.json));
        inside.fold(Sides::NONE, Sides::and)
    }

    fn enter(&mut self, tags: Pair<'a>) -> Option<usize> {
        if let Some(index) = self.index.get(&tags) {
            return Some(*index);
        }
        if self.pairs.len() >= MAX_PAIRS {
            return None;
        }
        let index = self.pairs.len();
        self.index.insert(tags, index);
        self.pairs.push(TypePair {
            tags,
            changes: Vec::new(),
            json: Sides::NONE,
            xlang: Sides::NONE,
            uses: [None; 2],
            is_hashed: false,
            leads_to: Vec::new(),
        });
        Some(index)
    }

    fn compare(
        &mut self,
        index: usize,
        [old_types, new_types]: &[HashMap<&'a str, &'a Type>; 2],
        [old_hashed, new_hashed]: &[HashSet<&'a str>; 2],
        same_id: bool,
    ) {
        let Some(tags) = self.pairs.get(index).map(|pair| pair.tags) else { return };
        let (old_tag, new_tag) = tags;
        let (old, new) = (old_types.get(old_tag), new_types.get(new_tag));
        let mut inside = Vec::new();
        let whole = |aspect, from: &str, to: &str, effects| MemberChange {
            member: None,
            kind: ChangeKind::Changed { aspect, from: from.to_owned(), to: to.to_owned() },
            json: effects,
            xlang: effects,
            changes_hash: false,
            replaced: Vec::new(),
        };
        let mut changes = match (old.map(|ty| &ty.body), new.map(|ty| &ty.body)) {
            (Some(TypeBody::Message(old)), Some(TypeBody::Message(new))) => {
                fields(tags, old, new, &mut inside)
            }
            (Some(TypeBody::Enum(old)), Some(TypeBody::Enum(new))) => variants(old, new),
            (Some(TypeBody::Message(_)), Some(TypeBody::Enum(_))) => {
                vec![whole(Aspect::Type, "message", "enum", Sides::BREAKING)]
            }
            (Some(TypeBody::Enum(_)), Some(TypeBody::Message(_))) => {
                vec![whole(Aspect::Type, "enum", "message", Sides::BREAKING)]
            }
            _ if same_id => Vec::new(),
            (old, new) => {
                let word = |is: bool| if is { "described" } else { "not described" };
                let (from, to) = (word(old.is_some()), word(new.is_some()));
                let unknown = Sides::new(Effect::Unknown, Effect::Unknown);
                vec![whole(Aspect::Type, from, to, unknown)]
            }
        };
        if old_tag != new_tag && self.removed.contains(old_tag) && self.added.contains(new_tag) {
            self.removed.remove(old_tag);
            self.added.remove(new_tag);
            self.renamed.insert(new_tag, old_tag);
            let is_enum = new.is_some_and(|ty| matches!(ty.body, TypeBody::Enum(_)));
            let compatible = Sides::new(Effect::Compatible, Effect::Compatible);
            let change = MemberChange {
                member: None,
                kind: ChangeKind::RenamedFrom(old_tag.to_owned()),
                json: compatible,
                xlang: if is_enum { compatible } else { Sides::BREAKING },
                changes_hash: !is_enum,
                replaced: Vec::new(),
            };
            changes.insert(0, change);
        }
        if let (Some(old), Some(new)) = (old, new)
            && old.doc != new.doc
        {
            changes.push(MemberChange {
                kind: ChangeKind::Description,
                ..whole(Aspect::Type, "", "", Sides::NONE)
            });
        }
        let mut json = changes
            .iter()
            .filter(|change| !change.is_default())
            .map(|change| change.json)
            .fold(Sides::NONE, Sides::and);
        let mut xlang = changes.iter().map(|change| change.xlang).fold(Sides::NONE, Sides::and);
        let mut leads_to = Vec::new();
        for tags in inside {
            match self.enter(tags) {
                Some(index) => leads_to.push(index),
                None => {
                    let unknown = Sides::new(Effect::Unknown, Effect::Unknown);
                    (json, xlang) = (json.and(unknown), xlang.and(unknown));
                }
            }
        }
        if let Some(pair) = self.pairs.get_mut(index) {
            let is_hashed = old_hashed.contains(old_tag) || new_hashed.contains(new_tag);
            *pair = TypePair { tags, changes, json, xlang, uses: [None; 2], is_hashed, leads_to };
        }
    }

    /// Adds the effects of all that a pair leads to, cycles included: a pair
    /// whose effects got worse hands them to those that lead to it.
    fn sum_up(&mut self) {
        let mut used_by: Vec<Vec<usize>> = self.pairs.iter().map(|_| Vec::new()).collect();
        for (index, pair) in self.pairs.iter().enumerate() {
            for inside in &pair.leads_to {
                if let Some(users) = used_by.get_mut(*inside) {
                    users.push(index);
                }
            }
        }
        let mut open: Vec<usize> = (0..self.pairs.len()).collect();
        while let Some(index) = open.pop() {
            let Some(&TypePair { json, xlang, .. }) = self.pairs.get(index) else { continue };
            for &user in used_by.get(index).into_iter().flatten() {
                let Some(pair) = self.pairs.get_mut(user) else { continue };
                let worse = (pair.json.and(json), pair.xlang.and(xlang));
                if worse != (pair.json, pair.xlang) {
                    (pair.json, pair.xlang) = worse;
                    open.push(user);
                }
            }
        }
    }

    /// Notes the first method that uses each pair on each side.
    fn mark(&mut self, root: &Root<'a>) {
        let mut open: Vec<usize> = self.index.get(&root.tags).copied().into_iter().collect();
        while let Some(index) = open.pop() {
            let Some(pair) = self.pairs.get_mut(index) else { continue };
            if let Some(unused @ None) = pair.uses.get_mut(root.side) {
                *unused = Some(root.method);
                open.extend(&pair.leads_to);
            }
        }
    }
}

fn by_tag(contract: &Contract) -> HashMap<&str, &Type> {
    contract.types.iter().map(|ty| (ty.tag.as_str(), ty)).collect()
}

/// The messages whose hashes are part of the contract's id.
fn hashed_tags<'a>(contract: &'a Contract, types: &HashMap<&'a str, &'a Type>) -> HashSet<&'a str> {
    let mut hashed = HashSet::new();
    let roots = contract.methods.iter().flat_map(|method| [&method.request, &method.response]);
    let root = |ty: &'a FieldType| match ty {
        FieldType::Message(tag) => Some(tag.as_str()),
        _ => None,
    };
    let mut open: Vec<&str> = roots.filter_map(root).collect();
    while let Some(tag) = open.pop() {
        if !hashed.insert(tag) {
            continue;
        }
        let Some(Type { body: TypeBody::Message(fields), .. }) = types.get(tag) else { continue };
        for field in fields {
            for kept in Outline::of(field, tag).parts() {
                if let Kept::Message(inside) = kept {
                    open.push(inside);
                }
            }
        }
    }
    hashed
}
