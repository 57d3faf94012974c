//! Where a delegated credential may be used: services and methods.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::byte_reader::ByteReader;
use super::link::InvalidLink;
use super::terms::InvalidTerms;
use crate::limits::{MAX_AUDIENCE_ENTRIES, MAX_NAME_BYTES};
use crate::service::{MethodDescriptor, ServiceDescriptor};

/// The services and methods that a credential is for. An empty audience means
/// all of them.
///
/// ```
/// use aster_runtime::trust::Audience;
/// let audience = Audience::parse(["Fleet.getStatus", "Billing@2"])?;
/// assert_eq!(audience.to_string(), "Billing@2, Fleet.getStatus");
/// assert_eq!(Audience::any().to_string(), "everything");
/// # Ok::<(), aster_runtime::trust::InvalidTerms>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience(BTreeSet<AudienceEntry>);

impl Audience {
    /// Everything.
    #[must_use]
    pub const fn any() -> Self {
        Self(BTreeSet::new())
    }

    /// The audience of these entries; no entry means everything.
    ///
    /// # Errors
    /// More than [`MAX_AUDIENCE_ENTRIES`].
    pub fn new(entries: impl IntoIterator<Item = AudienceEntry>) -> Result<Self, InvalidTerms> {
        let mut audience = Self::any();
        for entry in entries {
            audience.0.insert(entry);
            if audience.0.len() > MAX_AUDIENCE_ENTRIES {
                return Err(InvalidTerms::AudienceCount);
            }
        }
        Ok(audience)
    }

    /// The audience of entries in their text form, see [`AudienceEntry`].
    ///
    /// # Errors
    /// [`InvalidTerms`], with the text that is no entry.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidTerms> {
        let entries: Result<Vec<_>, _> = texts.into_iter().map(str::parse).collect();
        Self::new(entries?)
    }

    /// Whether everything is in it. Protocols that are no services, such as
    /// blobs, are only open to such a credential.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries in order; none means everything.
    pub fn entries(&self) -> impl Iterator<Item = &AudienceEntry> {
        self.0.iter()
    }

    /// Whether this method of this service is in it. Takes what a call was
    /// resolved to, never names from the wire.
    #[must_use]
    pub fn contains(&self, service: &ServiceDescriptor, method: &MethodDescriptor) -> bool {
        self.is_any() || self.0.iter().any(|entry| entry.contains(service, method))
    }

    /// Whether this service, or some method of it, is in it.
    #[must_use]
    pub fn contains_service(&self, service: &ServiceDescriptor) -> bool {
        self.is_any() || self.0.iter().any(|entry| entry.is_of(service))
    }

    /// The first entry of this audience that is not within `wider`; `None`
    /// when everything is. The text is for people.
    pub(super) fn beyond(&self, wider: &Self) -> Option<String> {
        if wider.is_any() {
            return None;
        }
        if self.is_any() {
            return Some("everything".to_owned());
        }
        let within = |entry: &&AudienceEntry| !wider.0.iter().any(|outer| outer.covers(entry));
        self.0.iter().find(within).map(ToString::to_string)
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        out.push(self.0.len() as u8);
        for entry in &self.0 {
            entry.encode(out);
        }
    }

    pub(super) fn decode(input: &mut ByteReader<'_>) -> Result<Self, InvalidLink> {
        let count = usize::from(input.byte().ok_or(InvalidLink::Short)?);
        if count > MAX_AUDIENCE_ENTRIES {
            return Err(InvalidTerms::AudienceCount.into());
        }
        let mut audience = Self::any();
        for _ in 0..count {
            let entry = AudienceEntry::decode(input)?;
            if audience.0.last().is_some_and(|last| *last >= entry) {
                return Err(InvalidLink::Order);
            }
            audience.0.insert(entry);
        }
        Ok(audience)
    }
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return f.write_str("everything");
        }
        for (n, entry) in self.0.iter().enumerate() {
            if n > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{entry}")?;
        }
        Ok(())
    }
}

/// A service, or one of its methods, in one version or in all.
///
/// As text: `Service`, `Service@2`, `Service.method`, `Service@2.method`. The
/// last dot separates the method, as in `aster call`; a service with a dot in
/// its name ends in `.*` when all its methods are meant (`acme.Fleet.*`).
///
/// ```
/// use aster_runtime::trust::AudienceEntry;
/// let entry: AudienceEntry = "acme.Fleet@2.getStatus".parse()?;
/// assert_eq!(entry.service(), "acme.Fleet");
/// assert_eq!(entry.version(), Some(2));
/// assert_eq!(entry.method(), Some("getStatus"));
/// # Ok::<(), aster_runtime::trust::InvalidTerms>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AudienceEntry {
    service: String,
    version: Option<i32>,
    method: Option<String>,
}

impl AudienceEntry {
    /// The entry for a service, or one method of it.
    ///
    /// # Errors
    /// Names that are empty, longer than [`MAX_NAME_BYTES`] or hold white
    /// space, control characters, `@` or `*`; a method's name with a dot; a
    /// version below 1.
    pub fn new(
        service: &str,
        version: Option<i32>,
        method: Option<&str>,
    ) -> Result<Self, InvalidTerms> {
        let sound = is_name(service)
            && version.is_none_or(|version| version >= 1)
            && method.is_none_or(|method| is_name(method) && !method.contains('.'));
        let method = method.map(str::to_owned);
        let entry = Self { service: service.to_owned(), version, method };
        if sound { Ok(entry) } else { Err(InvalidTerms::Audience(entry.to_string())) }
    }

    /// The service's name.
    #[must_use]
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The version, or `None` for all.
    #[must_use]
    pub fn version(&self) -> Option<i32> {
        self.version
    }

    /// The method's name, or `None` for all.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    fn is_of(&self, service: &ServiceDescriptor) -> bool {
        self.service == service.name
            && self.version.is_none_or(|version| version == service.version)
    }

    fn contains(&self, service: &ServiceDescriptor, method: &MethodDescriptor) -> bool {
        self.is_of(service) && self.method().is_none_or(|name| name == method.name)
    }

    /// Whether `other` lies within this entry.
    fn covers(&self, other: &Self) -> bool {
        self.service == other.service
            && (self.version.is_none() || self.version == other.version)
            && (self.method.is_none() || self.method == other.method)
    }

    fn encode(&self, out: &mut Vec<u8>) {
        put_name(out, &self.service);
        out.push(u8::from(self.version.is_some()));
        if let Some(version) = self.version {
            out.extend_from_slice(&version.to_be_bytes());
        }
        out.push(u8::from(self.method.is_some()));
        if let Some(method) = &self.method {
            put_name(out, method);
        }
    }

    fn decode(input: &mut ByteReader<'_>) -> Result<Self, InvalidLink> {
        let service = name(input)?;
        let version = match flag(input)? {
            true => Some(input.array().map(i32::from_be_bytes).ok_or(InvalidLink::Short)?),
            false => None,
        };
        let method = if flag(input)? { Some(name(input)?) } else { None };
        Ok(Self::new(service, version, method)?)
    }
}

/// Whether a service or method of this name can be written in an audience.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_NAME_BYTES
        && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@' || c == '*')
}

fn put_name(out: &mut Vec<u8>, name: &str) {
    out.extend_from_slice(&(name.len() as u16).to_be_bytes());
    out.extend_from_slice(name.as_bytes());
}

fn name<'a>(input: &mut ByteReader<'a>) -> Result<&'a str, InvalidLink> {
    let length = usize::from(input.array().map(u16::from_be_bytes).ok_or(InvalidLink::Short)?);
    let bytes = input.take(length).ok_or(InvalidLink::Short)?;
    std::str::from_utf8(bytes).map_err(|_| InvalidLink::Text)
}

fn flag(input: &mut ByteReader<'_>) -> Result<bool, InvalidLink> {
    match input.byte().ok_or(InvalidLink::Short)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(InvalidLink::Flag),
    }
}

impl fmt::Display for AudienceEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.service)?;
        if let Some(version) = self.version {
            write!(f, "@{version}")?;
        }
        match &self.method {
            Some(method) => write!(f, ".{method}"),
            // Without it, the last part of the name would be read as a method.
            None if self.service.contains('.') => f.write_str(".*"),
            None => Ok(()),
        }
    }
}

impl FromStr for AudienceEntry {
    type Err = InvalidTerms;

    fn from_str(text: &str) -> Result<Self, InvalidTerms> {
        let invalid = || InvalidTerms::Audience(text.to_owned());
        let (service, method) = match text.rsplit_once('.') {
            Some((service, "*")) => (service, None),
            Some((service, method)) => (service, Some(method)),
            None => (text, None),
        };
        let (service, version) = match service.split_once('@') {
            // One text for each number: no sign, no leading zero.
            Some((service, version)) => match version.parse::<i32>() {
                Ok(number) if number.to_string() == version => (service, Some(number)),
                _ => return Err(invalid()),
            },
            None => (service, None),
        };
        Self::new(service, version, method).map_err(|_| invalid())
    }
}

#[cfg(test)]
mod tests;
