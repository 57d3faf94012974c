//! What `ls` and its relatives show, as data: rows that become a table or JSON
//! lines.

use serde_json::{Map, Value, json};

use super::place::{FOLDERS, Place};
use super::tree::{Branch, Tree, one_line, summary};
use crate::failure::Failure;
use crate::remote::{RemoteMethod, Right, Rights, one_of, requirements_text};

/// Between columns.
const GAP: &str = "  ";

/// Rows with the same columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Listing {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
    /// What to say if there are no rows, and below the rows.
    pub(super) note: String,
}

impl Listing {
    pub(super) fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.to_vec(), ..Self::default() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Value>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One JSON object for each row.
    pub(super) fn json_lines(&self) -> Vec<String> {
        let object = |row: &Vec<Value>| {
            let entries = self.columns.iter().zip(row);
            let entries = entries.map(|(name, cell)| ((*name).to_owned(), cell.clone()));
            Value::Object(entries.collect::<Map<_, _>>()).to_string()
        };
        self.rows.iter().map(object).collect()
    }

    /// Aligned columns below their names; lines are cut to `width`. A column
    /// without anything in it is left out.
    pub(super) fn table(&self, width: Option<usize>) -> String {
        let shown: Vec<usize> =
            (0..self.columns.len()).filter(|&at| self.says_something(at)).collect();
        let names = shown.iter().filter_map(|&at| self.columns.get(at));
        let names = names.map(|name| name.to_uppercase()).collect();
        let cells = |row: &Vec<Value>| {
            let cells =
                shown.iter().filter_map(|&at| Some(cell(self.columns.get(at)?, row.get(at)?)));
            cells.collect()
        };
        let rows: Vec<Vec<String>> =
            std::iter::once(names).chain(self.rows.iter().map(cells)).collect();
        let widest = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..shown.len()).map(widest).collect();
        let line = |row: &Vec<String>| {
            let cells: Vec<_> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            cut(cells.join(GAP).trim_end(), width)
        };
        rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    fn says_something(&self, column: usize) -> bool {
        let is_optional = self.columns.get(column).is_some_and(|name| OPTIONAL.contains(name));
        let mut cells = self.rows.iter().filter_map(|row| row.get(column));
        !is_optional || cells.any(|cell| !matches!(cell, Value::Null) && *cell != json!(""))
    }
}

/// Columns that are left out if there is nothing in them.
const OPTIONAL: [&str; 3] = ["timeout", "requires", "about"];

/// The text, with an ellipsis if it is longer than that.
fn cut(text: &str, width: Option<usize>) -> String {
    match width {
        Some(width) if text.chars().count() > width => {
            let start: String = text.chars().take(width.saturating_sub(1)).collect();
            format!("{start}…")
        }
        _ => text.to_owned(),
    }
}

/// The column that says whether a method may be called.
const ALLOWED: &str = "allowed";

/// A cell for people.
fn cell(column: &str, value: &Value) -> String {
    match value {
        Value::Bool(true) => "✓".to_owned(),
        Value::Bool(false) => "✗".to_owned(),
        Value::Null if column == ALLOWED => "?".to_owned(),
        Value::Null => "-".to_owned(),
        Value::String(text) => one_line(text),
        other => other.to_string(),
    }
}

/// What is at a place.
///
/// # Errors
/// There is no such place.
pub(super) fn list(place: &Place, tree: &Tree, rights: &Rights) -> Result<Listing, Failure> {
    match place {
        Place::Root => Ok(root(tree)),
        Place::Services => Ok(services(tree)),
        Place::Service(name) => Ok(methods(find(tree, name)?, rights, None)),
        Place::Method(name, method) => {
            let branch = find(tree, name)?;
            find_method(branch, method)?;
            Ok(methods(branch, rights, Some(method)))
        }
        Place::Blobs => Ok(blobs(tree)),
        Place::Blob(hash) => {
            blob(tree, hash)?;
            Ok(blobs(tree))
        }
        Place::Docs => Ok(docs(tree)),
        Place::Gossip => Ok(Listing {
            note: "a server does not tell what topics it has; a client cannot list them".into(),
            ..Listing::default()
        }),
    }
}

/// The service of a name.
///
/// # Errors
/// There is none.
pub(super) fn find<'a>(tree: &'a Tree, name: &str) -> Result<&'a Branch, Failure> {
    tree.find(name).ok_or_else(|| {
        let names = tree.branches().iter().map(|branch| branch.summary.name.as_str());
        Failure::not_found(format!("there is no service {name}"))
            .hint(one_of("service", name, names))
    })
}

/// The method of a name. Without a contract nobody can say that it is not
/// there.
///
/// # Errors
/// The contract has none.
pub(super) fn find_method(branch: &Branch, name: &str) -> Result<(), Failure> {
    let Some(contract) = branch.contract() else { return Ok(()) };
    if contract.methods.iter().any(|method| method.name == name) {
        return Ok(());
    }
    let names = contract.methods.iter().map(|method| method.name.as_str());
    Err(Failure::not_found(format!("{} has no method {name}", branch.summary.name))
        .hint(one_of("method", name, names)))
}

/// The service whose published contract has the hash.
///
/// # Errors
/// There is none.
pub(super) fn blob<'a>(tree: &'a Tree, hash: &str) -> Result<&'a Branch, Failure> {
    let of = |branch: &&Branch| branch.summary.contract_collection.as_deref() == Some(hash);
    tree.branches().iter().find(of).ok_or_else(|| {
        Failure::not_found(format!("the server announces no blob {hash}"))
            .hint("`ls /blobs` shows those that it does")
    })
}

fn root(tree: &Tree) -> Listing {
    let mut listing = Listing::new(&["name", "about"]);
    for (name, about) in FOLDERS {
        let about = match name {
            "services" => format!("{about}: {}", counted(tree.branches().len(), "service")),
            _ => about.to_owned(),
        };
        listing.row([json!(format!("{name}/")), json!(about)]);
    }
    listing
}

/// `1 service`, `2 services`.
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn services(tree: &Tree) -> Listing {
    let mut listing = Listing::new(&["service", "version", "scope", "methods", "about"]);
    for branch in tree.branches() {
        let contract = branch.contract();
        listing.row([
            json!(branch.summary.name),
            json!(branch.summary.version),
            json!(branch.summary.pattern),
            contract.map_or(Value::Null, |contract| json!(contract.methods.len())),
            json!(contract.map_or_else(String::new, |contract| summary(&contract.doc))),
        ]);
    }
    if listing.is_empty() {
        listing.note = "the server offers no services".into();
    }
    listing
}

/// The methods of a service, or only one of them.
fn methods(branch: &Branch, rights: &Rights, only: Option<&str>) -> Listing {
    let columns = ["method", "pattern", "signature", "timeout", "requires", ALLOWED, "about"];
    let mut listing = Listing::new(&columns);
    let methods = branch.methods();
    for method in methods.iter().filter(|method| only.is_none_or(|only| method.name == only)) {
        listing.row(method_row(method, rights));
    }
    listing.note = unknown_methods(branch).unwrap_or_default();
    listing
}

fn method_row(method: &RemoteMethod, rights: &Rights) -> [Value; 7] {
    let contract = method.service.contract.as_ref();
    let described = method.described();
    let timeout = described.and_then(|method| method.timeout);
    let requires = contract.and_then(|contract| requirements_text(contract, &method.name));
    let doc = described.map(|method| method.doc.as_str()).unwrap_or_default();
    [
        json!(method.name),
        json!(method.pattern.name()),
        json!(method.signature()),
        timeout.map_or(Value::Null, |seconds| json!(format!("{seconds} s"))),
        json!(requires),
        json!(allowed(&rights.of(contract, &method.name))),
        json!(summary(doc)),
    ]
}

/// Whether a method may be called, if that is known.
fn allowed(right: &Right) -> Option<bool> {
    match right {
        Right::Held => Some(true),
        Right::Missing(_) => Some(false),
        Right::Unknown => None,
    }
}

/// Why the methods of a service are not known, and what to do.
pub(super) fn unknown_methods(branch: &Branch) -> Option<String> {
    let service = branch.service.as_ref()?;
    let reason = service.no_contract.as_ref()?;
    Some(format!(
        "{reason}\n\
         Methods are called by name, with JSON: unary METHOD {{...}}, stream METHOD {{...}}, \
         send METHOD, bidi METHOD"
    ))
}

fn blobs(tree: &Tree) -> Listing {
    let mut listing = Listing::new(&["blob", "about"]);
    for branch in tree.branches() {
        if let Some(hash) = &branch.summary.contract_collection {
            let about = format!("contract of {} v{}", branch.summary.name, branch.summary.version);
            listing.row([json!(hash), json!(about)]);
        }
    }
    if listing.is_empty() {
        listing.note = "the server announces no blobs".into();
    }
    listing
}

fn docs(tree: &Tree) -> Listing {
    let mut listing = Listing::new(&["entry", "contract"]);
    for branch in tree.branches() {
        if !branch.summary.contract_id.is_empty() {
            let entry = format!("{} v{}", branch.summary.name, branch.summary.version);
            listing.row([json!(entry), json!(branch.summary.contract_id)]);
        }
    }
    if listing.is_empty() {
        listing.note = "the server announces no contracts".into();
    }
    listing
}

/// Every method, and whether it may be called.
pub(super) fn rights(tree: &Tree, rights: &Rights) -> Listing {
    let mut listing = Listing::new(&["method", "requires", ALLOWED]);
    for method in tree.branches().iter().flat_map(Branch::methods) {
        let contract = method.service.contract.as_ref();
        let requires = contract.and_then(|contract| requirements_text(contract, &method.name));
        listing.row([
            json!(method.full_name()),
            json!(requires),
            json!(allowed(&rights.of(contract, &method.name))),
        ]);
    }
    if listing.is_empty() {
        listing.note = "no contract tells what the methods require".into();
    }
    listing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_a_table_or_json() {
        let mut listing = Listing::new(&["name", "count", ALLOWED]);
        listing.row([json!("a\x1b[2J\nb"), json!(3), json!(true)]);
        listing.row([json!("long name here"), Value::Null, Value::Null]);
        assert_eq!(
            listing.table(None),
            "NAME            COUNT  ALLOWED\na\\u{1b}[2J b    3      ✓\nlong name here  -      ?"
        );
        assert!(listing.table(Some(12)).ends_with("long name h…"));
        assert_eq!(
            listing.json_lines(),
            [
                r#"{"allowed":true,"count":3,"name":"a\u001b[2J\nb"}"#,
                r#"{"allowed":null,"count":null,"name":"long name here"}"#
            ]
        );
    }

    #[test]
    fn columns_without_anything_are_left_out() {
        let mut listing = Listing::new(&["method", "timeout", "about"]);
        listing.row([json!("a"), Value::Null, json!("")]);
        listing.row([json!("b"), Value::Null, json!("x")]);
        assert_eq!(listing.table(None), "METHOD  ABOUT\na\nb       x");
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        assert_eq!((counted(1, "job"), counted(0, "job")), ("1 job".into(), "0 jobs".into()));
    }
}
