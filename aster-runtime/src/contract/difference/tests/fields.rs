use serde_json::json;

use super::*;

#[test]
fn an_added_optional_field_in_a_request_is_compatible_with_json() {
    let lines = told(|contract| {
        let fields = message_of(contract, "mission/StatusRequest");
        fields.push(field_or("verbose", optional(I64), json!(null)));
    });
    assert_eq!(
        lines,
        [
            "MissionControl.getStatus request mission/StatusRequest.verbose: added, optional<i64> \
             with the default null [JSON: compatible, XLANG: breaking]",
            "compatible for JSON callers, breaking for XLANG callers",
        ]
    );
}

#[test]
fn an_added_field_must_have_a_default_and_must_not_be_in_a_response() {
    expect_fields(
        "mission/StatusRequest",
        |fields| fields.insert(0, field("key", STRING)),
        &["MissionControl.getStatus request mission/StatusRequest.key: added, string, which must \
           be there [JSON: breaking, XLANG: breaking]"],
    );
    expect_fields(
        "mission/Result",
        |fields| fields.push(field_or("id", I64, json!(0))),
        &["MissionControl.submitLog response mission/Result.id: added, i64 with the default 0 \
           [JSON: breaking, XLANG: breaking]"],
    );
}

#[test]
fn a_removed_field_breaks_requests_and_responses_that_need_it() {
    expect_fields(
        "mission/Result",
        Vec::clear,
        &[
            "MissionControl.submitLog response mission/Result.accepted: removed, i64, which must be \
           there [JSON: breaking, XLANG: breaking]",
        ],
    );
    // The type is used in requests only: the server refuses the old field.
    expect_fields(
        "mission/LogEntry",
        |fields| drop(fields.pop()),
        &[
            "MissionControl.getStatus request mission/LogEntry.level: removed, i64 with the default \
           1 [JSON: breaking, XLANG: breaking]",
        ],
    );
}

#[test]
fn a_field_at_the_place_of_one_that_is_gone_is_renamed() {
    let lines = told(|contract| {
        message_of(contract, "mission/StatusRequest")[0].name = "agent".to_owned();
    });
    assert_eq!(
        lines,
        [
            "MissionControl.getStatus request mission/StatusRequest.agent: renamed from agent_id \
             [JSON: breaking, XLANG: breaking]",
            "breaking for JSON callers, breaking for XLANG callers",
        ]
    );
    // Another type or another place is not a new name.
    expect_fields(
        "mission/StatusRequest",
        |fields| fields[0] = field("agent", I64),
        &[
            "MissionControl.getStatus request mission/StatusRequest.agent: added, i64, which must \
             be there [JSON: breaking, XLANG: breaking]",
            "MissionControl.getStatus request mission/StatusRequest.agent_id: removed, string, \
             which must be there [JSON: breaking, XLANG: breaking]",
        ],
    );
    let mut lines = told(|contract| {
        let fields = message_of(contract, "mission/StatusRequest");
        fields.remove(0);
        fields.push(field("agent", STRING));
    });
    lines.pop();
    assert_eq!(lines.len(), 2, "{lines:?}");
}

#[test]
fn moving_fields_changes_the_id_and_nothing_else() {
    let (old, new) =
        (mission(), with(|contract| message_of(contract, "mission/StatusResponse").reverse()));
    let difference = Difference::between(&old, &new);
    assert_eq!(
        difference.to_string(),
        format!(
            "MissionControl.getStatus response mission/StatusResponse.state: moved from position 1 \
             to 2 [JSON: compatible, XLANG: compatible]\n{COMPATIBLE}"
        )
    );
    assert!(difference.changes()[0].impact.changes_id);
    // Only what moved is told, not what made room.
    let names = ["a", "b", "c", "d", "e"];
    let fields = |order: &[usize]| order.iter().map(|i| field(names[*i], I64)).collect();
    let one = |fields| contract(vec![method("m", "t/T", "t/T")], vec![ty("t/T", fields)]);
    let difference =
        Difference::between(&one(fields(&[0, 1, 2, 3, 4])), &one(fields(&[1, 2, 3, 4, 0])));
    let moved: Vec<_> = difference.changes().iter().map(|c| c.place.member.clone()).collect();
    assert_eq!(moved, [Some("a".to_owned())]);
}

#[test]
fn widths_are_told_although_the_id_stays() {
    let narrow = |scalar| {
        with(|contract| message_of(contract, "mission/Result")[0].ty = FieldType::Scalar(scalar))
    };
    let difference = Difference::between(&mission(), &narrow(Scalar::I32));
    assert_eq!(difference.old_id(), difference.new_id());
    assert_eq!(
        difference.to_string(),
        "MissionControl.submitLog response mission/Result.accepted: type i64 -> i32 [JSON: \
         compatible, XLANG: breaking]\n\
         compatible for JSON callers, breaking for XLANG callers"
    );
    let back = Difference::between(&narrow(Scalar::I32), &mission());
    assert_eq!(back.verdict().json(), Effect::Breaking, "an i64 may not fit into an i32");
    assert!(!back.callable_with_json("submitLog"));
}

#[test]
fn null_is_read_only_where_the_reader_is_optional() {
    expect_fields(
        "mission/LogEntry",
        |fields| fields[0].ty = optional(STRING),
        &["MissionControl.getStatus request mission/LogEntry.text: optional no -> yes [JSON: \
           compatible, XLANG: breaking]"],
    );
    expect_fields(
        "mission/Result",
        |fields| fields[0].ty = optional(I64),
        &["MissionControl.submitLog response mission/Result.accepted: optional no -> yes [JSON: \
           breaking, XLANG: breaking]"],
    );
}

#[test]
fn defaults_matter_to_those_who_leave_the_field_out() {
    let default = |value: Option<serde_json::Value>| {
        told(|contract| message_of(contract, "mission/LogEntry")[1].default = value)
    };
    let place = "MissionControl.getStatus request mission/LogEntry.level";
    assert_eq!(
        default(Some(json!(2))),
        [
            format!("{place}: default 1 -> 2 [JSON: compatible, XLANG: compatible]"),
            COMPATIBLE.to_owned()
        ]
    );
    assert_eq!(
        default(None)[0],
        format!("{place}: default 1 -> none [JSON: breaking, XLANG: compatible]")
    );
}

#[test]
fn dynamic_fields_are_the_same_in_json() {
    expect_fields(
        "mission/LogEntry",
        |fields| fields[0].dynamic = true,
        &["MissionControl.getStatus request mission/LogEntry.text: dynamic no -> yes [JSON: \
           compatible, XLANG: breaking]"],
    );
}

#[test]
fn types_of_values_are_read_as_others_where_every_value_fits() {
    use crate::codec::Scalar::{Binary, Bool, Date, F32, F64, I32, U8, U32, U64};
    use FieldType::Scalar as S;
    let sides = |old: &FieldType, new: &FieldType| {
        let sides = json(old, new, &mut Vec::new());
        (sides.request, sides.response)
    };
    let (yes, no) = (Effect::Compatible, Effect::Breaking);
    let cases = [
        (S(U8), S(I32), yes, no),
        (S(U32), S(I32), no, no),
        (S(U32), S(F64), yes, no),
        (I64, S(F64), no, no),
        (S(F32), S(F64), yes, no),
        (S(Binary), STRING, yes, no),
        (S(Date), STRING, yes, no),
        (S(Bool), STRING, no, no),
        (S(U64), FieldType::Any, Effect::Unknown, Effect::Unknown),
        (FieldType::Any, I64, Effect::Unknown, yes),
        (FieldType::Enum("t/E".into()), STRING, yes, no),
        (list(S(U8)), list(S(I32)), yes, no),
        (list(I64), FieldType::Set(Box::new(I64)), no, yes),
        (list(I64), I64, no, no),
        (map(STRING, I64), map(STRING, optional(I64)), yes, no),
        (map(S(U8), I64), map(STRING, I64), yes, no),
        (map(STRING, I64), message("t/M"), no, no),
        (optional(I64), I64, no, yes),
    ];
    for (old, new, request, response) in cases {
        assert_eq!(sides(&old, &new), (request, response), "{old} -> {new}");
        assert_eq!(sides(&new, &old), (response, request), "{new} -> {old}");
        assert_eq!(sides(&old, &old), (Effect::None, Effect::None));
    }
}
