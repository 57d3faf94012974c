//! Who may come in: the whole matrix of trust.md 7.2, and every combination.

use super::*;
use crate::config::gate::decide;
use crate::config::{ConfigError, GateSetting, Source};

fn allow(value: bool) -> Overrides {
    Overrides { allow_all_consumers: Some(value), ..Default::default() }
}

fn gate(case: &Case) -> Result<GateSetting, String> {
    let config = case.resolve().map_err(|error| error.to_string())?;
    config.gate().map_err(|error| error.to_string())
}

/// Every row of trust.md 7.2: closed or an error, unless the gate is opened by
/// name.
#[test]
fn b2_no_configuration_opens_silently() {
    let (a, b) = roots();
    let closed = Ok(GateSetting::Closed { root: a });
    let root_file = "[trust]\nroot_pubkey_file = \"/root.pub\"\n";
    let producer = identity_text(&[("producer", a)]);
    let enrolled = || Case::default().disk("/id", &producer).variable("ASTER_IDENTITY_FILE", "/id");

    // Nothing: open there, here a server does not start.
    assert!(gate(&Case::default()).unwrap_err().starts_with("nothing says who may call"));
    // Closed by name and nothing else: open there.
    for case in [
        file("[trust]\nallow_all_consumers = false"),
        variable("ASTER_ALLOW_ALL_CONSUMERS", "false"),
        Case::default().code(allow(false)),
    ] {
        assert!(gate(&case).unwrap_err().contains("nobody could enter"));
    }
    // A root key or its file.
    assert_eq!(gate(&variable("ASTER_ROOT_PUBKEY", &a.to_string())), closed);
    assert_eq!(gate(&file(root_file).disk("/root.pub", &a.to_string())), closed);
    // A file that is not there or not a key: a warning there.
    assert!(gate(&file(root_file)).unwrap_err().contains("cannot read /root.pub"));
    for bad in ["", "{}", "0x00", "{\"public_key\":\"ab\"}", "not hex"] {
        let error = gate(&file(root_file).disk("/root.pub", bad)).unwrap_err();
        assert!(error.contains("/root.pub: "), "{error}");
    }
    // An enrolled producer, closed by name: open there.
    assert_eq!(gate(&enrolled()), closed);
    assert_eq!(gate(&enrolled().variable("ASTER_ALLOW_ALL_CONSUMERS", "false")), closed);
    assert_eq!(gate(&enrolled().file("[trust]\nallow_all_consumers = false")), closed);
    // The key in code, closed in the file: open there.
    let code = Overrides { root_pubkey: Some(a), ..Default::default() };
    assert_eq!(gate(&file("[trust]\nallow_all_consumers = false").code(code)), closed);
    // Opened by name.
    assert_eq!(gate(&file("[trust]\nallow_all_consumers = true")), Ok(GateSetting::Open));
    assert_eq!(gate(&variable("ASTER_ALLOW_ALL_CONSUMERS", "on")), Ok(GateSetting::Open));
    assert_eq!(gate(&Case::default().code(allow(true))), Ok(GateSetting::Open));
    // A text is not a boolean, whatever it says: true there.
    for text in ["\"false\"", "\"true\"", "1", "0", "\"\"", "[]"] {
        let error = file(&format!("[trust]\nallow_all_consumers = {text}")).error();
        assert!(error.contains("expected true or false"), "{error}");
    }
    // Another root in the identity file: that one is trusted there.
    let other = enrolled().file(root_file).disk("/root.pub", &b.to_string());
    assert!(gate(&other).unwrap_err().contains("two roots are named"));
}

#[test]
fn b5_a_planted_identity_file_cannot_name_the_root() {
    let (mine, theirs) = roots();
    let planted = identity_text(&[("consumer", theirs), ("producer", theirs)]);
    let case = Case::default().disk(".aster-identity", &planted);
    // Where it is looked for by the reference, it is not read.
    assert!(gate(&case).is_err());
    let configured = case.clone().variable("ASTER_ROOT_PUBKEY", &mine.to_string());
    assert_eq!(gate(&configured), Ok(GateSetting::Closed { root: mine }));
    assert_ne!(configured.ok().identity().unwrap().peer(), secret_identity().peer());
    // Where it is named, it must agree, whichever place names the root.
    let named = configured.variable("ASTER_IDENTITY_FILE", ".aster-identity");
    assert_eq!(
        named.error(),
        format!(
            "two roots are named: root_pubkey (ASTER_ROOT_PUBKEY) is {}, root_pubkey (identity file .aster-identity, named by ASTER_IDENTITY_FILE) is {}; remove the one that is not yours",
            mine.short(),
            theirs.short()
        )
    );
    let code = Overrides { root_pubkey: Some(mine), ..Default::default() };
    let named = case.variable("ASTER_IDENTITY_FILE", ".aster-identity").code(code);
    assert!(named.error().contains("root_pubkey (code) is"));
}

#[test]
fn credentials_for_other_servers_name_no_root() {
    let (a, b) = roots();
    let case = |peers: &[(&str, RootPublicKey)]| {
        Case::default().disk("/id", &identity_text(peers)).variable("ASTER_IDENTITY_FILE", "/id")
    };
    assert_eq!(case(&[("consumer", b)]).ok().root(), None);
    assert_eq!(case(&[("consumer", b), ("producer", a)]).ok().root(), Some(a));
    assert_eq!(case(&[("producer", a), ("producer", a)]).ok().root(), Some(a));
    assert!(case(&[("producer", a), ("producer", b)]).error().contains("two roots are named"));
    assert_eq!(case(&[]).ok().root(), None);
    // A file that is not there yet will be created without credentials.
    assert_eq!(variable("ASTER_IDENTITY_FILE", "/none").ok().root(), None);
}

#[test]
fn an_identity_file_that_cannot_be_read_is_an_error() {
    let (a, b) = roots();
    let good = identity_text(&[("producer", a)]);
    let case = |text: &str, mode| {
        Case::default().disk_mode("/id", text, mode).variable("ASTER_IDENTITY_FILE", "/id")
    };
    assert_eq!(case(&good, 0o600).ok().root(), Some(a));
    let changed = |from: &str, to: &str| {
        assert!(good.contains(from), "{good}");
        case(&good.replace(from, to), 0o600).error()
    };
    let at = |reason: &str| format!("identity_file (ASTER_IDENTITY_FILE): /id{reason}");
    assert_eq!(
        case(&good, 0o644).error(),
        at(" can be read by others (mode 644); run: chmod 600 /id")
    );
    assert_eq!(
        changed("[[peers]]", "[[peers"),
        at(": it is not an identity file: line 7 is not TOML")
    );
    // The root is only believed if it signed the credential for this node.
    assert_eq!(
        changed(&a.to_string(), &b.to_string()),
        at(": credential \"c0\": it is not signed by the root that it names")
    );
    assert_eq!(
        changed("1800000000", "1800000001"),
        at(": credential \"c0\": it is not signed by the root that it names")
    );
    assert!(changed(&a.to_string(), "ab").starts_with(&at(": credential \"c0\": ")));
    assert!(changed("signature = ", "sign = ").starts_with(&at(": credential \"c0\": ")));
    let other = Identity::from_secret([9; 32]);
    let key = data_encoding::BASE64.encode(&[9; 32]);
    let stolen = good.replace(SECRET, &key).replacen(
        &secret_identity().peer().to_string(),
        &other.peer().to_string(),
        1,
    );
    assert_eq!(
        case(&stolen, 0o600).error(),
        at(": credential \"c0\": it was made for another node")
    );
    let large = "#\n".repeat(524_288);
    assert!(case(&large, 0o600).resolve().is_ok());
    assert_eq!(case(&format!("{large}\n"), 0o600).error(), at(": it is larger than 1048576 bytes"));
}

#[test]
fn root_key_files_are_read_as_the_reference_writes_them() {
    let (a, _) = roots();
    let root =
        |text: String| variable("ASTER_ROOT_PUBKEY_FILE", "/r").disk_mode("/r", &text, 0o644);
    for text in [
        a.to_string(),
        format!("\n {a} \r\n"),
        format!("{{\"public_key\":\"{a}\"}}"),
        format!("{{\n  \"public_key\": \"{a}\"\n}}\n"),
    ] {
        assert_eq!(root(text).ok().root(), Some(a));
    }
    let private = format!("{{\"private_key\":\"{}\",\"public_key\":\"{a}\"}}", "11".repeat(32));
    let error = root(private).error();
    assert!(error.contains("private root key") && error.contains("root.pub"), "{error}");
    assert!(!error.contains("1111"), "{error}");
    assert!(root(" ".repeat(4097)).error().contains("larger than 4096 bytes"));
    // One of the keys whose signatures anybody can make.
    let weak = format!("01{}", "00".repeat(31));
    assert!(root(weak.clone()).error().contains("weak"));
    assert!(variable("ASTER_ROOT_PUBKEY", &weak).error().contains("weak"));
}

/// What an earlier source closes, a later one does not open; what it opens, a
/// later one closes.
#[test]
fn b2_no_later_source_opens_a_closed_gate() {
    let sources = |in_file: Option<bool>, in_variable: Option<bool>, in_code: Option<bool>| {
        let mut case = Case::default();
        if let Some(value) = in_file {
            case = case.file(&format!("[trust]\nallow_all_consumers = {value}"));
        }
        if let Some(value) = in_variable {
            case = case.variable("ASTER_ALLOW_ALL_CONSUMERS", &value.to_string());
        }
        case.code.allow_all_consumers = in_code;
        gate(&case)
    };
    let all = [None, Some(false), Some(true)];
    for in_file in all {
        for in_variable in all {
            for in_code in all {
                let said: Vec<_> = [in_file, in_variable, in_code].into_iter().flatten().collect();
                let open = !said.is_empty() && said.iter().all(|allow| *allow);
                let gate = sources(in_file, in_variable, in_code);
                assert_eq!(gate == Ok(GateSetting::Open), open, "{said:?}: {gate:?}");
                assert!(open || gate.is_err());
            }
        }
    }
    assert_eq!(
        sources(Some(false), Some(true), None).unwrap_err(),
        "configuration: allow_all_consumers = true (ASTER_ALLOW_ALL_CONSUMERS) does not open what allow_all_consumers = false (file aster.toml [trust] line 2) closes; remove the one that you do not mean"
    );
    // The same for a configuration that a program changes afterwards.
    let (a, _) = roots();
    let closed =
        file("[trust]\nallow_all_consumers = false").variable("ASTER_ROOT_PUBKEY", &a.to_string());
    let error = closed.ok().with_files(allow(true), &Memory::default()).unwrap_err();
    assert!(error.to_string().contains("cannot be open and closed"));
    let open = variable("ASTER_ALLOW_ALL_CONSUMERS", "true").ok();
    let code = Overrides { root_pubkey: Some(a), ..Default::default() };
    assert!(open.clone().with_files(code, &Memory::default()).is_err());
    assert!(open.with_files(allow(false), &Memory::default()).is_err());
}

/// Every combination of the places that speak of trust.
#[test]
fn every_combination_is_closed_or_an_error_unless_opened_by_name() {
    let (a, b) = roots();
    let texts = |role: &str, root| identity_text(&[(role, root)]);
    let keys = [None, Some(a), Some(b)];
    let files = [None, Some(a.to_string()), Some(b.to_string()), Some("bad".into())];
    let identities =
        [None, Some(texts("producer", a)), Some(texts("producer", b)), Some(texts("consumer", b))];
    let (mut open, mut closed, mut refused) = (0, 0, 0);
    for key in keys {
        for file in &files {
            for identity in &identities {
                for layer in 0..3 {
                    for opened in [None, Some(false), Some(true)] {
                        let mut case = Case::default();
                        if let Some(key) = key {
                            case = case.variable("ASTER_ROOT_PUBKEY", &key.to_string());
                        }
                        if let Some(text) = file {
                            case = case.disk("/r", text).variable("ASTER_ROOT_PUBKEY_FILE", "/r");
                        }
                        if let Some(text) = identity {
                            case = case.disk("/i", text).variable("ASTER_IDENTITY_FILE", "/i");
                        }
                        match (layer, opened) {
                            (0, Some(v)) => {
                                case = case.file(&format!("[trust]\nallow_all_consumers = {v}"));
                            }
                            (1, Some(v)) => {
                                case = case.variable("ASTER_ALLOW_ALL_CONSUMERS", &v.to_string());
                            }
                            (_, v) => case.code.allow_all_consumers = v,
                        }
                        let producer = identity.as_ref().filter(|text| text.contains("producer"));
                        let mut named: Vec<String> = key.iter().map(ToString::to_string).collect();
                        named.extend(file.clone());
                        named.extend(producer.map(|text| {
                            if text.contains(&a.to_string()) { a } else { b }.to_string()
                        }));
                        named.dedup();
                        let expected = match (named.as_slice(), opened) {
                            ([], Some(true)) => Some(GateSetting::Open),
                            ([root], None | Some(false)) if root != "bad" => {
                                Some(GateSetting::Closed { root: root.parse().unwrap() })
                            }
                            _ => None,
                        };
                        let gate = gate(&case);
                        assert_eq!(gate.clone().ok(), expected, "{:?}: {gate:?}", case.variables);
                        match gate {
                            Ok(GateSetting::Open) => open += 1,
                            Ok(GateSetting::Closed { .. }) => closed += 1,
                            Err(_) => refused += 1,
                        }
                    }
                }
            }
        }
    }
    assert_eq!(open + closed + refused, 3 * 4 * 4 * 3 * 3);
    assert!(open == 6 && closed > 60, "{open} {closed} {refused}");
}

#[test]
fn b2_the_decision_table_has_one_open_row() {
    let (a, _) = roots();
    let root = variable("ASTER_ROOT_PUBKEY", &a.to_string()).ok().root;
    let closed_by = Source::Variable("ASTER_ALLOW_ALL_CONSUMERS");
    let decide = |root: bool, allow: bool, closed: bool| {
        let root_named = variable("ASTER_ROOT_PUBKEY", &a.to_string()).ok().root;
        let root = root_named.as_ref().filter(|_| root);
        decide(root, allow, &Source::Code, Some(&closed_by).filter(|_| closed))
    };
    let contradiction =
        |result: Result<_, ConfigError>| matches!(result, Err(ConfigError::Contradiction(_)));
    assert!(root.is_some());
    assert!(contradiction(decide(true, true, true)));
    assert!(contradiction(decide(true, true, false)));
    assert_eq!(decide(true, false, true), Ok(Some(GateSetting::Closed { root: a })));
    assert_eq!(decide(true, false, false), Ok(Some(GateSetting::Closed { root: a })));
    assert!(contradiction(decide(false, true, true)));
    assert_eq!(decide(false, true, false), Ok(Some(GateSetting::Open)));
    assert!(contradiction(decide(false, false, true)));
    assert_eq!(decide(false, false, false), Ok(None));
}
