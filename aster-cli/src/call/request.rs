//! The request as the command line has it.

use crate::failure::Failure;
use crate::remote::Input;

/// What follows the method on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Nothing.
    None,
    /// `key=value` words.
    Pairs(Vec<(String, String)>),
    /// JSON, a file, or standard input.
    Input(Input),
}

impl Request {
    /// # Errors
    /// Words that are neither.
    pub(super) fn parse(words: &[&str]) -> Result<Self, Failure> {
        match words {
            [] => Ok(Self::None),
            [word] if *word == "-" || word.starts_with(['@', '{', '[', '"']) => {
                Ok(Self::Input(Input::parse(word)))
            }
            words => {
                let pairs = words.iter().map(|word| match word.split_once('=') {
                    Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
                    _ => Err(Failure::usage(format!("{word:?} is neither JSON nor key=value"))
                        .hint("quote JSON for the shell, as in '{\"agent_id\": \"edge-1\"}'")),
                });
                Ok(Self::Pairs(pairs.collect::<Result<_, _>>()?))
            }
        }
    }

    /// Whether it comes from standard input.
    pub(super) fn reads_stdin(&self) -> bool {
        matches!(self, Self::Input(Input::Stdin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_json_files_or_words() {
        let input = |text: &str| Request::Input(Input::Text(text.into()));
        assert_eq!(Request::parse(&[]).unwrap(), Request::None);
        assert_eq!(Request::parse(&["{}"]).unwrap(), input("{}"));
        assert_eq!(Request::parse(&["[1]"]).unwrap(), input("[1]"));
        assert_eq!(Request::parse(&["-"]).unwrap(), Request::Input(Input::Stdin));
        assert_eq!(Request::parse(&["@a"]).unwrap(), Request::Input(Input::File("a".into())));
        assert_eq!(
            Request::parse(&["a.b=1", "c=x=y"]).unwrap(),
            Request::Pairs(vec![("a.b".into(), "1".into()), ("c".into(), "x=y".into())])
        );
        for words in [&["{}", "{}"][..], &["x"], &["=1"], &["a=1", "{}"]] {
            let text = Request::parse(words).unwrap_err().text();
            assert!(text.contains("neither JSON nor key=value"), "{words:?}: {text}");
        }
    }
}
