//! One change of a contract, and how it is told.

use std::fmt;

use serde::{Serialize, Serializer};

use super::verdict::{Effect, Impact, Sides};

/// A change between two contracts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What changed.
    pub place: Place,
    /// How.
    pub kind: ChangeKind,
    /// What it does to callers of the old contract.
    pub impact: Impact,
}

/// Where a contract changed.
///
/// A type that several methods use is told once, at the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// The service.
    pub service: String,
    /// The method; none for the service itself and for types no method uses.
    pub method: Option<String>,
    /// The direction of the message.
    pub direction: Option<Direction>,
    /// The tag of the type.
    #[serde(rename = "type")]
    pub ty: Option<String>,
    /// The field or the variant.
    pub member: Option<String>,
}

/// A direction of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the caller.
    Request,
    /// To the caller.
    Response,
}

/// What happened at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new. Fields say their type.
    Added(Option<String>),
    /// It is gone. Fields say their type.
    Removed(Option<String>),
    /// It probably had this name before: it has the type and the position of
    /// what is gone.
    RenamedFrom(String),
    /// It is at another position, counted from 1.
    Moved {
        /// Where it was.
        from: usize,
        /// Where it is.
        to: usize,
    },
    /// Its description is another one.
    Description,
    /// Something else about it is another one.
    Changed {
        /// What.
        aspect: Aspect,
        /// What it was.
        from: String,
        /// What it is.
        to: String,
    },
}

/// What can change about something that stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are those of the contract's parts")]
pub enum Aspect {
    Name,
    Version,
    Scope,
    Modes,
    Requires,
    Pattern,
    Idempotent,
    Timeout,
    Type,
    Optional,
    Dynamic,
    BackEdge,
    Default,
}

impl Aspect {
    const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Version => "version",
            Self::Scope => "scope",
            Self::Modes => "serialization modes",
            Self::Requires => "requires",
            Self::Pattern => "pattern",
            Self::Idempotent => "idempotent",
            Self::Timeout => "timeout",
            Self::Type => "type",
            Self::Optional => "optional",
            Self::Dynamic => "dynamic",
            Self::BackEdge => "back edge",
            Self::Default => "default",
        }
    }
}

/// A name from elsewhere, harmless in a terminal.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.chars().any(char::is_control) {
            write!(f, "{}", self.0.escape_debug())
        } else {
            f.write_str(self.0)
        }
    }
}

/// `MissionControl.getStatus request mission/StatusRequest.agent_id`
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Shown(&self.service))?;
        if let Some(method) = &self.method {
            write!(f, ".{}", Shown(method))?;
        }
        match self.direction {
            Some(Direction::Request) => f.write_str(" request")?,
            Some(Direction::Response) => f.write_str(" response")?,
            None => {}
        }
        if let Some(ty) = &self.ty {
            write!(f, " {}", Shown(ty))?;
        }
        if let Some(member) = &self.member {
            write!(f, ".{}", Shown(member))?;
        }
        Ok(())
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with = |f: &mut fmt::Formatter<'_>, what: &str, detail: &Option<String>| match detail {
            Some(detail) => write!(f, "{what}, {}", Shown(detail)),
            None => f.write_str(what),
        };
        match self {
            Self::Added(detail) => with(f, "added", detail),
            Self::Removed(detail) => with(f, "removed", detail),
            Self::RenamedFrom(name) => write!(f, "renamed from {}", Shown(name)),
            Self::Moved { from, to } => write!(f, "moved from position {from} to {to}"),
            Self::Description => f.write_str("description changed"),
            Self::Changed { aspect, from, to } => {
                write!(f, "{} {} -> {}", aspect.name(), Shown(from), Shown(to))
            }
        }
    }
}

/// The place, what happened, and what it does: `[JSON: compatible, XLANG:
/// breaking]`, or nothing if callers cannot see it.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)?;
        let (json, xlang) = (self.impact.json.worst(), self.impact.xlang.worst());
        if json == Effect::None && xlang == Effect::None {
            return Ok(());
        }
        write!(
            f,
            " [JSON: {}, XLANG: {}]",
            self.told(self.impact.json),
            self.told(self.impact.xlang)
        )
    }
}

impl Change {
    /// The worst effect, with its direction where the other one is spared or
    /// where it is not that of the place.
    fn told(&self, sides: Sides) -> String {
        let (worst, best) = (sides.worst(), sides.request.min(sides.response));
        let worse =
            if sides.request > sides.response { Direction::Request } else { Direction::Response };
        let is_clear = best == Effect::None && self.place.direction.is_none_or(|one| one == worse);
        match worse {
            _ if worst <= Effect::Compatible || best == worst || is_clear => worst.to_string(),
            Direction::Request => format!("{worst} in requests"),
            Direction::Response => format!("{worst} in responses"),
        }
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            text: String,
            #[serde(flatten)]
            place: &'a Place,
            change: &'a ChangeKind,
            #[serde(flatten)]
            impact: &'a Impact,
        }
        let (place, change, impact) = (&self.place, &self.kind, &self.impact);
        Form { text: self.to_string(), place, change, impact }.serialize(serializer)
    }
}
