//! Keys that are no characters.

/// A key, as terminals in their normal mode send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Key {
    Enter,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Escape,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    CtrlA,
    CtrlC,
    CtrlD,
    CtrlE,
    CtrlL,
    CtrlR,
    CtrlU,
    CtrlW,
}

impl Key {
    /// What the program reads.
    pub(crate) fn bytes(self) -> &'static str {
        match self {
            Self::Enter => "\r",
            Self::Tab => "\t",
            Self::BackTab => "\x1b[Z",
            Self::Backspace => "\x7f",
            Self::Delete => "\x1b[3~",
            Self::Escape => "\x1b",
            Self::Up => "\x1b[A",
            Self::Down => "\x1b[B",
            Self::Right => "\x1b[C",
            Self::Left => "\x1b[D",
            Self::Home => "\x1b[H",
            Self::End => "\x1b[F",
            Self::CtrlA => "\x01",
            Self::CtrlC => "\x03",
            Self::CtrlD => "\x04",
            Self::CtrlE => "\x05",
            Self::CtrlL => "\x0c",
            Self::CtrlR => "\x12",
            Self::CtrlU => "\x15",
            Self::CtrlW => "\x17",
        }
    }
}
