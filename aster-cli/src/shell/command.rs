//! The commands: their names, how they are written, what they do, where they
//! work.

/// One command.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) usage: &'static str,
    pub(super) help: &'static str,
    pub(super) scope: Scope,
    pub(super) verb: Verb,
}

/// Where a command works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Anywhere,
    /// Not inside a session.
    Tree,
    /// Only inside a session.
    Session,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Bench,
    Call(Form),
    Cat,
    Cd,
    Describe,
    End,
    Exit,
    Help,
    History,
    Jobs,
    Ls,
    Pwd,
    Refresh,
    Rights,
    Session,
    Stop,
    Time,
    Watch,
    Whoami,
}

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As the contract says.
    Described,
    Unary,
    ServerStream,
    ClientStream,
    Bidi,
}

macro_rules! commands {
    ($($scope:ident $verb:expr, $name:literal, $usage:literal, $help:literal;)*) => {
        &[$(Command {
            name: $name, usage: $usage, help: $help, scope: Scope::$scope, verb: $verb,
        }),*]
    };
}

/// All commands, as `help` lists them.
#[rustfmt::skip]
pub(super) static COMMANDS: &[Command] = commands! {
    Anywhere Verb::Ls, "ls", "ls [PATH]", "list what is here";
    Tree Verb::Cd, "cd", "cd [PATH]", "go to a place; .. is one up";
    Anywhere Verb::Pwd, "pwd", "pwd", "print where you are";
    Anywhere Verb::Describe, "describe", "describe [NAME]", "all about a service or method";
    Anywhere Verb::Cat, "cat", "cat PATH", "print a contract as JSON";
    Anywhere Verb::Call(Form::Described), "invoke", "invoke METHOD [k=v ...]", "call a method, as ./METHOD does";
    Tree Verb::Session, "session", "session [SERVICE]", "open a session with a service";
    Session Verb::End, "end", "end", "close the session";
    Anywhere Verb::Call(Form::Unary), "unary", "unary METHOD [JSON]", "call without a contract: one request, one response";
    Anywhere Verb::Call(Form::ServerStream), "stream", "stream METHOD [JSON]", "call without a contract: one request, many responses";
    Anywhere Verb::Call(Form::ClientStream), "send", "send METHOD [JSON]", "call without a contract: many requests, one response";
    Anywhere Verb::Call(Form::Bidi), "bidi", "bidi METHOD [JSON]", "call without a contract: many each way";
    Anywhere Verb::Jobs, "jobs", "jobs", "list what runs in the background";
    Anywhere Verb::Stop, "stop", "stop N", "stop a job";
    Anywhere Verb::Time, "time", "time LINE", "run a line and say how long it took";
    Anywhere Verb::Watch, "watch", "watch [-n SECONDS] LINE", "run a line again and again";
    Anywhere Verb::Bench, "bench", "bench METHOD [k=v ...] [-c CALLS] [-n COUNT]", "measure calls";
    Anywhere Verb::Whoami, "whoami", "whoami", "who you are to the server";
    Anywhere Verb::Rights, "rights", "rights", "which methods your credential allows";
    Anywhere Verb::Refresh, "refresh", "refresh", "ask again for contracts that could not be had";
    Anywhere Verb::History, "history", "history [COUNT]", "list earlier lines; !! is the last one";
    Anywhere Verb::Help, "help", "help [COMMAND]", "list the commands";
    Anywhere Verb::Exit, "exit", "exit", "leave the shell, as Ctrl+D does";
    Anywhere Verb::Exit, "quit", "quit", "leave the shell";
};

/// The command of a name.
pub(super) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

impl Command {
    /// Whether it works there.
    pub(super) fn works(&self, in_session: bool) -> bool {
        match self.scope {
            Scope::Anywhere => true,
            Scope::Tree => !in_session,
            Scope::Session => in_session,
        }
    }

    /// Whether a line follows that is run in turn.
    pub(super) fn takes_line(&self) -> bool {
        matches!(self.verb, Verb::Time | Verb::Watch)
    }

    /// Whether a method follows.
    pub(super) fn takes_method(&self) -> bool {
        matches!(self.verb, Verb::Call(_) | Verb::Bench)
    }

    /// Whether a path follows.
    pub(super) fn takes_path(&self) -> bool {
        matches!(self.verb, Verb::Cd | Verb::Ls | Verb::Cat | Verb::Describe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_start_their_usage() {
        for (index, command) in COMMANDS.iter().enumerate() {
            assert_eq!(COMMANDS.iter().position(|other| other.name == command.name), Some(index));
            assert!(command.usage.starts_with(command.name));
            assert!(!command.help.is_empty());
        }
        assert!(find("end").is_some_and(|end| end.works(true) && !end.works(false)));
        assert!(find("cd").is_some_and(|cd| cd.works(false) && !cd.works(true)));
        assert!(find("reboot").is_none());
    }
}
