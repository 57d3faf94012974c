use super::*;
use crate::config::limit_keys::LIMITS;
use crate::limits::Limits;

/// Each limit changes its own field and no other, in file and environment.
#[test]
fn every_limit_is_its_own() {
    let default = format!("{:?}", Limits::default());
    for limit in LIMITS {
        let small = ["max_depth", "max_metadata_entries"].contains(&limit.name);
        let (one, two) = if small { (77, 78) } else { (65_537, 65_538) };
        let config = file(&format!("[limits]\n{} = {one}\n", limit.name)).ok();
        let from_file = config.show_json();
        assert_eq!(from_file["limits"][limit.name]["value"], one, "{}", limit.name);
        assert_eq!(from_file["limits"][limit.name]["source"], "file aster.toml [limits] line 2");
        let config = variable(limit.variable, &two.to_string()).ok();
        let shown = config.show_json();
        assert_eq!(shown["limits"][limit.name]["value"], two);
        assert_eq!(shown["limits"][limit.name]["source"], limit.variable);
        for other in LIMITS.iter().filter(|other| other.name != limit.name) {
            assert_eq!(shown["limits"][other.name]["source"], "default");
        }
        assert_ne!(format!("{:?}", config.limits()), default, "{}", limit.name);
        let undone = default
            .split(", ")
            .filter(|part| !format!("{:?}", config.limits()).contains(part.trim_end_matches(" }")));
        assert!(undone.count() <= 1, "{}", limit.name);
        assert_eq!(limit.variable, format!("ASTER_{}", limit.name.to_ascii_uppercase()));
    }
}

/// The largest and the smallest value of each limit, and those beyond.
#[test]
fn limits_have_a_range() {
    for (name, least, most) in [
        ("max_frame_bytes", 1024, 16_777_216),
        ("max_message_bytes", 1024, 1_073_741_824),
        ("max_depth", 1, 100),
        ("max_items", 1, 100_000_000),
        ("max_metadata_entries", 0, 1024),
        ("max_metadata_bytes", 0, 1_048_576),
        ("max_connections", 1, 1_000_000),
        ("max_unadmitted_connections", 1, 1_000_000),
        ("max_admitted_peers", 1, 10_000_000),
        ("max_concurrent_streams", 1, 1_000_000),
        ("max_stream_items", 1, i64::MAX),
        ("max_call_duration_ms", 1, 31_536_000_000),
        ("connection_memory_bytes", 65_536, 1_099_511_627_776),
        ("server_memory_bytes", 65_536, 1_099_511_627_776),
        ("header_timeout_ms", 1, 86_400_000),
        ("hello_timeout_ms", 1, 86_400_000),
        ("connect_timeout_ms", 1, 86_400_000),
        ("drain_timeout_ms", 0, 86_400_000),
        ("compress_above_bytes", 0, 1_073_741_824),
    ] {
        let set = |value: i128| {
            let config = file(&format!("[limits]\n{name} = {value}")).resolve();
            config.map(|config| config.show_json()["limits"][name]["value"].as_i64().unwrap())
        };
        assert_eq!(set(least.into()), Ok(least), "{name}");
        assert_eq!(set(most.into()), Ok(most), "{name}");
        assert!(set(i128::from(least) - 1).is_err(), "{name}");
        assert!(set(i128::from(most) + 1).is_err(), "{name}");
    }
    assert_eq!(LIMITS.len(), 19, "each has a row above");
}

#[test]
fn limits_are_whole_numbers() {
    let error = |text: &str| file(&format!("[limits]\nmax_items = {text}")).error();
    let place = "max_items (file aster.toml [limits] line 2): ";
    for (text, expected) in [
        ("-1", "expected a whole number, not below 0"),
        ("99999999999999999999999", "expected a whole number, not below 0"),
        ("0", "expected 1 to 100000000, found 0"),
        ("\"5\"", "expected a number without quotes, found a text in quotes"),
        ("5.0", "expected a number without quotes, found a fraction"),
        ("true", "expected a number without quotes, found true or false"),
        ("[1]", "expected a number without quotes, found a list"),
        ("{}", "expected a number without quotes, found a table"),
        ("2030-01-01", "expected a number without quotes, found a date"),
    ] {
        assert_eq!(error(text), format!("{place}{expected}"));
    }
    for text in ["-1", "+1", "1.0", "1e3", "0x10", "1_000", "ten", "٣"] {
        assert_eq!(
            variable("ASTER_MAX_ITEMS", text).error(),
            "max_items (ASTER_MAX_ITEMS): expected a whole number, not below 0",
            "{text}"
        );
    }
}
