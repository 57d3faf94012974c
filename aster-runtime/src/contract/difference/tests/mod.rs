mod fields;
mod types;

use serde_json::json;

use super::*;
use crate::codec::Scalar;
use crate::contract::sample::{
    I64, STRING, choice, contract, field, field_or, list, map, message, method, optional, restate,
    ty,
};
use crate::contract::{Field, Type, TypeBody};
use crate::service::{Pattern, Scope};

/// `MissionControl`, in the small: a request with a nested message, a response
/// with an enum, and a second method that shares the nested one.
fn mission() -> Contract {
    let mut contract = contract(
        vec![
            method("getStatus", "mission/StatusRequest", "mission/StatusResponse"),
            method("submitLog", "mission/LogEntry", "mission/Result"),
        ],
        vec![
            ty(
                "mission/StatusRequest",
                vec![
                    field("agent_id", STRING),
                    field_or("filter", optional(message("mission/LogEntry")), json!(null)),
                ],
            ),
            ty(
                "mission/StatusResponse",
                vec![field("state", FieldType::Enum("mission/State".into())), field("uptime", I64)],
            ),
            ty("mission/LogEntry", vec![field("text", STRING), field_or("level", I64, json!(1))]),
            ty("mission/Result", vec![field("accepted", I64)]),
            choice("mission/State", &["idle", "running"]),
        ],
    );
    contract.service = "MissionControl".to_owned();
    restate(&mut contract);
    contract
}

fn with(change: impl FnOnce(&mut Contract)) -> Contract {
    let mut contract = mission();
    change(&mut contract);
    restate(&mut contract);
    contract
}

fn message_of<'a>(contract: &'a mut Contract, tag: &str) -> &'a mut Vec<Field> {
    let ty = contract.types.iter_mut().find(|ty| ty.tag == tag).unwrap();
    match &mut ty.body {
        TypeBody::Message(fields) => fields,
        TypeBody::Enum(_) => panic!("{tag} is an enum"),
    }
}

/// What the change is told as.
fn told(change: impl FnOnce(&mut Contract)) -> Vec<String> {
    let text = Difference::between(&mission(), &with(change)).to_string();
    text.lines().map(str::to_owned).collect()
}

/// What a change of the fields of a message is told as, but for the verdict.
#[track_caller]
fn expect_fields(tag: &str, change: impl FnOnce(&mut Vec<Field>), lines: &[&str]) {
    let mut found = told(|contract| change(message_of(contract, tag)));
    found.pop();
    assert_eq!(found, lines);
}

const COMPATIBLE: &str = "compatible for JSON callers, compatible for XLANG callers";

#[test]
fn nothing_and_words_are_told_apart() {
    assert_eq!(told(|_| {}), ["identical"]);
    let same = Difference::between(&mission(), &mission());
    assert!(same.is_empty() && !same.verdict().is_documentation_only());
    let described = with(|contract| contract.doc = "Commands.".to_owned());
    let difference = Difference::between(&mission(), &described);
    assert!(!difference.is_empty() && difference.verdict().is_documentation_only());
    let lines = told(|contract| {
        contract.doc = "Commands.".to_owned();
        contract.methods[0].doc = "Status.".to_owned();
        contract.types[0].doc = "A line.".to_owned();
        message_of(contract, "mission/Result")[0].doc = "Whether.".to_owned();
    });
    assert_eq!(
        lines,
        [
            "MissionControl: description changed",
            "MissionControl.getStatus: description changed",
            "MissionControl.getStatus request mission/LogEntry: description changed",
            "MissionControl.submitLog response mission/Result.accepted: description changed",
            "documentation only",
        ]
    );
}

#[test]
fn what_is_called_otherwise_breaks_everybody() {
    let both = "[JSON: breaking, XLANG: breaking]";
    let first = |change: fn(&mut Contract)| told(change).remove(0);
    assert_eq!(
        first(|c| c.service = "Mission".to_owned()),
        format!("Mission: name MissionControl -> Mission {both}")
    );
    assert_eq!(first(|c| c.version = 2), format!("MissionControl: version 1 -> 2 {both}"));
    assert_eq!(
        first(|c| c.scope = Scope::Session),
        format!("MissionControl: scope shared -> session {both}")
    );
    assert_eq!(
        first(|c| c.methods[0].pattern = Pattern::ServerStream),
        format!("MissionControl.getStatus: pattern unary -> server_stream {both}")
    );
    assert_eq!(
        first(|c| drop(c.methods.remove(0))),
        format!("MissionControl.getStatus: removed {both}")
    );
    assert_eq!(
        first(|c| c.methods.push(method("ping", "mission/Result", "mission/Result"))),
        "MissionControl.ping: added [JSON: compatible, XLANG: compatible]"
    );
}

#[test]
fn modes_timeouts_and_promises() {
    let first = |change: fn(&mut Contract)| told(change).remove(0);
    assert_eq!(
        first(|c| c.modes = vec!["json".to_owned()]),
        "MissionControl: serialization modes xlang -> json [JSON: compatible, XLANG: breaking]"
    );
    assert_eq!(
        first(|c| c.modes.push("json".to_owned())),
        "MissionControl: serialization modes xlang -> xlang, json [JSON: compatible, XLANG: \
         compatible]"
    );
    assert_eq!(
        first(|c| c.methods[0].timeout = Some(1.5)),
        "MissionControl.getStatus: timeout none -> 1.5 s [JSON: compatible, XLANG: compatible]"
    );
    assert_eq!(
        first(|c| c.methods[0].idempotent = true),
        "MissionControl.getStatus: idempotent no -> yes [JSON: compatible, XLANG: compatible]"
    );
    let promised = with(|c| c.methods[0].idempotent = true);
    let difference = Difference::between(&promised, &mission());
    assert_eq!(difference.verdict().json(), Effect::Breaking);
    assert!(difference.callable_with_json("getStatus"), "calling once is right");
}

#[test]
fn requirements_may_shut_callers_out() {
    let roles = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect::<Vec<_>>();
    let role = Requirement::Role("ops".to_owned());
    let first = |from: Option<Requirement>, to: Option<Requirement>| {
        let with = |requires| with(|contract| contract.methods[0].requires = requires);
        let difference = Difference::between(&with(from), &with(to));
        assert!(difference.callable_with_json("getStatus"));
        assert!(!difference.changes()[0].impact.changes_id);
        difference.changes()[0].to_string()
    };
    assert_eq!(
        first(None, Some(role.clone())),
        "MissionControl.getStatus: requires nothing -> ops [JSON: possibly breaking, \
         XLANG: possibly breaking]"
    );
    assert!(first(Some(role.clone()), None).contains("[JSON: compatible"));
    let any = Requirement::AnyOf(roles(&["ops", "admin"]));
    let all = Requirement::AllOf(roles(&["ops", "admin"]));
    assert!(first(Some(role.clone()), Some(any.clone())).contains("[JSON: compatible"));
    assert!(first(Some(all.clone()), Some(any.clone())).contains("[JSON: compatible"));
    assert!(first(Some(all.clone()), Some(role.clone())).contains("[JSON: compatible"));
    assert!(first(Some(any), Some(role.clone())).contains("possibly breaking"));
    assert!(first(Some(role.clone()), Some(all)).contains("possibly breaking"));
    let admitted = Requirement::Admitted;
    assert!(first(None, Some(admitted.clone())).contains("nothing -> admission [JSON: compatible"));
    assert!(first(Some(role.clone()), Some(admitted.clone())).contains("[JSON: compatible"));
    assert!(first(Some(admitted.clone()), None).contains("[JSON: compatible"));
    assert!(first(Some(admitted), Some(role)).contains("possibly breaking"));
}

#[test]
fn a_method_is_callable_if_its_own_messages_are_readable() {
    let new = with(|contract| {
        message_of(contract, "mission/Result").push(field_or("id", I64, json!(0)));
        message_of(contract, "mission/StatusRequest").push(field_or("more", I64, json!(0)));
        contract.methods.push(method("ping", "mission/Result", "mission/Result"));
    });
    let difference = Difference::between(&mission(), &new);
    assert!(difference.callable_with_json("getStatus"));
    assert!(!difference.callable_with_json("submitLog"), "its response has a new field");
    assert!(!difference.callable_with_json("ping"), "the old client does not have it");
    assert!(!difference.callable_with_json("nothing"));
    // The server now wants what could be left out: this client sends it.
    let new = with(|contract| message_of(contract, "mission/LogEntry")[1].default = None);
    let difference = Difference::between(&mission(), &new);
    assert_eq!(difference.verdict().json(), Effect::Breaking);
    assert!(difference.callable_with_json("submitLog"));
    // A nested type breaks those that lead to it.
    let new = with(|contract| message_of(contract, "mission/LogEntry").clear());
    let difference = Difference::between(&mission(), &new);
    assert!(!difference.callable_with_json("getStatus"));
    for change in [|c: &mut Contract| c.version = 2, |c: &mut Contract| c.scope = Scope::Session] {
        let difference = Difference::between(&mission(), &with(change));
        assert!(!difference.callable_with_json("getStatus"));
    }
    let same = Difference::between(&mission(), &mission());
    assert!(same.callable_with_json("getStatus"));
}

/// Every kind of change says of itself whether the id changes; the id says too.
#[test]
fn what_is_told_of_the_id_is_true() {
    let changes: [fn(&mut Contract); 22] = [
        |c| c.service.push('2'),
        |c| c.version = 7,
        |c| c.scope = Scope::Session,
        |c| c.modes.push("json".to_owned()),
        |c| c.requires = Some(Requirement::Role("a".to_owned())),
        |c| c.methods[0].requires = Some(Requirement::Role("a".to_owned())),
        |c| c.methods[0].pattern = Pattern::Bidi,
        |c| c.methods[0].idempotent = true,
        |c| c.methods[0].timeout = Some(3.0),
        |c| c.methods[0].response = message("mission/Result"),
        |c| c.methods[0].response = FieldType::Any,
        |c| drop(c.methods.pop()),
        |c| message_of(c, "mission/LogEntry")[0].name.push('s'),
        |c| message_of(c, "mission/LogEntry").reverse(),
        |c| message_of(c, "mission/LogEntry")[0].ty = I64,
        |c| message_of(c, "mission/LogEntry")[1].ty = FieldType::Scalar(Scalar::U16),
        |c| message_of(c, "mission/LogEntry")[0].ty = optional(STRING),
        |c| message_of(c, "mission/LogEntry")[0].dynamic = true,
        |c| message_of(c, "mission/LogEntry")[1].default = Some(json!(9)),
        |c| message_of(c, "mission/StatusResponse")[0].ty = FieldType::Enum("x".to_owned()),
        |c| message_of(c, "mission/StatusRequest")[1].ty = list(optional(STRING)),
        |c| c.types.retain(|ty| ty.tag != "mission/State"),
    ];
    for (index, change) in changes.into_iter().enumerate() {
        let (old, new) = (mission(), with(change));
        let difference = Difference::between(&old, &new);
        let told = difference.changes().iter().any(|change| change.impact.changes_id);
        assert_eq!(told, old.id != new.id, "change {index}: {difference}");
        assert!(!difference.changes().is_empty(), "change {index} is not told");
    }
    // Behind an option inside a list nothing is hashed.
    let hidden = |scalar| {
        contract(
            vec![method("m", "t/A", "t/A")],
            vec![
                ty("t/A", vec![field("l", list(optional(message("t/B"))))]),
                ty("t/B", vec![field("x", scalar)]),
            ],
        )
    };
    let (old, new) = (hidden(I64), hidden(STRING));
    assert_eq!(old.id, new.id);
    let difference = Difference::between(&old, &new);
    assert!(!difference.changes()[0].impact.changes_id);
    assert_eq!(difference.verdict().json(), Effect::Breaking);
}

#[test]
fn a48_names_cannot_write_to_the_terminal() {
    let lines = told(|contract| contract.service = "x\u{1b}[2J\ny".to_owned());
    assert_eq!(
        lines[0],
        "x\\u{1b}[2J\\ny: name MissionControl -> x\\u{1b}[2J\\ny [JSON: breaking, XLANG: breaking]"
    );
}

#[test]
fn the_json_form_has_every_part() {
    let new = with(|contract| {
        message_of(contract, "mission/StatusRequest")[0].name = "agent".to_owned();
    });
    let difference = Difference::between(&mission(), &new);
    let json = serde_json::to_value(&difference).unwrap();
    assert_eq!(
        json,
        json!({
            "old": mission().id.to_string(),
            "new": new.id.to_string(),
            "changes": [{
                "text": "MissionControl.getStatus request mission/StatusRequest.agent: renamed \
                         from agent_id [JSON: breaking, XLANG: breaking]",
                "service": "MissionControl",
                "method": "getStatus",
                "direction": "request",
                "type": "mission/StatusRequest",
                "member": "agent",
                "change": {"renamed_from": "agent_id"},
                "json": {"request": "breaking", "response": "none"},
                "xlang": {"request": "breaking", "response": "none"},
                "changes_id": true,
            }],
            "verdict": {
                "text": "breaking for JSON callers, breaking for XLANG callers",
                "json": "breaking",
                "xlang": "breaking",
            },
        })
    );
}
