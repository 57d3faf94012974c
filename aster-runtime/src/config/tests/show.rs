use super::*;

#[test]
fn the_listing_shows_values_and_sources() {
    let (a, _) = roots();
    let text = format!("[trust]\nroot_pubkey = \"{a}\"\nrevocation_files = [\"/r1\", \"/r2\"]\n");
    let config = file(&text)
        .variable("ASTER_SECRET_KEY", SECRET)
        .variable("ASTER_RELAY_MODE", "disabled")
        .code(Overrides { bind_addr: "127.0.0.1:9".parse().ok(), ..Default::default() })
        .disk("/r1", "")
        .disk("/r2", "")
        .ok();
    let root = a.to_string();
    let expected = "  [trust]
    root_pubkey                 : ROOT (file aster.toml [trust] line 2)
    root_pubkey_file            : <not set>                            (default)
    allow_all_consumers         : false                                (default)
    allow_unbound_credentials   : false                                (default)
    identity_file               : <not set>                            (default)
    enrollment_credential       : <not set>                            (default)
    nonce_store                 : /home/ada/.aster/nonces.json         (default)
    revocation_files            : /r1, /r2                             (file aster.toml [trust] line 3)
  [connect]
    endpoint_addr               : <not set>                            (default)
  [network]
    secret_key                  : ****                                 (ASTER_SECRET_KEY)
    relay_mode                  : disabled                             (ASTER_RELAY_MODE)
    relay_url                   : <not set>                            (default)
    bind_addr                   : 127.0.0.1:9                          (code)
  [storage]
    path                        : <in-memory>                          (default)
  [publication]
    enabled                     : true                                 (default)
  [logging]
    format                      : text                                 (default)
    level                       : info                                 (default)
    mask                        : true                                 (default)
  [limits]
    max_frame_bytes             : 16777216                             (default)
    max_message_bytes           : 16777216                             (default)
    max_depth                   : 50                                   (default)
    max_items                   : 1000000                              (default)
    max_metadata_entries        : 64                                   (default)
    max_metadata_bytes          : 8192                                 (default)
    max_connections             : 10000                                (default)
    max_unadmitted_connections  : 1024                                 (default)
    max_admitted_peers          : 16384                                (default)
    max_concurrent_streams      : 1024                                 (default)
    max_stream_items            : <no limit>                           (default)
    max_call_duration_ms        : <no limit>                           (default)
    connection_memory_bytes     : 67108864                             (default)
    server_memory_bytes         : 1073741824                           (default)
    header_timeout_ms           : 30000                                (default)
    hello_timeout_ms            : 10000                                (default)
    connect_timeout_ms          : 15000                                (default)
    drain_timeout_ms            : 10000                                (default)
    compress_above_bytes        : <no limit>                           (default)
  [effective]
    gate                        : closed                               (file aster.toml [trust] line 2)
    root                        : ROOT (file aster.toml [trust] line 2)
";
    assert_eq!(config.show(), expected.replace("ROOT", &root));
    let json = config.show_json();
    assert_eq!(json["trust"]["root_pubkey"]["value"], root);
    assert_eq!(json["trust"]["root_pubkey_file"]["value"], serde_json::Value::Null);
    assert_eq!(json["trust"]["allow_all_consumers"]["value"], false);
    assert_eq!(json["trust"]["revocation_files"]["value"], serde_json::json!(["/r1", "/r2"]));
    assert_eq!(json["network"]["secret_key"]["value"], "****");
    assert_eq!(json["network"]["bind_addr"]["source"], "code");
    assert_eq!(json["limits"]["max_stream_items"]["value"], serde_json::Value::Null);
    assert_eq!(json["limits"]["max_depth"]["value"], 50);
    assert_eq!(json["effective"]["gate"]["value"], "closed");
    assert_eq!(json.as_object().unwrap().len(), 8);
}

#[test]
fn what_follows_is_shown_with_what_it_follows_from() {
    let (a, _) = roots();
    let effective = |case: &Case| {
        let shown = case.ok().show_json();
        ["gate", "root"].map(|name| {
            let entry = &shown["effective"][name];
            format!("{} ({})", entry["value"], entry["source"])
        })
    };
    assert_eq!(effective(&Case::default()), ["null (\"default\")", "null (\"default\")"]);
    assert!(Case::default().ok().show().contains("gate                        : <not decided> "));
    assert!(Case::default().ok().show().contains("root                        : <none> "));
    assert_eq!(
        effective(&variable("ASTER_ALLOW_ALL_CONSUMERS", "1")),
        ["\"open\" (\"ASTER_ALLOW_ALL_CONSUMERS\")", "null (\"default\")"]
    );
    let enrolled =
        variable("ASTER_IDENTITY_FILE", "/id").disk("/id", &identity_text(&[("producer", a)]));
    let source = "identity file /id, named by ASTER_IDENTITY_FILE";
    assert_eq!(
        effective(&enrolled),
        [format!("\"closed\" (\"{source}\")"), format!("\"{a}\" (\"{source}\")")]
    );
}

/// Neither the secret nor a part of it, wherever it stands and whatever is
/// wrong beside it.
#[test]
fn b26_no_output_shows_a_secret() {
    let clean = |text: String| assert!(!text.contains(SECRET_PART), "{text}");
    let set = [
        file(&format!("[network]\nsecret_key = \"{SECRET}\"")),
        variable("ASTER_SECRET_KEY", SECRET),
        Case::default().code(Overrides { identity: Some(secret_identity()), ..Default::default() }),
    ];
    for case in set {
        let config = case.ok();
        assert_eq!(config.identity().unwrap().peer(), secret_identity().peer());
        for text in [config.show(), config.show_json().to_string(), format!("{config:?}")] {
            assert!(text.contains("****"));
            assert!(!text.contains("1111"), "{text}");
            clean(text);
        }
        clean(format!("{:?} {:#?}", case.code, case.code));
    }
    let wrong = [
        format!("[network]\nsecret_key = \"{SECRET}AAAA\""),
        format!("[network]\nsecret_key = \"{SECRET}"),
        format!("[network]\nsecret_key = {SECRET}"),
        format!("[network]\nsecret_key = [\"{SECRET}\"]"),
        format!("[network]\nsecret_key = '{SECRET}\n'"),
        format!("[network]\nsecret_key = \"{SECRET}\"\nsecret_key = \"{SECRET}\""),
        format!("[network]\nsecret_key = \"{SECRET}\" {SECRET}"),
        format!("[trust]\nroot_pubkey = \"{SECRET}\""),
        format!("[connect]\nendpoint_addr = \"{SECRET}\""),
        format!("[network]\nrelay_url = \"{SECRET}\""),
    ];
    for text in wrong {
        let errors = file(&text).resolve().unwrap_err();
        clean(errors.to_string());
        clean(format!("{errors:?}"));
    }
    for name in ["ASTER_SECRET_KEY", "ASTER_ROOT_PUBKEY", "ASTER_ENDPOINT_ADDR"] {
        let errors = variable(name, &format!("{SECRET}A")).resolve().unwrap_err();
        clean(format!("{errors} {errors:?}"));
    }
    let two = variable("ASTER_SECRET_KEY", SECRET).variable("ASTER_IDENTITY_FILE", "/id");
    clean(two.error());
    let broken = identity_text(&[]).replace("secret_key = \"", "secret_key = ");
    clean(variable("ASTER_IDENTITY_FILE", "/id").disk("/id", &broken).errors().join("\n"));
}

/// A ticket may carry a credential; the listing shows where, not with what.
#[test]
fn b26_an_address_is_shown_without_its_credential() {
    let mut ticket = crate::Ticket::new(secret_identity().peer(), ["127.0.0.1:9".parse().unwrap()]);
    let plain = ticket.to_string();
    ticket.credential = Some(crate::TicketCredential::Consumer(vec![7; 40]));
    let full = ticket.to_string();
    let config = variable("ASTER_ENDPOINT_ADDR", &full).ok();
    assert_eq!(config.endpoint_addr(), Some(full.as_str()));
    assert_eq!(config.show_json()["connect"]["endpoint_addr"]["value"], plain);
    assert!(config.show().contains(&plain) && !config.show().contains(&full));
}

#[test]
fn a_listing_only_prints() {
    let config = variable("ASTER_STORAGE_PATH", "/s\u{1b}[2J\n  [trust]").ok();
    assert!(config.show().contains("/s\\u{1b}[2J\\n  [trust]"));
    assert_eq!(config.show().lines().count(), Case::default().ok().show().lines().count());
}
