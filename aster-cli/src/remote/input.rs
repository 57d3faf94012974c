//! Requests from the command line, a file or standard input.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::Value;
use tokio::sync::mpsc;

use super::Items;
use crate::failure::Failure;

/// Largest request, in bytes: what fits into one message.
const MAX_REQUEST_BYTES: u64 = 16 * 1024 * 1024;

/// Items or lines that are read ahead.
const READ_AHEAD: usize = 64;

/// Where requests come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// JSON on the command line.
    Text(String),
    /// A file.
    File(String),
    /// Standard input.
    Stdin,
}

impl Input {
    /// `-` is standard input, `@FILE` a file, everything else JSON.
    pub(crate) fn parse(text: &str) -> Self {
        match text.strip_prefix('@') {
            Some(path) => Self::File(path.to_owned()),
            None if text == "-" => Self::Stdin,
            None => Self::Text(text.to_owned()),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn open(&self) -> Result<InputReader, Failure> {
        let (source, name, size): (Box<dyn Read + Send>, _, _) = match self {
            Self::Text(text) => (
                Box::new(std::io::Cursor::new(text.clone().into_bytes())),
                "the request".to_owned(),
                None,
            ),
            Self::File(path) => {
                let opened = File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)));
                let (size, file) = opened
                    .map_err(|error| Failure::usage(format!("cannot read {path}: {error}")))?;
                (Box::new(file), path.clone(), Some(size))
            }
            Self::Stdin => (Box::new(std::io::stdin()), "standard input".to_owned(), None),
        };
        Ok(InputReader {
            lines: BufReader::new(source),
            name,
            line: 0,
            is_typed: matches!(self, Self::Text(_)),
            size,
            read: Arc::default(),
        })
    }
}

/// An open [`Input`].
pub(crate) struct InputReader {
    lines: BufReader<Box<dyn Read + Send>>,
    name: String,
    line: u64,
    is_typed: bool,
    size: Option<u64>,
    read: Arc<AtomicU64>,
}

impl InputReader {
    /// The size of the whole, if it is known, in bytes.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// Counts the bytes that were read, while they are.
    pub(crate) fn position(&self) -> Arc<AtomicU64> {
        self.read.clone()
    }

    /// The one request that the whole input is.
    ///
    /// # Errors
    /// It is no JSON, or too large.
    pub(crate) fn one(mut self) -> Result<Value, Failure> {
        let mut text = String::new();
        let failed = |error| Failure::usage(format!("cannot read {}: {error}", self.name));
        let limited = self.lines.by_ref().take(MAX_REQUEST_BYTES + 1);
        BufReader::new(limited).read_to_string(&mut text).map_err(failed)?;
        self.check_size(text.len())?;
        serde_json::from_str(&text).map_err(|error| {
            let failure = Failure::usage(format!("{} is not JSON: {error}", self.name));
            if self.is_typed {
                failure.hint("quote it for the shell, as in '{\"agent_id\": \"edge-1\"}'")
            } else if error.is_syntax() && text.trim_start().contains('\n') {
                failure.hint("this method takes one request; a file with one per line is for client streams and bidi")
            } else {
                failure
            }
        })
    }

    /// The requests of a stream, as they come: one per line, or what JSON on
    /// the command line holds (the elements, if it is an array).
    ///
    /// # Errors
    /// JSON on the command line that is none.
    pub(crate) fn many(self) -> Result<BoxStream<'static, Result<Value, Failure>>, Failure> {
        if self.is_typed {
            let items = match self.one()? {
                Value::Array(items) => items,
                item => vec![item],
            };
            return Ok(futures::stream::iter(items.into_iter().map(Ok)).boxed());
        }
        let items = self.read_ahead(Self::next_item);
        Ok(futures::stream::unfold(items, async |mut items| Some((items.recv().await?, items)))
            .boxed())
    }

    /// The lines, as they come, each with the line break at its end.
    pub(crate) fn lines(self) -> mpsc::Receiver<Result<String, Failure>> {
        self.read_ahead(Self::next_line)
    }

    /// Reads up to the first failure. Reading blocks, so it has a thread of its
    /// own, which ends with the input or when nobody takes what was read.
    fn read_ahead<T: Send + 'static>(
        mut self,
        next: fn(&mut Self) -> Result<Option<T>, Failure>,
    ) -> mpsc::Receiver<Result<T, Failure>> {
        let (sender, receiver) = mpsc::channel(READ_AHEAD);
        std::thread::spawn(move || {
            while let Some(item) = next(&mut self).transpose() {
                let failed = item.is_err();
                if sender.blocking_send(item).is_err() || failed {
                    break;
                }
            }
        });
        receiver
    }

    fn next_line(&mut self) -> Result<Option<String>, Failure> {
        let mut bytes = Vec::new();
        let failed = |error| Failure::usage(format!("cannot read {}: {error}", self.name));
        let limited = self.lines.by_ref().take(MAX_REQUEST_BYTES + 1);
        let count = BufRead::read_until(&mut { limited }, b'\n', &mut bytes).map_err(failed)?;
        if count == 0 {
            return Ok(None);
        }
        self.line += 1;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        self.check_size(bytes.len())?;
        String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| Failure::usage(format!("{}, line {}, is not UTF-8", self.name, self.line)))
    }

    fn next_item(&mut self) -> Result<Option<Value>, Failure> {
        while let Some(line) = self.next_line()? {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            return serde_json::from_str(line).map(Some).map_err(|error| {
                let at = format!("{}, line {}, is not JSON: {error}", self.name, self.line);
                Failure::usage(at).hint("write one request per line")
            });
        }
        Ok(None)
    }

    fn check_size(&self, bytes: usize) -> Result<(), Failure> {
        if bytes as u64 > MAX_REQUEST_BYTES {
            return Err(Failure::usage(format!(
                "{} holds more than the {MAX_REQUEST_BYTES} bytes that one message may have",
                self.name
            )));
        }
        Ok(())
    }
}

impl InputReader {
    /// The requests of a call: one, or as many as come.
    ///
    /// # Errors
    /// As [`one`](Self::one) and [`many`](Self::many).
    pub(crate) fn items(self, takes_stream: bool) -> Result<Items, Failure> {
        if takes_stream { self.many().map(Items::Stream) } else { self.one().map(Items::One) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(text: &str) -> (tempfile::NamedTempFile, Input) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let input = Input::parse(&format!("@{}", file.path().display()));
        (file, input)
    }

    fn all(input: &Input) -> Result<Vec<Value>, Failure> {
        let items = input.open()?.many()?;
        futures::executor::block_on(items.collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn a_stream_is_a_request_per_line() {
        let (_file, input) = file("{\"a\":1}\n\n  {\"a\":2}  \n3");
        assert_eq!(
            all(&input).unwrap(),
            [serde_json::json!({"a":1}), serde_json::json!({"a":2}), 3.into()]
        );
        assert_eq!(all(&Input::parse("[1,2]")).unwrap(), [Value::from(1), 2.into()]);
        assert_eq!(all(&Input::parse("{}")).unwrap(), [serde_json::json!({})]);
    }

    #[test]
    fn a_wrong_line_is_named() {
        let (_file, input) = file("{}\nnope\n{}\n");
        let text = all(&input).unwrap_err().text();
        assert!(text.contains("line 2, is not JSON"), "{text}");
    }

    #[test]
    fn one_request_may_have_many_lines() {
        let (_file, input) = file("{\n \"a\": [1,\n 2]\n}\n");
        let value = input.open().unwrap().one().unwrap();
        assert_eq!(value, serde_json::json!({"a": [1, 2]}));
        let (_file, input) = file("{}\n{}\n");
        assert!(input.open().unwrap().one().is_err());
        assert!(Input::parse("@/nonexistent").open().is_err());
    }
}
