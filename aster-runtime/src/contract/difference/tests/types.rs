use serde_json::json;

use super::*;

#[test]
fn variants_are_names_in_json_and_positions_in_xlang() {
    let variants = |names: &[&str]| {
        let mut lines = told(|contract| {
            let new = choice("mission/State", names);
            let old = contract.types.iter_mut().find(|ty| ty.tag == new.tag).unwrap();
            *old = new;
        });
        let difference = lines.pop().unwrap();
        let short = |line: String| {
            line.strip_prefix("MissionControl.getStatus response mission/State.")
                .unwrap()
                .to_owned()
        };
        (lines.into_iter().map(short).collect::<Vec<_>>(), difference)
    };
    let (lines, _) = variants(&["idle", "running", "lost"]);
    assert_eq!(lines, ["lost: added [JSON: breaking, XLANG: breaking]"]);
    let (lines, verdict) = variants(&["idle"]);
    assert_eq!(lines, ["running: removed [JSON: compatible, XLANG: compatible]"]);
    assert_eq!(verdict, COMPATIBLE, "the server sends it no more");
    let (lines, _) = variants(&["idle", "active"]);
    assert_eq!(lines, ["active: renamed from running [JSON: breaking, XLANG: compatible]"]);
    let (lines, verdict) = variants(&["running", "idle"]);
    assert_eq!(
        lines,
        [
            "running: moved from position 2 to 1 [JSON: compatible, XLANG: breaking]",
            "idle: moved from position 1 to 2 [JSON: compatible, XLANG: breaking]",
        ]
    );
    assert_eq!(verdict, "compatible for JSON callers, breaking for XLANG callers");
}

#[test]
fn a_renamed_message_is_the_same_in_json() {
    let renamed = with(|contract| {
        for ty in &mut contract.types {
            if ty.tag == "mission/StatusRequest" {
                ty.tag = "mission/StatusQuery".to_owned();
            }
        }
        contract.methods[0].request = message("mission/StatusQuery");
    });
    let difference = Difference::between(&mission(), &renamed);
    assert_eq!(
        difference.to_string(),
        "MissionControl.getStatus request: type mission/StatusRequest -> mission/StatusQuery \
         [JSON: compatible, XLANG: breaking]\n\
         MissionControl.getStatus request mission/StatusQuery: renamed from mission/StatusRequest \
         [JSON: compatible, XLANG: breaking]\n\
         compatible for JSON callers, breaking for XLANG callers"
    );
    assert!(difference.callable_with_json("getStatus"));
}

#[test]
fn another_message_in_the_place_of_one_is_compared_inside() {
    let other = with(|contract| contract.methods[0].request = message("mission/Result"));
    let difference = Difference::between(&mission(), &other);
    let line = difference.changes()[0].to_string();
    assert_eq!(
        line,
        "MissionControl.getStatus request: type mission/StatusRequest -> mission/Result [JSON: \
         breaking, XLANG: breaking]"
    );
    assert!(!difference.callable_with_json("getStatus"));
    let nested = with(|contract| {
        contract.types.push(ty("mission/Filter", vec![field("text", STRING)]));
        message_of(contract, "mission/StatusRequest")[1].ty = optional(message("mission/Filter"));
    });
    let difference = Difference::between(&mission(), &nested);
    let line = difference.changes()[0].to_string();
    assert!(line.contains("type optional<mission/LogEntry> -> optional<mission/Filter>"), "{line}");
    assert!(line.contains("JSON: breaking"), "`level` is refused: {line}");
}

#[test]
fn a43_cyclic_types_are_compared_once() {
    let tree = |leaf: Field| {
        let mut back = field_or("up", optional(message("t/Tree")), json!(null));
        back.back_edge = true;
        contract(
            vec![method("m", "t/Tree", "t/Tree")],
            vec![
                ty("t/Tree", vec![field("nodes", list(message("t/Node")))]),
                ty("t/Node", vec![back, leaf]),
            ],
        )
    };
    let (old, new) = (tree(field("n", I64)), tree(field("n", STRING)));
    let difference = Difference::between(&old, &new);
    assert_eq!(difference.changes().len(), 1, "{difference}");
    assert!(!difference.callable_with_json("m"));
}

#[test]
fn types_of_the_new_contract_are_compared_only_so_often() {
    // Every type has the place of every other one.
    let many = |shift: usize| {
        let tag = |i: usize| format!("t/T{:03}", i % 200);
        let types = (0..200)
            .map(|i| ty(&tag(i), vec![field("next", message(&tag(i * shift + shift)))]))
            .collect::<Vec<Type>>();
        let methods = (0..200).map(|i| method(&format!("m{i}"), &tag(i), &tag(i * 7))).collect();
        let mut contract = contract(methods, vec![]);
        contract.types = types;
        contract
    };
    let difference = Difference::between(&many(1), &many(3));
    assert_eq!(difference.verdict().xlang(), Effect::Breaking);
}

#[test]
fn what_a_source_does_not_tell_is_not_called_breaking() {
    let untold = with(|contract| {
        let field = &mut message_of(contract, "mission/StatusResponse")[0];
        (field.ty, field.dynamic) = (FieldType::Any, true);
    });
    let difference = Difference::between(&mission(), &untold);
    assert_eq!(difference.old_id(), difference.new_id(), "enums are not hashed");
    assert_eq!(
        difference.verdict().to_string(),
        "possibly breaking for JSON callers, possibly breaking for XLANG callers"
    );
    assert!(!difference.callable_with_json("getStatus"));
}

#[test]
fn a_type_of_both_directions_says_which_one_breaks() {
    let echo = |fields| contract(vec![method("m", "t/T", "t/T")], vec![ty("t/T", fields)]);
    let old = echo(vec![field("a", I64)]);
    let new = echo(vec![field("a", I64), field_or("b", I64, json!(0))]);
    let difference = Difference::between(&old, &new);
    assert_eq!(
        difference.changes()[0].to_string(),
        "S.m request t/T.b: added, i64 with the default 0 [JSON: breaking in responses, XLANG: \
         breaking]"
    );
}
