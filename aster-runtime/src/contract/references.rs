//! Which types canonical bytes refer to, for fetching a contract part by part.

use std::collections::BTreeSet;

use super::collection::{CONTRACT_ENTRY, type_entry};
use super::decode::{DecodedContract, DecodedType};
use super::error::{ContractError, MalformedDefinition};
use super::{Collection, Container, Leaf};

/// What stands for a request or response of no type (contract.md 1.6).
const NO_TYPE: [u8; 32] = [0; 32];

/// The scalars that a request or response may be instead of a message: the
/// hash of their name stands for them (contract.md 1.6).
const SCALARS: [&str; 5] = ["string", "int64", "float64", "bool", "binary"];

impl Collection {
    /// The name of the entry of the contract itself.
    pub(crate) const CONTRACT: &str = CONTRACT_ENTRY;

    /// The name of the entry of the type with this hash.
    pub(crate) fn type_name(hash: &[u8; 32]) -> String {
        type_entry(hash)
    }

    /// The hashes of the types that the content of an entry refers to.
    ///
    /// # Errors
    /// If the content is not that of a contract or type.
    pub(crate) fn references(
        name: &str,
        content: &[u8],
    ) -> Result<BTreeSet<[u8; 32]>, ContractError> {
        let found = if name == CONTRACT_ENTRY { of_contract(content) } else { of_type(content) };
        found.map_err(|error| ContractError::Malformed { name: name.to_owned(), error })
    }
}

fn of_contract(content: &[u8]) -> Result<BTreeSet<[u8; 32]>, MalformedDefinition> {
    let contract = DecodedContract::decode(content)?;
    let methods = contract.methods.iter();
    let mut hashes: BTreeSet<_> =
        methods.flat_map(|method| [*method.def.request, *method.def.response]).collect();
    hashes.remove(&NO_TYPE);
    for scalar in SCALARS {
        hashes.remove(blake3::hash(scalar.as_bytes()).as_bytes());
    }
    Ok(hashes)
}

fn of_type(content: &[u8]) -> Result<BTreeSet<[u8; 32]>, MalformedDefinition> {
    let ty = DecodedType::decode(content)?;
    let leaves = ty.fields.iter().flat_map(|field| {
        let key = match field.container {
            Container::Map(key) => Some(key),
            Container::None | Container::List | Container::Set => None,
        };
        [Some(field.leaf), key]
    });
    let hashes = leaves.flatten().filter_map(|leaf| match leaf {
        Leaf::Ref(hash) if *hash != NO_TYPE => Some(*hash),
        _ => None,
    });
    Ok(hashes.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::vectors;

    #[test]
    fn following_references_finds_every_type_that_is_hashed() {
        for service in vectors::read().services {
            let types: std::collections::BTreeMap<_, _> =
                service.types().into_iter().map(|ty| (*blake3::hash(&ty).as_bytes(), ty)).collect();
            let mut open = Collection::references(CONTRACT_ENTRY, &service.contract()).unwrap();
            let mut found = BTreeSet::new();
            while let Some(hash) = open.pop_first() {
                let name = Collection::type_name(&hash);
                let ty = types.get(&hash).unwrap_or_else(|| panic!("{}: {name}", service.name));
                if found.insert(hash) {
                    open.extend(Collection::references(&name, ty).unwrap());
                }
            }
            let direct = |hash: &[u8; 32]| found.contains(hash);
            assert!(types.is_empty() || types.keys().any(direct), "{}", service.name);
        }
    }

    #[test]
    fn what_is_no_definition_refers_to_nothing() {
        for name in [CONTRACT_ENTRY, "types/00.bin"] {
            assert!(Collection::references(name, b"").is_err());
            assert!(Collection::references(name, &[0xff; 64]).is_err());
        }
    }
}
