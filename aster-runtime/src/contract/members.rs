//! What changed inside a message or an enum.

use std::collections::{HashMap, HashSet};

use super::change::{Aspect, ChangeKind};
use super::compatibility::{
    Pair, VARIANT_ADDED, VARIANT_REMOVED, added, default, json, removed, xlang,
};
use super::outline::Outline;
use super::verdict::{Effect, Sides};
use super::{Field, FieldType, Variant};

/// A change inside a type, before it is known who uses the type.
pub(super) struct MemberChange<'a> {
    /// The field or variant; none for the type itself.
    pub(super) member: Option<&'a str>,
    pub(super) kind: ChangeKind,
    pub(super) json: Sides,
    pub(super) xlang: Sides,
    /// Whether the hash of the type changes with it.
    pub(super) changes_hash: bool,
    /// Types with other names that now stand where these stood: what differs
    /// inside them is part of this change.
    pub(super) replaced: Vec<Pair<'a>>,
}

impl<'a> MemberChange<'a> {
    pub(super) fn new(member: &'a str, kind: ChangeKind, json: Sides, xlang: Sides) -> Self {
        let replaced = Vec::new();
        Self { member: Some(member), kind, json, xlang, changes_hash: true, replaced }
    }

    pub(super) const fn is_default(&self) -> bool {
        matches!(self.kind, ChangeKind::Changed { aspect: Aspect::Default, .. })
    }

    fn unhashed(self) -> Self {
        Self { changes_hash: false, ..self }
    }
}

/// What changed between the fields of two messages. The types that stand at the
/// same place in both are added to `pairs`.
pub(super) fn fields<'a>(
    owners: Pair<'a>,
    old: &'a [Field],
    new: &'a [Field],
    pairs: &mut Vec<Pair<'a>>,
) -> Vec<MemberChange<'a>> {
    let positions = |fields: &'a [Field]| -> HashMap<&'a str, usize> {
        fields.iter().enumerate().map(|(at, field)| (field.name.as_str(), at)).collect()
    };
    let (old_at, new_at) = (positions(old), positions(new));
    let stay: Vec<(usize, usize)> = old
        .iter()
        .enumerate()
        .filter_map(|(at, field)| Some((at, *new_at.get(field.name.as_str())?)))
        .collect();
    let moved = moved(&stay);
    let mut gone = places(old, &new_at);
    let arrived = places(new, &old_at);
    let mut changes = Vec::new();
    for (at, field) in new.iter().enumerate() {
        let name = field.name.as_str();
        if let Some(&was) = old_at.get(name) {
            let Some(before) = old.get(was) else { continue };
            if moved.contains(&at) {
                let kind = ChangeKind::Moved { from: was + 1, to: at + 1 };
                let none = Sides::new(Effect::Compatible, Effect::Compatible);
                changes.push(MemberChange::new(name, kind, none, none));
            }
            changes.extend(aspects(owners, before, field, pairs));
            continue;
        }
        // A field that is gone from the same place and had the same type.
        let twin = arrived
            .iter()
            .find(|(_, index)| **index == at)
            .and_then(|(place, _)| Some((*place, *gone.get(place)?)))
            .and_then(|(place, was)| Some((place, old.get(was)?)))
            .filter(|(_, before)| before.ty == field.ty && before.dynamic == field.dynamic);
        if let Some((place, before)) = twin {
            gone.remove(&place);
            let kind = ChangeKind::RenamedFrom(before.name.clone());
            changes.push(MemberChange::new(name, kind, Sides::BREAKING, Sides::BREAKING));
            changes.extend(aspects(owners, before, field, pairs));
        } else {
            let ((json, xlang), kind) = (added(field), ChangeKind::Added(Some(told(field))));
            changes.push(MemberChange::new(name, kind, json, xlang));
        }
    }
    let gone: HashSet<usize> = gone.into_values().collect();
    for (at, field) in old.iter().enumerate() {
        if gone.contains(&at) {
            let ((json, xlang), kind) = (removed(field), ChangeKind::Removed(Some(told(field))));
            changes.push(MemberChange::new(&field.name, kind, json, xlang));
        }
    }
    changes
}

/// A field's type, and the default that others may rely on.
fn told(field: &Field) -> String {
    match &field.default {
        Some(default) => format!("{} with the default {default}", field.ty),
        None => format!("{}, which must be there", field.ty),
    }
}

/// The fields that the other message does not have, by where they are: the
/// field of both messages that they follow, and at which distance.
fn places<'a>(
    fields: &'a [Field],
    others: &HashMap<&str, usize>,
) -> HashMap<(Option<&'a str>, usize), usize> {
    let (mut after, mut distance) = (None, 0);
    let mut places = HashMap::new();
    for (at, field) in fields.iter().enumerate() {
        if others.contains_key(field.name.as_str()) {
            (after, distance) = (Some(field.name.as_str()), 0);
        } else {
            distance += 1;
            places.insert((after, distance), at);
        }
    }
    places
}

/// The new positions of the fewest fields that, taken away, leave the others
/// in their old order.
fn moved(stay: &[(usize, usize)]) -> HashSet<usize> {
    // The longest rising run of new positions: `ends` has, for every length,
    // the run of that length that ends lowest.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(stay.len());
    let position = |index: usize| stay.get(index).map_or(0, |(_, new)| *new);
    for (index, (_, new)) in stay.iter().enumerate() {
        let len = ends.partition_point(|end| position(*end) < *new);
        before.push(len.checked_sub(1).and_then(|last| ends.get(last).copied()));
        match ends.get_mut(len) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut moved: HashSet<usize> = stay.iter().map(|(_, new)| *new).collect();
    let mut next = ends.last().copied();
    while let Some(index) = next {
        moved.remove(&position(index));
        next = before.get(index).copied().flatten();
    }
    moved
}

/// What changed about a field that stays.
fn aspects<'a>(
    owners: Pair<'a>,
    old: &'a Field,
    new: &'a Field,
    pairs: &mut Vec<Pair<'a>>,
) -> Vec<MemberChange<'a>> {
    let mut changes = Vec::new();
    let mut inside = Vec::new();
    let effects = json(&old.ty, &new.ty, &mut inside);
    let xlang = xlang(old, new, owners);
    let changes_hash = Outline::of(old, owners.0) != Outline::of(new, owners.1);
    let changed = |aspect, from: String, to: String, json, xlang| {
        MemberChange::new(&new.name, ChangeKind::Changed { aspect, from, to }, json, xlang)
    };
    if old.ty != new.ty {
        let replaced = inside.iter().filter(|(old, new)| old != new).copied().collect();
        let change = if bare(&old.ty) == bare(&new.ty) {
            let optional = |ty| if bare(ty) == ty { "no" } else { "yes" }.to_owned();
            let (from, to) = (optional(&old.ty), optional(&new.ty));
            changed(Aspect::Optional, from, to, effects, xlang)
        } else {
            changed(Aspect::Type, old.ty.to_string(), new.ty.to_string(), effects, xlang)
        };
        changes.push(MemberChange { changes_hash, replaced, ..change });
    }
    pairs.extend(inside);
    let yes_or_no = |flag| if flag { "yes" } else { "no" }.to_owned();
    if old.dynamic != new.dynamic {
        let (from, to) = (yes_or_no(old.dynamic), yes_or_no(new.dynamic));
        let change = changed(Aspect::Dynamic, from, to, Sides::NONE, xlang);
        changes.push(MemberChange { changes_hash, ..change });
    }
    if old.back_edge != new.back_edge {
        let (from, to) = (yes_or_no(old.back_edge), yes_or_no(new.back_edge));
        let change = changed(Aspect::BackEdge, from, to, Sides::NONE, Sides::NONE);
        changes.push(MemberChange { changes_hash, ..change });
    }
    if old.default != new.default {
        let text = |field: &Field| match &field.default {
            Some(value) => value.to_string(),
            None => "none".to_owned(),
        };
        let json = default(old, new);
        changes.push(changed(Aspect::Default, text(old), text(new), json, Sides::NONE).unhashed());
    }
    if old.doc != new.doc {
        let (kind, none) = (ChangeKind::Description, Sides::NONE);
        changes.push(MemberChange::new(&new.name, kind, none, none).unhashed());
    }
    changes
}

/// The type without the outermost option.
fn bare(ty: &FieldType) -> &FieldType {
    if let FieldType::Optional(inner) = ty { inner } else { ty }
}

/// What changed between the variants of two enums. Enums are no part of the
/// identity (contract.md 1.2).
pub(super) fn variants<'a>(old: &'a [Variant], new: &'a [Variant]) -> Vec<MemberChange<'a>> {
    let positions = |variants: &'a [Variant]| -> HashMap<&'a str, usize> {
        variants.iter().enumerate().map(|(at, variant)| (variant.name.as_str(), at)).collect()
    };
    let (old_at, new_at) = (positions(old), positions(new));
    let compatible = Sides::new(Effect::Compatible, Effect::Compatible);
    let mut changes = Vec::new();
    let mut renamed = HashSet::new();
    for (at, variant) in new.iter().enumerate() {
        let name = variant.name.as_str();
        let before = match old_at.get(name) {
            Some(&was) => {
                if was != at {
                    let kind = ChangeKind::Moved { from: was + 1, to: at + 1 };
                    changes.push(MemberChange::new(name, kind, compatible, Sides::BREAKING));
                }
                old.get(was)
            }
            None => match old.get(at).filter(|old| !new_at.contains_key(old.name.as_str())) {
                Some(before) => {
                    renamed.insert(at);
                    let kind = ChangeKind::RenamedFrom(before.name.clone());
                    changes.push(MemberChange::new(name, kind, Sides::BREAKING, compatible));
                    Some(before)
                }
                None => {
                    let kind = ChangeKind::Added(None);
                    changes.push(MemberChange::new(name, kind, VARIANT_ADDED, VARIANT_ADDED));
                    None
                }
            },
        };
        if before.is_some_and(|before| before.doc != variant.doc) {
            let kind = ChangeKind::Description;
            changes.push(MemberChange::new(name, kind, Sides::NONE, Sides::NONE));
        }
    }
    for (at, variant) in old.iter().enumerate() {
        if !renamed.contains(&at) && !new_at.contains_key(variant.name.as_str()) {
            let (name, kind) = (variant.name.as_str(), ChangeKind::Removed(None));
            changes.push(MemberChange::new(name, kind, VARIANT_REMOVED, VARIANT_REMOVED));
        }
    }
    changes.into_iter().map(MemberChange::unhashed).collect()
}
