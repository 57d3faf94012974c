//! What keys do: those of Emacs, and a menu that opens while one types.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use reedline::{
    EditCommand, EditMode, Emacs, PromptEditMode, ReedlineEvent, ReedlineRawEvent,
    default_emacs_keybindings,
};

use super::menu::{self, Selection};

/// The menu opens by itself, so it takes keys for itself only once somebody
/// has turned to it with Tab: until then Enter runs the line as it is typed,
/// and the arrows are for the history.
pub(super) struct Keys {
    emacs: Emacs,
    selection: Selection,
}

impl Keys {
    pub(super) fn new(selection: Selection) -> Self {
        Self { emacs: Emacs::new(default_emacs_keybindings()), selection }
    }

    fn other(&mut self, event: Event) -> ReedlineEvent {
        let Ok(event) = ReedlineRawEvent::try_from(event) else { return ReedlineEvent::None };
        match self.emacs.parse_event(event) {
            ReedlineEvent::Edit(edits) => {
                let inserts = edits.iter().any(|edit| matches!(edit, EditCommand::InsertChar(_)));
                let edit = ReedlineEvent::Edit(edits);
                if inserts { all(edit.clone(), open(), edit) } else { edit }
            }
            found @ ReedlineEvent::UntilFound(_) if self.selection.get().is_none() => {
                all(ReedlineEvent::Esc, found.clone(), found)
            }
            other => other,
        }
    }
}

fn open() -> ReedlineEvent {
    ReedlineEvent::Menu(menu::NAME.to_owned())
}

/// Both events. The search of the history takes no more than one at a time.
fn all(first: ReedlineEvent, second: ReedlineEvent, in_search: ReedlineEvent) -> ReedlineEvent {
    ReedlineEvent::UntilFound(vec![ReedlineEvent::Multiple(vec![first, second]), in_search])
}

impl EditMode for Keys {
    fn parse_event(&mut self, event: ReedlineRawEvent) -> ReedlineEvent {
        let event = Event::from(event);
        let Event::Key(KeyEvent { code, modifiers, .. }) = &event else {
            return self.other(event);
        };
        let code = match (*modifiers, code) {
            (KeyModifiers::NONE, code) => code,
            // Enter that was pressed before the prompt was there.
            (KeyModifiers::CONTROL, KeyCode::Char('j')) => &KeyCode::Enter,
            _ => return self.other(event),
        };
        let is_chosen = self.selection.get().is_some();
        match code {
            KeyCode::Tab => ReedlineEvent::Multiple(vec![
                ReedlineEvent::UntilFound(vec![ReedlineEvent::MenuNext, open()]),
                // Goes on with the next word if that one is complete.
                open(),
            ]),
            KeyCode::Enter if is_chosen => all(ReedlineEvent::Enter, open(), ReedlineEvent::Enter),
            KeyCode::Enter => all(ReedlineEvent::Esc, ReedlineEvent::Enter, ReedlineEvent::Enter),
            KeyCode::Down if is_chosen => ReedlineEvent::MenuNext,
            KeyCode::Up if is_chosen => ReedlineEvent::MenuPrevious,
            _ => self.other(event),
        }
    }

    fn edit_mode(&self) -> PromptEditMode {
        PromptEditMode::Emacs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(keys: &mut Keys, code: KeyCode) -> ReedlineEvent {
        let event = Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
        keys.parse_event(event.try_into().unwrap())
    }

    #[test]
    fn enter_runs_the_line_unless_something_is_chosen() {
        let selection = Selection::default();
        let mut keys = Keys::new(selection.clone());
        let enter = all(ReedlineEvent::Esc, ReedlineEvent::Enter, ReedlineEvent::Enter);
        assert_eq!(key(&mut keys, KeyCode::Enter), enter);
        selection.set(Some(0));
        let choose = all(ReedlineEvent::Enter, open(), ReedlineEvent::Enter);
        assert_eq!(key(&mut keys, KeyCode::Enter), choose);
        assert_eq!(key(&mut keys, KeyCode::Up), ReedlineEvent::MenuPrevious);
    }

    #[test]
    fn a_typed_character_opens_the_menu() {
        let mut keys = Keys::new(Selection::default());
        let edit = ReedlineEvent::Edit(vec![EditCommand::InsertChar('x')]);
        assert_eq!(key(&mut keys, KeyCode::Char('x')), all(edit.clone(), open(), edit));
    }
}
