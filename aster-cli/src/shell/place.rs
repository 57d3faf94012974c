//! Where one is in the tree of a server.

use std::fmt;

use crate::failure::Failure;
use crate::remote::one_of;

/// The folders at the top, with what they hold.
pub(super) const FOLDERS: [(&str, &str); 4] = [
    ("services", "what can be called"),
    ("blobs", "the contracts that the server publishes, by hash"),
    ("docs", "which contract each service has"),
    ("gossip", "topics"),
];

/// A place in the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    #[default]
    Root,
    Services,
    Service(String),
    Method(String, String),
    Blobs,
    Blob(String),
    Docs,
    Gossip,
}

impl Place {
    /// Follows a path; `..` is up, a leading `/` starts at the top.
    ///
    /// # Errors
    /// If there can be no such place. Whether a service or method is there is
    /// not looked at.
    pub(super) fn follow(&self, path: &str) -> Result<Self, Failure> {
        let mut names = if path.starts_with('/') { Vec::new() } else { self.names() };
        for name in path.split('/') {
            match name {
                "" | "." => {}
                ".." => {
                    names.pop();
                }
                name => names.push(name.to_owned()),
            }
        }
        Self::of(&names).ok_or_else(|| {
            let failure = Failure::not_found(format!("there is no {path} here"));
            match names.as_slice() {
                [first] => {
                    failure.hint(one_of("place", first, FOLDERS.iter().map(|(name, _)| *name)))
                }
                _ => failure.hint("`ls` shows what there is"),
            }
        })
    }

    fn of(names: &[String]) -> Option<Self> {
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        Some(match names.as_slice() {
            [] => Self::Root,
            ["services"] => Self::Services,
            ["services", service] => Self::Service((*service).to_owned()),
            ["services", service, method] => {
                Self::Method((*service).to_owned(), (*method).to_owned())
            }
            ["blobs"] => Self::Blobs,
            ["blobs", hash] => Self::Blob((*hash).to_owned()),
            ["docs"] => Self::Docs,
            ["gossip"] => Self::Gossip,
            _ => return None,
        })
    }

    fn names(&self) -> Vec<String> {
        let path = self.to_string();
        path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// The service that one is in.
    pub(super) fn service(&self) -> Option<&str> {
        match self {
            Self::Service(service) | Self::Method(service, _) => Some(service),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("/"),
            Self::Services => f.write_str("/services"),
            Self::Service(service) => write!(f, "/services/{service}"),
            Self::Method(service, method) => write!(f, "/services/{service}/{method}"),
            Self::Blobs => f.write_str("/blobs"),
            Self::Blob(hash) => write!(f, "/blobs/{hash}"),
            Self::Docs => f.write_str("/docs"),
            Self::Gossip => f.write_str("/gossip"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed() {
        let service = Place::Service("A".into());
        for (from, path, to) in [
            (Place::Root, "services/A", "/services/A"),
            (service.clone(), "../B", "/services/B"),
            (service.clone(), "..", "/services"),
            (service.clone(), "/", "/"),
            (service.clone(), "/blobs", "/blobs"),
            (service.clone(), "./m", "/services/A/m"),
            (service.clone(), "../../docs/", "/docs"),
            (Place::Root, "../..", "/"),
            (Place::Root, "", "/"),
            (Place::Blobs, "abc", "/blobs/abc"),
        ] {
            assert_eq!(from.follow(path).unwrap().to_string(), to, "{from} {path}");
        }
        assert_eq!(service.service(), Some("A"));
    }

    #[test]
    fn places_that_cannot_be_are_refused_with_what_is_meant() {
        let failure = Place::Root.follow("servces").unwrap_err();
        assert_eq!(
            failure.text(),
            "Error: there is no servces here\nHint: did you mean services?\n"
        );
        assert!(Place::Root.follow("gossip/x").is_err());
        assert!(Place::Root.follow("services/a/b/c").is_err());
    }
}
