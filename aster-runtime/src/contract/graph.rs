//! The messages of a service and how they hold each other, as constants.

#![allow(missing_docs, reason = "hidden from documentation")]

use super::canonical::{FieldDef, Leaf, MethodDef, TypeDef};
use super::identity::Form;
use super::report::Report;
use crate::service::Pattern;

/// A message, made after every message that it holds.
#[derive(Debug)]
pub struct Node {
    pub tag: &'static str,
    /// The schema hash; tells types of one tag apart.
    pub schema: u32,
    /// The hash of the canonical bytes.
    pub hash: [u8; 32],
    pub edges: &'static [Edge],
    /// Whether there is a back edge in it or in what it holds.
    has_back_edge: bool,
    /// Whether there is a mistake in it or in what it holds, which is reported
    /// elsewhere.
    is_broken: bool,
}

/// A field, and the message that it leads to.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    def: FieldDef<'static>,
    to: Option<&'static Node>,
    back: Option<Form>,
}

impl Edge {
    /// A field of a message that has no end.
    pub const BLANK: Self = Self::new("", Form::ANY, None);

    /// A field whose message, if it has one, enters by its hash. Without a node
    /// a message is the one that the field is in.
    #[must_use]
    pub const fn new(name: &'static str, form: Form, to: Option<&'static Node>) -> Self {
        let leaf = match to {
            Some(node) => Leaf::Ref(&node.hash),
            None => form.leaf,
        };
        let Form { container, optional, .. } = form;
        Self { def: FieldDef { name, leaf, container, optional }, to, back: None }
    }

    /// A field that closes a circle: its message enters by name.
    #[must_use]
    pub const fn back(name: &'static str, form: Form) -> Self {
        Self { back: Some(form), ..Self::new(name, form, None) }
    }

    const fn is_broken(&self) -> bool {
        match (self.to, self.def.leaf) {
            (Some(node), _) => node.is_broken,
            (None, Leaf::SelfRef(tag)) => tag.is_empty(),
            _ => false,
        }
    }
}

impl Node {
    /// A message with a mistake, which is reported elsewhere.
    pub const BROKEN: Self = Self {
        tag: "",
        schema: 0,
        hash: [0; 32],
        edges: &[],
        has_back_edge: false,
        is_broken: true,
    };

    #[must_use]
    pub const fn new<const N: usize>(
        // First, so that messages inside are computed before what is made of
        // them: what is computed already does not nest.
        edges: &'static [Edge; N],
        is_endless: bool,
        tag: &'static str,
        [package, name]: [&'static str; 2],
        schema: u32,
    ) -> Self {
        let (mut has_back_edge, mut is_broken) = (false, is_endless);
        let mut fields = [Edge::BLANK.def; N];
        let (mut places, mut rest) = (fields.as_mut_slice(), edges.as_slice());
        while let ([place, more @ ..], [edge, after @ ..]) = (places, rest) {
            has_back_edge |= edge.back.is_some();
            if let Some(node) = edge.to {
                has_back_edge |= node.has_back_edge;
            }
            is_broken |= edge.is_broken();
            *place = edge.def;
            (places, rest) = (more, after);
        }
        let hash =
            if is_broken { [0; 32] } else { TypeDef { package, name, fields: &fields }.hash() };
        Self { tag, schema, hash, edges, has_back_edge, is_broken }
    }

    const fn is(&self, other: &Self) -> bool {
        self.schema == other.schema && equal(&self.hash, &other.hash)
    }
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    let (mut a, mut b) = (a, b);
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (rest_a, rest_b);
    }
    a.is_empty() && b.is_empty()
}

/// A method of a service, for generated code.
#[must_use]
pub const fn method_def(
    name: &'static str,
    pattern: Pattern,
    (request, response): (&'static Node, &'static Node),
    idempotent: bool,
    timeout_nanos: u64,
) -> MethodDef<'static> {
    MethodDef {
        name,
        pattern,
        request: &request.hash,
        response: &response.hash,
        idempotent,
        timeout: timeout_nanos as f64 / 1e9,
    }
}

/// Whether the messages of a service are free of mistakes.
#[must_use]
pub(super) const fn are_sound(roots: &[&'static Node]) -> bool {
    let mut rest = roots;
    while let [node, after @ ..] = rest {
        if node.is_broken {
            return false;
        }
        rest = after;
    }
    true
}

/// A message as far as some levels go; for the search for circles, before
/// anything is hashed.
#[derive(Debug)]
pub struct Layer<Steps: ?Sized = [Step]> {
    tag: &'static str,
    /// Whether there is more below.
    is_endless: bool,
    steps: Steps,
}

/// A field, and the layer that it leads to.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    field: &'static str,
    to: Option<&'static Layer>,
}

impl Step {
    #[must_use]
    pub const fn new(field: &'static str, to: Option<&'static Layer>) -> Self {
        Self { field, to }
    }
}

impl<const N: usize> Layer<[Step; N]> {
    /// A message and its fields; without them if no level is left.
    #[must_use]
    pub const fn new(tag: &'static str, steps: Option<[Step; N]>) -> Self {
        match steps {
            Some(steps) => Self { tag, is_endless: first_endless(&steps).is_some(), steps },
            None => Self { tag, is_endless: true, steps: [Step::new("", None); N] },
        }
    }
}

/// The first field behind which there is no end.
const fn first_endless(steps: &[Step]) -> Option<(&'static str, &'static Layer)> {
    let mut rest = steps;
    while let [step, after @ ..] = rest {
        if let Some(layer) = step.to
            && layer.is_endless
        {
            return Some((step.field, layer));
        }
        rest = after;
    }
    None
}

impl Layer {
    #[must_use]
    pub const fn is_endless(&self) -> bool {
        self.is_endless
    }

    #[track_caller]
    const fn assert_finite(&'static self) {
        let mut report = Report::new();
        let mut other_circle = false;
        let (mut layer, mut steps) = (self, 0);
        while let Some((field, next)) = first_endless(&layer.steps) {
            if steps > 0 {
                report.add(" -> ");
            }
            report.add(layer.tag);
            report.add(".");
            report.add(field);
            (layer, steps) = (next, steps + 1);
            if equal(layer.tag.as_bytes(), self.tag.as_bytes()) {
                if self.is_least_on_the_way(steps) {
                    report.add(
                        ": this circle of types has no end, and so no hash; put \
                         #[wire(back_edge)] on the field that closes it, which the contract then \
                         has by name",
                    );
                    report.fail();
                }
                return;
            }
            other_circle |= layer.recurs();
        }
        if steps > 0 && !other_circle {
            let mut report = Report::new();
            report.add(self.tag);
            report.add(" has messages inside messages more than 20 levels deep");
            report.fail();
        }
    }

    /// Whether this message comes again on the way down.
    const fn recurs(&'static self) -> bool {
        let mut layer = self;
        while let Some((_, next)) = first_endless(&layer.steps) {
            if equal(next.tag.as_bytes(), self.tag.as_bytes()) {
                return true;
            }
            layer = next;
        }
        false
    }

    const fn is_least_on_the_way(&'static self, steps: usize) -> bool {
        let (mut layer, mut left) = (self, steps);
        while left > 0
            && let Some((_, next)) = first_endless(&layer.steps)
        {
            if crate::codec::precedes(next.tag, self.tag) {
                return false;
            }
            (layer, left) = (next, left - 1);
        }
        true
    }
}

/// Fails to compile if a message is in a circle: once for a circle, at the
/// message with the least tag.
#[track_caller]
pub const fn assert_finite(message: Option<&'static Layer>) {
    if let Some(layer) = message {
        layer.assert_finite();
    }
}

/// The most messages of a service with back edges.
const MAX_MESSAGES: usize = 1024;

/// Fails to compile if a message that a back edge names is not part of the
/// contract by its hash too: changes of it would go unnoticed.
#[track_caller]
pub const fn assert_hashed(roots: &[&'static Node]) {
    let mut has_back_edge = false;
    let mut rest = roots;
    while let [node, after @ ..] = rest {
        has_back_edge |= node.has_back_edge;
        rest = after;
    }
    if has_back_edge && are_sound(roots) {
        Hashed::of(roots).assert_back_edges();
    }
}

/// The messages that are part of a contract by their hash.
struct Hashed {
    nodes: [&'static Node; MAX_MESSAGES],
    count: usize,
}

impl Hashed {
    #[track_caller]
    const fn of(roots: &[&'static Node]) -> Self {
        let mut hashed = Self { nodes: [&Node::BROKEN; MAX_MESSAGES], count: 0 };
        let mut rest = roots;
        while let [node, after @ ..] = rest {
            hashed.add(node);
            rest = after;
        }
        let mut at = 0;
        while let Some(node) = hashed.get(at) {
            let mut edges = node.edges;
            while let [edge, after @ ..] = edges {
                if let Some(node) = edge.to {
                    hashed.add(node);
                }
                edges = after;
            }
            at += 1;
        }
        hashed
    }

    const fn known(&self) -> &[&'static Node] {
        self.nodes.split_at(self.count).0
    }

    const fn get(&self, at: usize) -> Option<&'static Node> {
        match self.known().split_at_checked(at) {
            Some((_, [node, ..])) => Some(*node),
            _ => None,
        }
    }

    #[track_caller]
    const fn add(&mut self, node: &'static Node) {
        let mut known = self.known();
        while let [other, after @ ..] = known {
            if node.is(other) {
                return;
            }
            known = after;
        }
        assert!(self.count < MAX_MESSAGES, "a service with back edges has at most 1024 messages");
        if let Some((_, [place, ..])) = self.nodes.split_at_mut_checked(self.count) {
            *place = node;
        }
        self.count += 1;
    }

    const fn has(&self, target: &Form) -> bool {
        let Leaf::SelfRef(tag) = target.leaf else {
            return true;
        };
        let mut known = self.known();
        while let [node, after @ ..] = known {
            if node.schema == target.schema && equal(node.tag.as_bytes(), tag.as_bytes()) {
                return true;
            }
            known = after;
        }
        false
    }

    #[track_caller]
    const fn assert_back_edges(&self) {
        let mut known = self.known();
        while let [node, after @ ..] = known {
            let mut edges = node.edges;
            while let [edge, rest @ ..] = edges {
                if let Some(target) = &edge.back
                    && let Leaf::SelfRef(tag) = target.leaf
                    && !self.has(target)
                {
                    let mut report = Report::new();
                    report.add("the contract holds ");
                    report.add(tag);
                    report.add(" by name only, so its id would hide changes of it: ");
                    report.add(node.tag);
                    report.add(".");
                    report.add(edge.def.name);
                    report.add(
                        " is a back edge; put #[wire(back_edge)] on the field that leads the \
                         other way instead",
                    );
                    report.fail();
                }
                edges = rest;
            }
            known = after;
        }
    }
}

/// Fails to compile if a field with `back_edge` has no message to name.
#[track_caller]
pub const fn assert_message(form: Form) {
    assert!(
        form.has_message(),
        "`back_edge` is for a field that closes a circle of messages: the contract has no message \
         here"
    );
}
