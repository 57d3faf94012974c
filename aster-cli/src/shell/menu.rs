//! The menu below the line: one candidate a row, with what it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use nu_ansi_term::{Color, Style};
use reedline::menu_functions::replace_in_buffer;
use reedline::{Completer, Editor, Menu, MenuEvent, Painter, Suggestion};

use super::tree::one_line;

/// What key bindings call the menu.
pub(super) const NAME: &str = "completions";

/// Most rows that are shown; the others come into view by moving down.
const MAX_ROWS: usize = 10;

/// Widest first column, in characters.
const MAX_ALIGNED: usize = 32;

/// Columns between a candidate and its description.
const GAP: usize = 2;

/// The row that somebody turned to, if any; the keys look at it as well.
#[derive(Clone, Debug)]
pub(super) struct Selection(Arc<AtomicUsize>);

const NONE: usize = usize::MAX;

impl Default for Selection {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(NONE)))
    }
}

impl Selection {
    pub(super) fn get(&self) -> Option<usize> {
        Some(self.0.load(Ordering::Relaxed)).filter(|&at| at != NONE)
    }

    pub(super) fn set(&self, row: Option<usize>) {
        self.0.store(row.unwrap_or(NONE), Ordering::Relaxed);
    }
}

/// How a line of the history goes on from what is typed. Below the line,
/// because the editor shows no hint in it while a menu is open.
#[derive(Clone, Debug, Default)]
pub(super) struct Hint(Arc<Mutex<String>>);

impl Hint {
    pub(super) fn get(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, text: &str) {
        text.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Shows nothing when there is nothing to choose from.
pub(super) struct CompletionMenu {
    is_active: bool,
    /// Whether the candidates are those of an older line.
    is_stale: bool,
    values: Vec<Suggestion>,
    selection: Selection,
    hint: Hint,
    /// What is typed, for the hint to go on from.
    line: String,
    columns: usize,
}

impl CompletionMenu {
    pub(super) fn new(selection: Selection, hint: Hint) -> Self {
        Self {
            hint,
            line: String::new(),
            is_active: false,
            is_stale: true,
            values: Vec::new(),
            selection,
            columns: 80,
        }
    }

    /// Moves on from the selected row; the first time, to the first row.
    fn select(&mut self, to: impl FnOnce(usize, usize) -> usize) {
        let count = self.get_values().len();
        let row = self.selection.get().map_or(0, |at| to(at, count));
        self.selection.set(row.checked_rem(count));
    }

    fn rows(&self) -> usize {
        self.values.len().min(MAX_ROWS)
    }

    /// The line of the history, if there is one.
    fn hint_row(&self, coloured: bool) -> Option<String> {
        let hint = Some(self.hint.get()).filter(|hint| !hint.is_empty())?;
        let line = one_line(&format!("{}{hint}", self.line));
        let row = cut(&format!("→ {line}"), self.columns.saturating_sub(1));
        Some(if coloured { Style::new().dimmed().paint(row).to_string() } else { row })
    }

    fn row(&self, suggestion: &Suggestion, is_selected: bool, coloured: bool) -> String {
        let widest = self.values.iter().map(|value| value.value.chars().count()).max();
        let width = widest.unwrap_or_default().min(MAX_ALIGNED);
        let room = self.columns.saturating_sub(3);
        let mark = if is_selected { "> " } else { "  " };
        let value = cut(&format!("{:width$}", suggestion.value), room);
        let left = room.saturating_sub(value.chars().count() + GAP);
        let description = cut(suggestion.description.as_deref().unwrap_or_default(), left);
        let gap = " ".repeat(GAP);
        let plain = format!("{mark}{value}{gap}{description}");
        match (coloured, is_selected) {
            (false, _) => plain.trim_end().to_owned(),
            (true, true) => Style::new().bold().paint(plain).to_string(),
            (true, false) => format!(
                "{mark}{}{gap}{}",
                Color::Cyan.paint(value),
                Style::new().dimmed().paint(description)
            ),
        }
    }
}

/// The first characters.
fn cut(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

impl Menu for CompletionMenu {
    fn name(&self) -> &str {
        NAME
    }

    /// The prompt ends as it does without the menu.
    fn indicator(&self) -> &str {
        ""
    }

    fn is_active(&self) -> bool {
        self.is_active
    }

    fn menu_event(&mut self, event: MenuEvent) {
        match event {
            MenuEvent::Activate(_) => {
                (self.is_active, self.is_stale) = (true, true);
                self.selection.set(None);
            }
            MenuEvent::Deactivate => {
                self.is_active = false;
                self.selection.set(None);
            }
            MenuEvent::Edit(_) => {
                self.is_stale = true;
                self.selection.set(None);
            }
            MenuEvent::NextElement | MenuEvent::MoveDown | MenuEvent::MoveRight => {
                self.select(|at, _| at + 1);
            }
            MenuEvent::PreviousElement | MenuEvent::MoveUp | MenuEvent::MoveLeft => {
                self.select(|at, count| at + count - 1);
            }
            MenuEvent::NextPage => self.select(|at, count| (at + MAX_ROWS).min(count - 1)),
            MenuEvent::PreviousPage => self.select(|at, _| at.saturating_sub(MAX_ROWS)),
        }
    }

    /// Tab takes what is the only candidate.
    fn can_quick_complete(&self) -> bool {
        true
    }

    fn can_partially_complete(&mut self, _: bool, _: &mut Editor, _: &mut dyn Completer) -> bool {
        false
    }

    fn update_values(&mut self, editor: &mut Editor, completer: &mut dyn Completer) {
        let buffer = editor.line_buffer();
        self.values = completer.complete(buffer.get_buffer(), buffer.insertion_point());
        self.selection.set(None);
        self.is_stale = false;
    }

    fn update_working_details(
        &mut self,
        editor: &mut Editor,
        completer: &mut dyn Completer,
        painter: &Painter,
    ) {
        self.columns = painter.screen_width().into();
        if self.is_stale {
            self.update_values(editor, completer);
        }
        editor.get_buffer().clone_into(&mut self.line);
        // Where there is nothing to choose, the hint is shown in the line.
        self.is_active = !self.values.is_empty();
    }

    fn replace_in_buffer(&self, editor: &mut Editor) {
        let only = (self.get_values().len() == 1).then_some(0);
        let chosen = self.selection.get().or(only);
        let value = chosen.and_then(|row| self.get_values().get(row)).cloned();
        replace_in_buffer(value, editor, None);
    }

    fn menu_required_lines(&self, _: u16) -> u16 {
        self.min_rows()
    }

    fn menu_string(&self, available_lines: u16, coloured: bool) -> String {
        let hint = self.hint_row(coloured);
        let room = usize::from(available_lines).saturating_sub(hint.iter().len());
        let rows = self.rows().min(room);
        let selected = self.selection.get();
        let first = selected.map_or(0, |row| (row + 1).saturating_sub(rows));
        let shown = self.values.iter().enumerate().skip(first).take(rows);
        let rows =
            shown.map(|(at, suggestion)| self.row(suggestion, selected == Some(at), coloured));
        hint.into_iter().chain(rows).collect::<Vec<_>>().join("\r\n")
    }

    fn min_rows(&self) -> u16 {
        let hint = usize::from(!self.hint.get().is_empty());
        u16::try_from(self.rows() + hint).unwrap_or(u16::MAX)
    }

    /// None while they are those of an older line.
    fn get_values(&self) -> &[Suggestion] {
        if self.is_stale { &[] } else { &self.values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu(count: usize) -> CompletionMenu {
        let mut menu = CompletionMenu::new(Selection::default(), Hint::default());
        (menu.columns, menu.is_stale) = (30, false);
        menu.values = (0..count)
            .map(|number| Suggestion {
                value: format!("word{number}"),
                description: Some("what it is and what for, at length".to_owned()),
                ..Suggestion::default()
            })
            .collect();
        menu
    }

    #[test]
    fn nothing_to_choose_from_takes_no_room() {
        assert_eq!((menu(0).min_rows(), menu(0).menu_string(10, true)), (0, String::new()));
    }

    #[test]
    fn the_selected_row_is_always_in_view() {
        let mut menu = menu(12);
        assert_eq!(menu.min_rows(), 10);
        assert_eq!(
            menu.menu_string(2, false),
            "  word0   what it is and what\r\n  word1   what it is and what"
        );
        menu.menu_event(MenuEvent::NextElement);
        assert!(menu.menu_string(3, false).starts_with("> word0"));
        menu.menu_event(MenuEvent::PreviousElement);
        assert!(menu.menu_string(3, false).ends_with("> word11  what it is and what"));
        menu.menu_event(MenuEvent::Edit(false));
        assert_eq!(menu.selection.get(), None);
        menu.is_stale = false;
        menu.line = "wor".into();
        menu.hint.set("d1 x\x1b[2J");
        assert!(menu.menu_string(3, false).starts_with("→ word1 x\\u{1b}[2J\r\n  word0"));
        assert_eq!(menu.min_rows(), 11);
    }
}
