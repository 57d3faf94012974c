//! Where lines come from: the line editor, or standard input read to its end.

use tokio::sync::{Mutex, mpsc};

use super::editor::{Entered, LineEditor, Purpose};
use super::prompt::Label;
use crate::failure::Failure;
use crate::remote::Input;

/// Lines of a script that are read ahead.
const READ_AHEAD: usize = 16;

/// Gives one line after the other.
pub(super) enum Source {
    Terminal(LineEditor),
    Script(Mutex<mpsc::Receiver<Result<String, Failure>>>),
}

impl Source {
    /// Standard input as a script.
    ///
    /// # Errors
    /// It cannot be opened.
    pub(super) fn script() -> Result<Self, Failure> {
        let mut reader = Input::Stdin.open()?;
        let (sender, receiver) = mpsc::channel(READ_AHEAD);
        // Reading blocks, and must not keep the program from ending.
        std::thread::spawn(move || {
            while let Some(line) = reader.next_line().transpose() {
                let failed = line.is_err();
                if sender.blocking_send(line).is_err() || failed {
                    break;
                }
            }
        });
        Ok(Self::Script(Mutex::new(receiver)))
    }

    /// The line editor, if there is one.
    pub(super) fn editor(&self) -> Option<&LineEditor> {
        match self {
            Self::Terminal(editor) => Some(editor),
            Self::Script(_) => None,
        }
    }

    /// The next line, without the line break at its end.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) async fn read(&self, label: Label, purpose: Purpose) -> Result<Entered, Failure> {
        match self {
            Self::Terminal(editor) => editor.read(label, purpose).await,
            Self::Script(lines) => Ok(match lines.lock().await.recv().await.transpose()? {
                Some(line) => Entered::Line(line.trim_end_matches(['\n', '\r']).to_owned()),
                None => Entered::End,
            }),
        }
    }
}
