//! From a contract to its canonical bytes and its id.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::limits::{MAX_FIELDS, MAX_METHODS, MAX_TYPES};

use super::error::{ContractError, IncompleteContract};
use super::outline::{Holder, Kept, Outline, mentions};
use super::{
    Container, Contract, ContractDef, ContractId, Field, FieldDef, FieldType, Leaf, MethodDef,
    TypeBody, TypeDef,
};

/// What is hashed of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Canonical {
    /// The hash of `bytes`.
    pub id: ContractId,
    /// The canonical bytes of the service: `contract.bin`.
    pub bytes: Vec<u8>,
    /// Every message that a method leads to, each after those it contains.
    ///
    /// The reference orders types by the name of their Python class
    /// (contract.md 1.5). Here the tag stands for it, so the order is the same
    /// where tags sort as the classes do.
    pub types: Vec<CanonicalType>,
}

/// What is hashed of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CanonicalType {
    /// The tag.
    pub tag: String,
    /// The hash of `bytes`.
    pub hash: [u8; 32],
    /// The canonical bytes: `types/<hash>.bin`.
    pub bytes: Vec<u8>,
}

impl Contract {
    /// The canonical bytes and hashes of the service and its types
    /// (contract.md 1 and 2).
    ///
    /// # Errors
    /// If a type is missing, if types contain each other and no field closes
    /// the cycle, or if the contract is larger than any contract may be.
    pub fn canonical(&self) -> Result<Canonical, IncompleteContract> {
        let graph = Graph::of(self)?;
        let hashed = graph.leaves_first(|node| &node.hashed);
        if let Some(cycle) = hashed.cycle {
            return Err(IncompleteContract::Cycle(cycle.into_iter().map(str::to_owned).collect()));
        }
        let mut hashes = HashMap::new();
        let mut encoded = HashMap::new();
        for tag in hashed.order {
            let bytes = graph.encode(tag, &hashes);
            hashes.insert(tag, *blake3::hash(&bytes).as_bytes());
            encoded.insert(tag, bytes);
        }
        let types = graph
            .leaves_first(|node| &node.mentioned)
            .order
            .into_iter()
            .filter_map(|tag| {
                let (hash, bytes) = (*hashes.get(tag)?, encoded.remove(tag)?);
                Some(CanonicalType { tag: tag.to_owned(), hash, bytes })
            })
            .collect();
        let bytes = self.encode(&hashes);
        Ok(Canonical { id: ContractId::from_bytes(*blake3::hash(&bytes).as_bytes()), bytes, types })
    }

    /// Checks that the stated id is that of what the contract says.
    ///
    /// The id of a contract that came from a collection was checked against the
    /// blobs; this can fail for it if the reference published something that
    /// has no form here, such as a recursive type, which is hashed with the
    /// name of its Python class.
    ///
    /// # Errors
    /// [`ContractError::WrongId`], or [`ContractError::Incomplete`] if the id
    /// cannot be computed.
    pub fn verify(&self) -> Result<(), ContractError> {
        let computed = self.canonical()?.id;
        if computed == self.id {
            Ok(())
        } else {
            Err(ContractError::WrongId { stated: self.id, computed })
        }
    }

    fn encode(&self, hashes: &HashMap<&str, [u8; 32]>) -> Vec<u8> {
        let roots: Vec<_> = self
            .methods
            .iter()
            .map(|method| [root_hash(&method.request, hashes), root_hash(&method.response, hashes)])
            .collect();
        let methods: Vec<_> = self
            .methods
            .iter()
            .zip(&roots)
            .map(|(method, [request, response])| MethodDef {
                name: &method.name,
                pattern: method.pattern,
                request,
                response,
                idempotent: method.idempotent,
                timeout: method.timeout.unwrap_or(0.0),
            })
            .collect();
        let modes: Vec<_> = self.modes.iter().map(String::as_str).collect();
        ContractDef {
            name: &self.service,
            version: self.version,
            methods: &methods,
            modes: &modes,
            scope: self.scope,
        }
        .to_vec()
    }
}

/// The hash that stands for a request or response (contract.md 1.6): that of
/// the message, that of the name of a scalar, or zeros.
fn root_hash(ty: &FieldType, hashes: &HashMap<&str, [u8; 32]>) -> [u8; 32] {
    match Kept::of(ty) {
        Kept::Message(tag) => hashes.get(tag).copied().unwrap_or_default(),
        Kept::Primitive(name) => *blake3::hash(name.as_bytes()).as_bytes(),
        Kept::Cycle(_) | Kept::Any => [0; 32],
    }
}

/// The messages that the methods lead to.
struct Graph<'a>(BTreeMap<&'a str, Node<'a>>);

struct Node<'a> {
    fields: &'a [Field],
    /// The messages whose hashes are part of this one's, sorted.
    hashed: Vec<&'a str>,
    /// All messages that the fields name, sorted.
    mentioned: Vec<&'a str>,
}

/// Tags in an order in which each follows those it leads to.
struct Order<'a> {
    order: Vec<&'a str>,
    /// The first cycle that was found, starting and ending with one tag.
    cycle: Option<Vec<&'a str>>,
}

impl<'a> Graph<'a> {
    fn of(contract: &'a Contract) -> Result<Self, IncompleteContract> {
        let too_many = |what, max| Err(IncompleteContract::TooMany { what, max });
        if contract.methods.len() > MAX_METHODS {
            return too_many("methods", MAX_METHODS);
        }
        if contract.types.len() > MAX_TYPES {
            return too_many("types", MAX_TYPES);
        }
        let known: HashMap<_, _> =
            contract.types.iter().map(|ty| (ty.tag.as_str(), &ty.body)).collect();
        let mut nodes: BTreeMap<&str, Node<'_>> = BTreeMap::new();
        let mut open: Vec<(&str, String)> = Vec::new();
        for method in &contract.methods {
            for root in [&method.request, &method.response] {
                if let FieldType::Message(tag) = root {
                    open.push((tag, format!("method {}", method.name)));
                }
            }
        }
        while let Some((tag, used_by)) = open.pop() {
            if nodes.contains_key(tag) {
                continue;
            }
            let fields = match known.get(tag) {
                Some(TypeBody::Message(fields)) => fields,
                Some(TypeBody::Enum(_)) => {
                    return Err(IncompleteContract::NotAMessage { tag: tag.to_owned(), used_by });
                }
                None => {
                    return Err(IncompleteContract::MissingType { tag: tag.to_owned(), used_by });
                }
            };
            if fields.len() > MAX_FIELDS {
                return too_many("fields in a type", MAX_FIELDS);
            }
            let node = Node::of(tag, fields);
            for field in fields {
                for next in mentions(&field.ty) {
                    if !nodes.contains_key(next) {
                        open.push((next, format!("{tag}.{}", field.name)));
                    }
                }
            }
            nodes.insert(tag, node);
        }
        Ok(Self(nodes))
    }

    /// Depth first, tags in order, without recursion.
    fn leaves_first<'g>(&'g self, edges: fn(&'g Node<'a>) -> &'g Vec<&'a str>) -> Order<'a> {
        let (mut order, mut cycle) = (Vec::with_capacity(self.0.len()), None);
        let (mut entered, mut done) = (HashSet::new(), HashSet::new());
        for (&start, node) in &self.0 {
            if !entered.insert(start) {
                continue;
            }
            let mut path = vec![(start, edges(node).iter())];
            while let Some((tag, rest)) = path.last_mut() {
                let Some(&next) = rest.next() else {
                    done.insert(*tag);
                    order.push(*tag);
                    path.pop();
                    continue;
                };
                if entered.insert(next) {
                    if let Some(node) = self.0.get(next) {
                        path.push((next, edges(node).iter()));
                    }
                } else if !done.contains(next) && cycle.is_none() {
                    let tags = path.iter().map(|(tag, _)| *tag);
                    let mut tags: Vec<_> = tags.skip_while(|tag| *tag != next).collect();
                    tags.push(next);
                    cycle = Some(tags);
                }
            }
        }
        Order { order, cycle }
    }

    fn encode(&self, tag: &str, hashes: &HashMap<&str, [u8; 32]>) -> Vec<u8> {
        let fields = self.0.get(tag).map_or(&[] as &[Field], |node| node.fields);
        let fields: Vec<_> = fields.iter().map(|field| field_def(field, tag, hashes)).collect();
        let (package, name) = tag.rsplit_once('/').unwrap_or(("", tag));
        TypeDef { package, name, fields: &fields }.to_vec()
    }
}

impl<'a> Node<'a> {
    fn of(tag: &str, fields: &'a [Field]) -> Self {
        let sorted = |mut tags: Vec<&'a str>| {
            tags.sort_unstable();
            tags.dedup();
            tags
        };
        let hashed = fields
            .iter()
            .flat_map(|field| Outline::of(field, tag).parts())
            .filter_map(|kept| if let Kept::Message(tag) = kept { Some(tag) } else { None })
            .collect();
        let mentioned = fields.iter().flat_map(|field| mentions(&field.ty)).collect();
        Self { fields, hashed: sorted(hashed), mentioned: sorted(mentioned) }
    }
}

fn field_def<'a>(
    field: &'a Field,
    owner: &str,
    hashes: &'a HashMap<&str, [u8; 32]>,
) -> FieldDef<'a> {
    let leaf = |kept: Kept<'a>| match kept {
        Kept::Primitive(name) => Leaf::Primitive(name),
        Kept::Message(tag) => hashes.get(tag).map_or(Leaf::Any, Leaf::Ref),
        Kept::Cycle(tag) => Leaf::SelfRef(tag),
        Kept::Any => Leaf::Any,
    };
    let outline = Outline::of(field, owner);
    FieldDef {
        name: &field.name,
        leaf: leaf(outline.leaf),
        container: match outline.holder {
            Holder::None => Container::None,
            Holder::List => Container::List,
            Holder::Set => Container::Set,
            Holder::Map(key) => Container::Map(leaf(key)),
        },
        optional: outline.optional,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Scalar;
    use crate::contract::sample::{
        I64, STRING, contract, field, list, map, message, method, optional, ty,
    };

    const MINIMAL: &str = "6904631f8222a4fa5883fc06efc4bb55ddcab653e9e42ef66d37135c3e314678";

    fn minimal() -> Contract {
        contract(
            vec![method("m", "t/Req", "t/Resp")],
            vec![
                ty("t/Req", vec![field("a", I64)]),
                ty("t/Resp", vec![field("ok", FieldType::Scalar(Scalar::Bool))]),
            ],
        )
    }

    #[test]
    fn the_smallest_service_has_the_id_of_the_reference() {
        let canonical = minimal().canonical().unwrap();
        assert_eq!(canonical.id.to_string(), MINIMAL);
        let tags: Vec<_> = canonical.types.iter().map(|ty| ty.tag.as_str()).collect();
        assert_eq!(tags, ["t/Req", "t/Resp"]);
        minimal().verify().unwrap();
    }

    #[test]
    fn a_forged_id_is_told_from_the_right_one() {
        let mut forged = minimal();
        forged.id = ContractId::from_bytes([7; 32]);
        let error = forged.verify().unwrap_err();
        assert_eq!(
            error,
            ContractError::WrongId { stated: forged.id, computed: MINIMAL.parse().unwrap() }
        );
        assert!(error.to_string().contains(MINIMAL), "{error}");
        // The stated id is not part of what is hashed.
        assert_eq!(forged.canonical().unwrap(), minimal().canonical().unwrap());
    }

    #[test]
    fn every_change_of_a_nested_type_changes_the_id() {
        let nested = |name: &str| {
            contract(
                vec![method("m", "t/Req", "t/Req")],
                vec![
                    ty("t/Req", vec![field("leaves", list(message("t/Leaf")))]),
                    ty("t/Leaf", vec![field(name, STRING)]),
                ],
            )
        };
        assert_ne!(nested("a").id, nested("b").id);
    }

    #[test]
    fn types_follow_those_they_contain_and_ties_are_in_the_order_of_tags() {
        let contract = contract(
            vec![method("m", "t/A", "t/Z")],
            vec![
                ty("t/A", vec![field("b", message("t/Y")), field("c", message("t/X"))]),
                ty("t/X", vec![]),
                ty("t/Y", vec![field("x", optional(message("t/X")))]),
                ty("t/Z", vec![field("hidden", list(optional(message("t/W"))))]),
                ty("t/W", vec![]),
                ty("t/Unused", vec![]),
            ],
        );
        let types = contract.canonical().unwrap().types;
        let tags: Vec<_> = types.iter().map(|ty| ty.tag.as_str()).collect();
        assert_eq!(tags, ["t/X", "t/Y", "t/A", "t/W", "t/Z"]);
    }

    #[test]
    fn roots_without_a_message_have_the_hashes_of_the_reference() {
        let mut contract = minimal();
        let roots = [
            (Scalar::String, "1c47174c0ccd034618e1a604adce0002103e088e87329f0c2fab4324e8a06c60"),
            (Scalar::I32, "6a6b095ea9a535869d49e5fcba587323f5b97a87b95f281eed1cc2e7188e7aae"),
            (Scalar::F64, "91b073fffb192c0e8ed7ba6847ab241f8150caad4d4885f39138740ec62fb509"),
            (Scalar::Bool, "eed4fe70489585d949c31f551464850d15266f456f1ef5a63423b2016dfd196d"),
            (Scalar::Binary, "af0ff1453a3e0d15b4783cbf5883463bec0a2b131f28eb029bfe9d54d0450838"),
            (Scalar::Date, "0000000000000000000000000000000000000000000000000000000000000000"),
        ];
        for (scalar, hex) in roots {
            contract.methods[0].request = FieldType::Scalar(scalar);
            let bytes = contract.canonical().unwrap().bytes;
            assert!(data_encoding::HEXLOWER.encode(&bytes).contains(hex), "{scalar:?}");
        }
        contract.methods[0].request = list(message("t/Req"));
        let bytes = contract.canonical().unwrap().bytes;
        assert!(data_encoding::HEXLOWER.encode(&bytes).contains(&"0".repeat(64)));
    }

    #[test]
    fn a_missing_type_is_named_with_its_user() {
        let mut contract = minimal();
        contract.types.remove(0);
        assert_eq!(
            contract.canonical().unwrap_err().to_string(),
            "method m names the type t/Req, which the contract does not describe"
        );
        let mut contract = minimal();
        contract.types[0].body =
            TypeBody::Message(vec![field("deep", list(map(STRING, message("t/Gone"))))]);
        assert_eq!(
            contract.verify().unwrap_err().to_string(),
            "t/Req.deep names the type t/Gone, which the contract does not describe"
        );
        contract.types[0].body = TypeBody::Enum(vec![]);
        assert_eq!(
            contract.canonical().unwrap_err().to_string(),
            "method m names the message t/Req, which is described as an enum"
        );
    }

    #[test]
    fn a_cycle_needs_a_back_edge() {
        let mut cyclic = minimal();
        cyclic.types = vec![
            ty("t/Req", vec![field("b", optional(message("t/B")))]),
            ty("t/B", vec![field("c", list(message("t/C")))]),
            ty("t/C", vec![field("b", map(STRING, message("t/B")))]),
            ty("t/Resp", vec![]),
        ];
        let error = cyclic.canonical().unwrap_err();
        assert_eq!(
            error,
            IncompleteContract::Cycle(vec!["t/B".into(), "t/C".into(), "t/B".into()])
        );
        let TypeBody::Message(fields) = &mut cyclic.types[2].body else { unreachable!() };
        fields[0].back_edge = true;
        let first = cyclic.canonical().unwrap();
        assert_eq!(first.types.len(), 4);
        // What is inside the cycle is part of the identity.
        let TypeBody::Message(fields) = &mut cyclic.types[1].body else { unreachable!() };
        fields.push(field("x", I64));
        assert_ne!(cyclic.canonical().unwrap().id, first.id);
    }

    #[test]
    fn a_message_that_contains_itself_needs_none() {
        let mut tree = minimal();
        tree.types[0] = ty("t/Req", vec![field("children", list(message("t/Req")))]);
        let types = tree.canonical().unwrap().types;
        let hex = data_encoding::HEXLOWER.encode(&types[0].bytes);
        // Kind 2, no primitive, no hash, and the tag as its name.
        assert!(hex.contains("02020016742f526571"), "{hex}");
    }

    #[test]
    fn a43_a_long_chain_of_types_does_not_use_the_stack() {
        let tag = |i: usize| format!("t/T{i}");
        let mut types: Vec<_> = (0..MAX_TYPES - 1)
            .map(|i| ty(&tag(i), vec![field("next", message(&tag(i + 1)))]))
            .collect();
        types.push(ty(&tag(MAX_TYPES - 1), vec![]));
        let mut contract = contract(vec![method("m", "t/T0", "t/T0")], types);
        let last = contract.canonical().unwrap().types.pop().unwrap();
        assert_eq!(last.tag, "t/T0");

        let end = contract.types.iter_mut().find(|ty| ty.tag == tag(MAX_TYPES - 1));
        end.unwrap().body = TypeBody::Message(vec![field("next", message("t/T0"))]);
        assert!(matches!(contract.canonical(), Err(IncompleteContract::Cycle(_))));
    }

    #[test]
    fn sizes_are_bounded() {
        let mut large = minimal();
        large.methods =
            (0..MAX_METHODS).map(|i| method(&format!("m{i}"), "t/Req", "t/Req")).collect();
        large.canonical().unwrap();
        large.methods.push(method("one more", "t/Req", "t/Req"));
        assert_eq!(
            large.canonical().unwrap_err().to_string(),
            "the contract has more than 1000 methods"
        );
        let mut wide = minimal();
        wide.types[0] =
            ty("t/Req", (0..=MAX_FIELDS).map(|i| field(&format!("f{i}"), I64)).collect());
        assert!(matches!(wide.canonical(), Err(IncompleteContract::TooMany { .. })));
    }
}
