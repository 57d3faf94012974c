//! A line as typed: words, where input and output go, and whether it runs in
//! the background.

use crate::failure::Failure;

/// One word, without its quotes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Where it starts in the line, in bytes.
    pub(super) start: usize,
    /// Where the first `=` outside quotes is in `text`.
    equals: Option<usize>,
    /// Whether any of it was in quotes.
    pub(super) quoted: bool,
    /// Whether a quote or a bracket is not closed.
    pub(super) open: bool,
}

impl Word {
    /// One that is about to be typed.
    pub(super) fn empty(start: usize) -> Self {
        Self { start, ..Self::default() }
    }

    /// `key=value`.
    pub(super) fn pair(&self) -> Option<(&str, &str)> {
        let (key, value) = self.text.split_at_checked(self.equals?)?;
        Some((key, value.strip_prefix('=')?))
    }

    /// Whether it is written as a JSON object or array.
    pub(super) fn is_json(&self) -> bool {
        self.equals.is_none() && self.text.starts_with(['{', '['])
    }

    /// A word that stands for itself, such as `&`.
    fn is(&self, symbol: &str) -> bool {
        !self.quoted && self.text == symbol
    }
}

/// Where results go instead of standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) path: String,
    pub(super) append: bool,
}

/// A line that can be run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    /// `< FILE`: where the items of a request stream come from.
    pub(super) input: Option<String>,
    /// `> FILE` or `>> FILE`.
    pub(super) output: Option<Target>,
    /// `&` at the end.
    pub(super) background: bool,
}

impl Line {
    /// Reads a line.
    ///
    /// # Errors
    /// If a quote, a bracket or a redirection is not complete.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let mut line = Self::default();
        let mut words = words(text).into_iter();
        while let Some(word) = words.next() {
            if line.background {
                return Err(Failure::usage("& is the last word of a line"));
            }
            if word.open {
                return Err(Failure::usage("a quote or bracket is not closed")
                    .hint("close it, or put the value in single quotes"));
            }
            if word.is("&") {
                line.background = true;
            } else if let Some(rest) = symbol(&word, '<') {
                line.input = Some(file(rest, &mut words)?);
            } else if let Some(rest) = symbol(&word, '>') {
                let append = rest.starts_with('>');
                let rest = rest.trim_start_matches('>');
                line.output = Some(Target { path: file(rest, &mut words)?, append });
            } else {
                line.words.push(word);
            }
        }
        Ok(line)
    }
}

/// What follows the symbol that the word starts with.
fn symbol(word: &Word, symbol: char) -> Option<&str> {
    if word.quoted { None } else { word.text.strip_prefix(symbol) }
}

fn file(rest: &str, words: &mut impl Iterator<Item = Word>) -> Result<String, Failure> {
    let name =
        if rest.is_empty() { words.next().map(|word| word.text) } else { Some(rest.to_owned()) };
    name.filter(|name| !name.is_empty())
        .ok_or_else(|| Failure::usage("no file follows < or >").hint("write it as > FILE"))
}

/// Whether the line is to be run at all.
pub(super) fn is_blank(text: &str) -> bool {
    let text = text.trim_start();
    text.is_empty() || text.starts_with('#')
}

/// Puts the line before in the place of every word `!!`.
pub(super) fn recall(text: &str, previous: Option<&str>) -> Result<String, Failure> {
    let recalled: Vec<usize> =
        words(text).into_iter().filter(|word| word.is("!!")).map(|word| word.start).collect();
    if recalled.is_empty() {
        return Ok(text.to_owned());
    }
    let previous = previous.ok_or_else(|| Failure::usage("there is no line before this one"))?;
    let mut out = String::new();
    let mut rest = 0;
    for start in recalled {
        out.push_str(text.get(rest..start).unwrap_or_default());
        out.push_str(previous);
        rest = start + "!!".len();
    }
    out.push_str(text.get(rest..).unwrap_or_default());
    Ok(out)
}

/// The words of a line, also of one that is not complete.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut scanner = Scanner { chars: text.char_indices().peekable() };
    std::iter::from_fn(|| scanner.word()).collect()
}

struct Scanner<'a> {
    chars: std::iter::Peekable<std::str::CharIndices<'a>>,
}

impl Scanner<'_> {
    fn next(&mut self) -> Option<char> {
        self.chars.next().map(|(_, c)| c)
    }

    fn word(&mut self) -> Option<Word> {
        while self.chars.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        let mut word = Word::empty(self.chars.peek()?.0);
        // JSON starts a word or a value.
        let mut json_may_start = true;
        while let Some((_, c)) = self.chars.next_if(|(_, c)| !c.is_whitespace()) {
            match c {
                '{' | '[' if json_may_start => self.json(c, &mut word),
                '"' => self.double_quoted(&mut word),
                '\'' => self.single_quoted(&mut word),
                '\\' => word.text.push(self.next().unwrap_or('\\')),
                _ => word.text.push(c),
            }
            let first_equals = c == '=' && word.equals.is_none();
            if first_equals {
                word.equals = Some(word.text.len() - 1);
            }
            json_may_start = first_equals;
        }
        Some(word)
    }

    /// Takes text up to the bracket that closes the first one, as it is.
    fn json(&mut self, bracket: char, word: &mut Word) {
        word.text.push(bracket);
        let (mut depth, mut in_string) = (1_usize, false);
        while depth > 0 {
            let Some(c) = self.next() else {
                word.open = true;
                return;
            };
            word.text.push(c);
            match c {
                '"' => in_string = !in_string,
                '\\' if in_string => word.text.extend(self.next()),
                '{' | '[' if !in_string => depth += 1,
                '}' | ']' if !in_string => depth -= 1,
                _ => {}
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        loop {
            match self.next() {
                Some('"') => return,
                Some('\\') => match self.next() {
                    Some('n') => word.text.push('\n'),
                    Some('t') => word.text.push('\t'),
                    Some(c @ ('"' | '\\')) => word.text.push(c),
                    Some(c) => word.text.extend(['\\', c]),
                    None => word.open = true,
                },
                Some(c) => word.text.push(c),
                None => {
                    word.open = true;
                    return;
                }
            }
        }
    }

    fn single_quoted(&mut self, word: &mut Word) {
        word.quoted = true;
        loop {
            match self.next() {
                Some('\'') => return,
                Some(c) => word.text.push(c),
                None => {
                    word.open = true;
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        words(line).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn quotes_and_brackets_hold_words_together() {
        assert_eq!(texts(r#"./run command="df -h" a.b=1"#), ["./run", "command=df -h", "a.b=1"]);
        assert_eq!(texts("m 'a b' c\\ d"), ["m", "a b", "c d"]);
        assert_eq!(texts(r#"m "a\"b\\\n\q""#), ["m", "a\"b\\\n\\q"]);
        assert_eq!(
            texts(r#"m {"a": "} \" {", "b": [1, 2]} x={ "y": 1 } z"#),
            ["m", r#"{"a": "} \" {", "b": [1, 2]}"#, r#"x={ "y": 1 }"#, "z"]
        );
        // A bracket inside a word is a character.
        assert_eq!(texts("a{b c}"), ["a{b", "c}"]);
        assert!(texts("   ").is_empty());
    }

    #[test]
    fn pairs_are_split_at_the_first_equals_sign_outside_quotes() {
        let pair = |text: &str| {
            words(text)[0].pair().map(|(key, value)| (key.to_owned(), value.to_owned()))
        };
        assert_eq!(pair("a=b=c"), Some(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Some(("a".into(), String::new())));
        assert_eq!(pair("\"a=b\""), None);
        assert_eq!(pair("a"), None);
        assert!(words("{\"a\": 1}")[0].is_json() && words("'{}'")[0].is_json());
        assert!(!words("a={}")[0].is_json());
    }

    #[test]
    fn redirections_and_background_are_taken_off() {
        let line = Line::parse("m a=1 < in.ndjson > 'out put' &").unwrap();
        assert_eq!(line.words.len(), 2);
        assert_eq!(line.input.as_deref(), Some("in.ndjson"));
        assert_eq!(line.output, Some(Target { path: "out put".into(), append: false }));
        assert!(line.background);
        let line = Line::parse("m >>log").unwrap();
        assert_eq!(line.output, Some(Target { path: "log".into(), append: true }));
        // Inside a word or in quotes they are characters.
        let line = Line::parse("m a=x>y '>' b=&").unwrap();
        assert_eq!((line.words.len(), line.output, line.background), (4, None, false));
    }

    #[test]
    fn incomplete_lines_are_refused() {
        for text in ["m a=\"b", "m {\"a\": 1", "m 'x", "m >", "m <", "m & x"] {
            assert!(Line::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_line_before_is_recalled() {
        assert_eq!(recall("time !!", Some("ls -a")).unwrap(), "time ls -a");
        assert_eq!(recall("!! !!", Some("x")).unwrap(), "x x");
        assert_eq!(recall("say '!!' a!!", None).unwrap(), "say '!!' a!!");
        assert!(recall("!!", None).is_err());
    }

    #[test]
    fn comments_and_empty_lines_are_blank() {
        assert!(is_blank("") && is_blank("  # ls") && !is_blank("ls # here"));
    }

    proptest::proptest! {
        #[test]
        fn no_line_panics(text in ".{0,80}") {
            let words = words(&text);
            proptest::prop_assert!(words.iter().all(|word| text.is_char_boundary(word.start)));
            let _ = Line::parse(&text);
            let _ = recall(&text, Some("x"));
        }
    }
}
