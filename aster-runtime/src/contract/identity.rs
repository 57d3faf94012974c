//! What every Rust type is in the identity of a contract (contract.md 1.4, 4),
//! as constants.

#![allow(missing_docs, reason = "hidden from documentation")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;

use super::canonical::{Container, Leaf};
use super::graph::{Layer, Node};
use crate::codec::Value;

/// How many levels of messages are left to look into. Constants cannot be
/// computed in a circle, so the search for circles of types counts down.
pub trait Depth {
    type Less: Depth;
    const LEFT: u32;
}

/// No level.
#[derive(Debug)]
pub struct Zero;

/// One level more.
#[derive(Debug)]
pub struct Succ<D>(PhantomData<D>);

impl Depth for Zero {
    type Less = Self;
    const LEFT: u32 = 0;
}

impl<D: Depth> Depth for Succ<D> {
    type Less = D;
    const LEFT: u32 = D::LEFT + 1;
}

type Succ4<D> = Succ<Succ<Succ<Succ<D>>>>;
type Succ16<D> = Succ4<Succ4<Succ4<Succ4<D>>>>;

/// The deepest nesting of messages: 64 levels. Payloads nest less deep than
/// that, see [`DecodeLimits::MAX_DEPTH`](crate::codec::DecodeLimits::MAX_DEPTH).
pub type Top = Succ16<Succ16<Succ16<Succ16<Zero>>>>;

/// A type of a field, as the identity sees it.
///
/// What does not depend on other messages is in `FORM`; what does is in
/// `NODE`, which only those may name that know that types form no circle.
pub trait Identity<D: Depth> {
    /// The form of the type, with messages by name.
    const FORM: Form;
    /// The form of a `Vec` of it: bytes have their own.
    const VEC_FORM: Form = Self::FORM.list();
    /// The message inside, as far as `D` levels go.
    const LAYER: Option<&'static Layer> = None;
    /// The message inside that enters by its hash.
    const NODE: Option<&'static Node> = None;
}

/// What a type is as a field.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// A message is [`Leaf::SelfRef`] here, with its tag.
    pub leaf: Leaf<'static>,
    pub container: Container<'static>,
    pub optional: bool,
    /// The schema hash of the message; tells types of one tag apart.
    pub schema: u32,
}

impl Form {
    /// Anything whose type is not part of the identity.
    pub const ANY: Self = Self::leaf(Leaf::Any);
    /// A type with a mistake, which is reported elsewhere.
    pub const UNKNOWN: Self = Self::leaf(Leaf::SelfRef(""));

    const fn leaf(leaf: Leaf<'static>) -> Self {
        Self { leaf, container: Container::None, optional: false, schema: 0 }
    }

    const fn primitive(name: &'static str) -> Self {
        Self::leaf(Leaf::Primitive(name))
    }

    /// A message.
    #[must_use]
    pub const fn message(tag: &'static str, schema: u32) -> Self {
        Self { schema, ..Self::leaf(Leaf::SelfRef(tag)) }
    }

    /// Whether this is a leaf and nothing more.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        matches!(self.container, Container::None) && !self.optional
    }

    /// Whether a message enters the identity here.
    #[must_use]
    pub const fn has_message(&self) -> bool {
        matches!(self.leaf, Leaf::SelfRef(_))
    }

    /// This form inside a container, which has no place for another one or for
    /// null.
    const fn held_by(self, container: Container<'static>) -> Self {
        let element = if self.is_bare() { self } else { Self::ANY };
        Self { container, ..element }
    }

    const fn list(self) -> Self {
        self.held_by(Container::List)
    }

    const fn value_of(self, key: Self) -> Self {
        let key = if key.is_bare() { key.leaf } else { Leaf::Any };
        self.held_by(Container::Map(key))
    }

    /// The form of a field that travels with its type.
    #[must_use]
    pub const fn dynamic(self) -> Self {
        Self { optional: self.optional, ..Self::ANY }
    }
}

macro_rules! leaves {
    ($($form:expr => $($t:ty)*;)*) => {$($(
        impl<D: Depth> Identity<D> for $t {
            const FORM: Form = $form;
        }
    )*)*};
}

leaves! {
    Form::primitive("bool") => bool;
    Form::primitive("int64") => i8 i16 i32 i64 u16 u32 u64;
    Form::primitive("float64") => f32 f64;
    Form::primitive("string") => String;
    Form::primitive("binary") => Bytes;
    Form::ANY => Date Timestamp Value;
}

impl<D: Depth> Identity<D> for u8 {
    const FORM: Form = Form::primitive("int64");
    const VEC_FORM: Form = Form::primitive("binary");
}

/// The message of an element. The constant of a container that hides its
/// elements must not name it, not even where it is not used: constants in a
/// body are all computed. A call is not.
const fn element_node<T: Identity<D>, D: Depth>() -> Option<&'static Node> {
    T::NODE
}

macro_rules! containers {
    ($($t:ty, $form:expr, [$($generics:ident),*];)*) => {$(
        impl<T: Identity<D>, D: Depth, $($generics),*> Identity<D> for $t {
            const FORM: Form = $form;
            const LAYER: Option<&'static Layer> =
                if T::FORM.is_bare() { T::LAYER } else { None };
            const NODE: Option<&'static Node> =
                if T::FORM.is_bare() { element_node::<T, D>() } else { None };
        }
    )*};
}

containers! {
    Vec<T>, T::VEC_FORM, [];
    VecDeque<T>, T::FORM.list(), [];
    HashSet<T, S>, T::FORM.held_by(Container::Set), [S];
    BTreeSet<T>, T::FORM.held_by(Container::Set), [];
}

macro_rules! maps {
    ($($t:ty, [$($generics:ident),*];)*) => {$(
        impl<K: Identity<D>, T: Identity<D>, D: Depth, $($generics),*> Identity<D> for $t {
            const FORM: Form = T::FORM.value_of(K::FORM);
            const LAYER: Option<&'static Layer> =
                if T::FORM.is_bare() { T::LAYER } else { None };
            const NODE: Option<&'static Node> =
                if T::FORM.is_bare() { element_node::<T, D>() } else { None };
        }
    )*};
}

maps! {
    HashMap<K, T, S>, [S];
    BTreeMap<K, T>, [];
}

impl<T: Identity<D>, D: Depth> Identity<D> for Option<T> {
    const FORM: Form = Form { optional: true, ..T::FORM };
    const LAYER: Option<&'static Layer> = T::LAYER;
    const NODE: Option<&'static Node> = T::NODE;
}

impl<T: Identity<D>, D: Depth> Identity<D> for Box<T> {
    const FORM: Form = T::FORM;
    const LAYER: Option<&'static Layer> = T::LAYER;
    const NODE: Option<&'static Node> = T::NODE;
}

/// The type of a field, for generated code. Types that are no wire types are
/// [`NotAPart`].
#[derive(Debug)]
pub struct Part<T, D>(PhantomData<(T, D)>);

impl<T: Identity<D>, D: Depth> Part<T, D> {
    pub const FORM: Form = T::FORM;
    pub const LAYER: Option<&'static Layer> = T::LAYER;
    pub const NODE: Option<&'static Node> = T::NODE;
}

/// Stand-ins for types that are no wire types, which is reported elsewhere.
pub trait NotAPart {
    const FORM: Form = Form::UNKNOWN;
    const LAYER: Option<&'static Layer> = None;
    const NODE: Option<&'static Node> = Some(&Node::BROKEN);
}

impl<T, D> NotAPart for Part<T, D> {}
