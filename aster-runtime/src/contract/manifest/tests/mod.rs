//! Manifests, read and written.

mod damage;
mod refused;
mod vectors;

use super::super::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};
use crate::service::{Pattern, Scope};

/// A contract that uses everything a manifest can say.
fn everything() -> Contract {
    let ty = |text: &str| text.parse::<FieldType>().unwrap();
    let field = |name: &str, text: &str, default| Field {
        name: name.into(),
        doc: format!("The {name}."),
        ty: ty(text),
        dynamic: false,
        back_edge: false,
        default,
    };
    let mut tags = field("tags", "map<string, any>", Some(serde_json::json!({})));
    tags.dynamic = true;
    let mut next = field("next", "optional<t/Node>", Some(serde_json::Value::Null));
    next.back_edge = true;
    let method = |name: &str, pattern, timeout: Option<f64>, requires| Method {
        name: name.into(),
        pattern,
        idempotent: timeout.is_some(),
        timeout,
        requires,
        doc: "Does it.\n\nWell.".into(),
        request: ty("t/Node"),
        response: ty("t/Node"),
    };
    let ops = || Some(Requirement::AnyOf(vec!["ops".into(), "admin".into()]));
    Contract {
        id: "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530".parse().unwrap(),
        service: "Wetterdienst \u{2600} \u{1f600}".into(),
        version: -3,
        scope: Scope::Session,
        modes: vec!["xlang".into(), "json".into()],
        doc: "All of it.".into(),
        requires: Some(Requirement::AllOf(vec!["a".into()])),
        methods: vec![
            method("both", Pattern::Bidi, None, None),
            method("down", Pattern::ServerStream, Some(0.1), Some(Requirement::Role("r".into()))),
            method("one", Pattern::Unary, Some(1e9), ops()),
            method("up", Pattern::ClientStream, Some(2.5), Some(Requirement::Admitted)),
        ],
        types: vec![
            Type {
                tag: "t/Level".into(),
                doc: "How bad.".into(),
                body: TypeBody::Enum(vec![
                    Variant { name: "low".into(), doc: "Not bad.".into() },
                    Variant { name: "high".into(), doc: String::new() },
                ]),
            },
            Type {
                tag: "t/Node".into(),
                doc: String::new(),
                body: TypeBody::Message(vec![
                    field("must", "i32", None),
                    field("level", "enum t/Level", Some("low".into())),
                    field(
                        "deep",
                        "list<optional<map<string, set<date>>>>",
                        Some(vec![0; 0].into()),
                    ),
                    field("half", "f32", Some(0.5.into())),
                    field("big", "u64", Some(u64::MAX.into())),
                    tags,
                    next,
                ]),
            },
        ],
    }
}
