//! What is asked for: missing arguments, and the items of a request stream.

use terminal_tests::{Key, Terminal};

use super::manual::assert_shown;
use super::{Folder, leave, run, wait_for_prompt};

#[test]
fn missing_arguments_are_asked_for_with_type_and_default() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "cd services/Lookout");
    shell.type_line("./look");
    shell.wait_for("name (string, default \"the harbour\"):");
    shell.key(Key::Enter);
    shell.wait_for("language (Language, default \"English\"):");
    shell.type_line("Klingon");
    shell.wait_for("Language is wanted");
    shell.wait_until(|screen| screen.matches("language (Language").count() == 2);
    shell.type_line("Latin");
    shell.wait_for("omnia quieta sunt");
    let screen = shell.wait_for("ms)\n");
    assert!(screen.contains("\"place\": \"the harbour\""), "{screen}");
    wait_for_prompt(&shell);
    // Ctrl+C leaves the command and not the shell.
    shell.type_line("./look");
    shell.wait_until(|screen| screen.matches("name (string").count() == 2);
    shell.key(Key::CtrlC);
    shell.wait_for("stopped");
    let screen = leave(shell);
    let start = screen.find("demo:/services/Lookout$ ./look").unwrap();
    assert_shown("arguments", &screen[start..]);
}

/// Waits until this item can be typed.
fn wait_for_item(shell: &Terminal, number: u32) {
    let asked = format!("  item {number}:");
    shell.wait_until(|screen| screen.lines().last() == Some(&asked));
}

#[test]
fn items_are_typed_and_answered_at_the_same_time() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "cd services/Lookout");
    shell.type_line("./echo");
    wait_for_item(&shell, 1);
    shell.type_line("text=ahoy");
    // The answer is there before the next item.
    shell.wait_for("#1 {\"number\":1,\"text\":\"ahoy\"}");
    wait_for_item(&shell, 2);
    shell.type_line("txt=again");
    shell.wait_for("did you mean text?");
    wait_for_item(&shell, 2);
    shell.type_line("{\"text\": \"again\"}");
    shell.wait_for("#2 {\"number\":2,\"text\":\"again\"}");
    wait_for_item(&shell, 3);
    shell.key(Key::Enter);
    shell.wait_for("(2 items sent, 2 items, ");
    wait_for_prompt(&shell);
    // A client stream answers at its end.
    shell.type_line("./add");
    for value in 1..=3 {
        wait_for_item(&shell, value);
        shell.type_line(&format!("value={value}"));
    }
    wait_for_item(&shell, 4);
    shell.key(Key::Enter);
    shell.wait_for("\"sum\": 6.0");
    shell.wait_for("(3 items sent, ");
    wait_for_prompt(&shell);
    // Ctrl+C cancels.
    shell.type_line("./add");
    wait_for_item(&shell, 1);
    shell.key(Key::CtrlC);
    shell.wait_for("stopped");
    let screen = leave(shell);
    let start = screen.find("demo:/services/Lookout$ ./echo").unwrap();
    let end = screen.rfind("demo:/services/Lookout$ ./add").unwrap();
    assert_shown("items", &screen[start..end]);
}

#[test]
fn files_feed_and_take() {
    let folder = Folder::new();
    std::fs::write(folder.at("in.ndjson"), "{\"text\": \"a\"}\n{\"text\": \"b\"}\n").unwrap();
    let mut shell = folder.shell(&["--demo"]);
    run(&mut shell, "Lookout.echo < in.ndjson > out.ndjson");
    run(&mut shell, "Lookout.look name=x >> out.ndjson");
    leave(shell);
    assert_eq!(
        std::fs::read_to_string(folder.at("out.ndjson")).unwrap(),
        "{\"number\":1,\"text\":\"a\"}\n{\"number\":2,\"text\":\"b\"}\n{\"place\":\"x\",\"number\":1,\"text\":\"all is calm\"}\n"
    );
}

#[test]
fn wrong_lines_say_what_is_right() {
    let folder = Folder::new();
    let mut shell = folder.shell(&["--demo"]);
    for (line, told) in [
        ("lss", "did you mean ls?"),
        ("cd servces", "did you mean services?"),
        ("cd services/Lokout", "did you mean Lookout?"),
        ("Lookout.lok", "did you mean look?"),
        ("Lookout.look nam=x", "did you mean name?"),
        ("Lookout.look language=English extra", "\"extra\" is neither k=v nor a JSON object"),
        ("Lookout.look {\"name\": 1}", "name: string is wanted, and this is 1"),
        ("Lookout.look name=\"x", "a quote or bracket is not closed"),
        ("Diary.write text=x", "type `session Diary`, then write"),
        ("end", "end works inside a session only"),
        ("session Lookout", "services with sessions: Diary"),
        ("stream Lookout.look", "call it with ./look"),
        ("ls &", "ls does not run in the background"),
        ("cat", "/ is no single thing"),
        ("cd blobs/00", "a blob is not a place"),
        ("ls gossip", "a client cannot list them"),
    ] {
        let screen = run(&mut shell, line);
        let start = screen.rfind(&format!("$ {line}\n")).unwrap_or_else(|| panic!("{screen}"));
        assert!(screen[start..].contains(told), "{line}: {told}\n{screen}");
        run(&mut shell, "cd /");
        shell.key(Key::CtrlL);
        shell.wait_until(|screen| screen.lines().count() == 1);
    }
    leave(shell);
}
