//! The help of the whole command: its commands in groups, and examples.

use std::fmt::Write;

use clap::Command;

/// The commands, in the order in which people need them.
const GROUPS: [(&str, &[&str]); 4] = [
    ("Call services", &["call", "shell", "peers"]),
    ("Begin", &["init", "doctor", "completions"]),
    ("Agree on services", &["contract"]),
    ("Decide who may", &["trust", "enroll", "profile", "config"]),
];

/// What for, and the line to type.
type Example = (&'static str, &'static str);

/// What the help of a command ends with.
const EXAMPLES: [(&[&str], &[Example]); 16] = [
    (
        &["init"],
        &[
            ("a crate, with a section for AI tools", "aster init fleet-agent --ai"),
            ("that section for the crate in this folder", "aster init --ai"),
        ],
    ),
    (
        &["doctor"],
        &[
            ("this machine", "aster doctor"),
            (
                "a server, as the holder of a credential",
                "aster doctor aster1... --rcan edge-7.cred",
            ),
            ("for programs", "aster doctor --json"),
        ],
    ),
    (
        &["completions"],
        &[
            (
                "bash, for this user",
                "aster completions bash > ~/.local/share/bash-completion/completions/aster",
            ),
            ("zsh, in a folder of $fpath", "aster completions zsh > ~/.zfunc/_aster"),
            ("fish", "aster completions fish > ~/.config/fish/completions/aster.fish"),
        ],
    ),
    (
        &["contract", "gen"],
        &[(
            "accept the contracts of a program",
            "aster contract gen target/debug/control --out .aster/manifest.json",
        )],
    ),
    (
        &["contract", "check"],
        &[("in CI: exit code 1 on drift", "aster contract check target/debug/control")],
    ),
    (
        &["contract", "diff"],
        &[("what a release changes", "aster contract diff released.json target/debug/control")],
    ),
    (&["contract", "show"], &[("what a server offers", "aster contract show aster1...")]),
    (
        &["contract", "export"],
        &[("keep what a server offers", "aster contract export aster1... --out contracts")],
    ),
    (
        &["contract", "gen-client"],
        &[("a Python client", "aster contract gen-client aster1... --lang python --out client")],
    ),
    (
        &["trust", "keygen"],
        &[
            ("the root: root.key and root.pub", "aster trust keygen --out root.key"),
            ("a node's key", "aster trust keygen node --out edge-7.cred"),
        ],
    ),
    (
        &["trust", "verify"],
        &[("would a server take it?", "aster trust verify edge-7.cred --root-pub root.pub")],
    ),
    (&["trust", "inspect"], &[("what a file holds", "aster trust inspect edge-7.cred")]),
    (
        &["trust", "revoke"],
        &[(
            "withdraw a credential",
            "aster trust revoke --root-key root.key --list revoked.json --credential edge-7.cred",
        )],
    ),
    (
        &["enroll", "node"],
        &[(
            "a client that may do two things",
            "aster enroll node -r consumer -n edge-7 -c ops.status,ops.ingest --root-key root.key -o edge-7.cred",
        )],
    ),
    (&["profile", "create"], &[("a root for production", "aster profile create prod")]),
    (
        &["config", "show"],
        &[("what a server here would have", "aster config show --config aster.toml")],
    ),
];

/// What the help ends with.
const EPILOGUE: &str = "`aster COMMAND --help` explains a command, with examples.\n\
                        Data goes to standard output, everything else to standard error.";

/// The command with its help.
pub(crate) fn command(command: Command) -> Command {
    let template = template(&command);
    let command = EXAMPLES.iter().fold(command, |command, (path, examples)| {
        let text = examples_text(&command, examples);
        with_examples(command, path, &text)
    });
    command.help_template(template).after_help(EPILOGUE)
}

/// As clap's own, with the commands in groups.
fn template(command: &Command) -> String {
    let heading = command.get_styles().get_header();
    let literal = command.get_styles().get_literal();
    let mut text = "{about-with-newline}\n{usage-heading} {usage}\n".to_owned();
    for (title, names) in GROUPS {
        let _ = writeln!(text, "\n{heading}{title}:{heading:#}");
        for found in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = found.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(text, "  {literal}{:<12}{literal:#} {about}", found.get_name());
        }
    }
    let _ = write!(text, "\n{heading}Options:{heading:#}\n{{options}}{{after-help}}");
    text
}

fn examples_text(command: &Command, examples: &[Example]) -> String {
    let heading = command.get_styles().get_header();
    let mut text = format!("{heading}Examples:{heading:#}");
    for (what, line) in examples {
        let _ = write!(text, "\n  # {what}\n  {line}");
    }
    text
}

/// Puts the text at the end of the long help of the command with this path.
fn with_examples(command: Command, path: &[&str], text: &str) -> Command {
    match path {
        [] => command.after_long_help(text.to_owned()),
        [first, rest @ ..] => {
            command.mut_subcommand(*first, |command| with_examples(command, rest, text))
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::Arguments;

    #[test]
    fn every_command_is_in_a_group() {
        let command = Arguments::command();
        for shown in command.get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = shown.get_name();
            let groups = GROUPS.iter().filter(|(_, names)| names.contains(&name)).count();
            assert_eq!(groups, 1, "{name}");
        }
    }

    #[test]
    fn examples_are_taken() {
        for (path, examples) in EXAMPLES {
            for (_, line) in examples {
                let words = line.split(" > ").next().into_iter().flat_map(str::split_whitespace);
                let words: Vec<_> = words.collect();
                assert!(words[1..].starts_with(path), "{line}");
                let parsed = command(Arguments::command()).try_get_matches_from(words);
                assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            }
        }
    }
}
