//! `docs/shell.md`: the screens that it shows are those of the shell.

use std::path::PathBuf;

/// Opens the block of a screen: a comment, then a fence.
const MARK: &str = "<!-- screen: ";
const FENCE: &str = "```";

/// What a control plane says of itself, before the number.
const UPTIME: &str = "\"uptime_secs\": ";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/shell.md")
}

/// Compares a screen with the manual, but for times and addresses.
pub(crate) fn assert_shown(name: &str, screen: &str) {
    let manual = std::fs::read_to_string(path()).unwrap();
    let opening = format!("{MARK}{name} -->\n{FENCE}text\n");
    let start = manual.find(&opening).unwrap_or_else(|| panic!("no screen {name}")) + opening.len();
    let end = start + manual[start..].find(&format!("\n{FENCE}")).unwrap() + 1;
    let (shown, screen) = (&manual[start..end], format!("{}\n", screen.trim_end()));
    if std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite") {
        // Screens of other tests may be written at the same time.
        let _lock = LOCK.lock().unwrap();
        let manual = std::fs::read_to_string(path()).unwrap();
        std::fs::write(
            path(),
            manual.replace(&format!("{opening}{shown}"), &format!("{opening}{}", stable(&screen))),
        )
        .unwrap();
        return;
    }
    assert_eq!(stable(&screen), stable(shown), "the screen {name} of docs/shell.md");
}

static LOCK: std::sync::Mutex<()> = std::sync::Mutex::new(());

/// The text with every time as `5ms`, no uptime, and every address cut.
fn stable(text: &str) -> String {
    let mut parts = text.split(UPTIME);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(UPTIME);
        text.push('0');
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    let mut out = String::new();
    for part in text.split_inclusive("ms)") {
        match part.strip_suffix("ms)") {
            Some(before) => {
                out.push_str(before.trim_end_matches(|c: char| c.is_ascii_digit()));
                out.push_str("5ms)");
            }
            None => out.push_str(part),
        }
    }
    let mut parts = out.split("aster1");
    let mut stable = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        stable.push_str("aster1abcdefgh");
        stable.push_str(part.trim_start_matches(|c: char| c.is_ascii_alphanumeric()));
    }
    stable
}

#[test]
fn times_and_addresses_do_not_count() {
    assert_eq!(
        stable("aster1xyz...:/$ (12ms) (3 items, 7ms)"),
        "aster1abcdefgh...:/$ (5ms) (3 items, 5ms)"
    );
    assert_eq!(stable("\"uptime_secs\": 12\n"), "\"uptime_secs\": 0\n");
}
