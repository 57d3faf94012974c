//! `cells.toml`: what there is to do, and what cannot be done.

use std::fmt;

use toml::{Table, Value};

/// One cell of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) server: String,
    pub(crate) client: String,
    pub(crate) scope: String,
    pub(crate) kind: String,
    pub(crate) codec: String,
    pub(crate) pattern: String,
    /// The JSON of a typed client was not asked for but announced.
    pub(crate) announced: bool,
}

/// The reason of a cell that cannot be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Impossible {
    pub(crate) who: String,
    pub(crate) why: String,
}

/// One extra case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) scopes: Vec<String>,
}

/// The file, read.
pub(crate) struct Book {
    pub(crate) cells: Vec<(Cell, Option<Impossible>)>,
    pub(crate) patterns: Vec<String>,
    pub(crate) cases: Vec<Case>,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} server, {} client, {} {} {}{} {}",
            self.server,
            self.client,
            self.scope,
            self.kind,
            self.codec,
            if self.announced { " (announced)" } else { "" },
            self.pattern
        )
    }
}

impl Book {
    pub(crate) fn read() -> Self {
        let path = super::programs::file("cells.toml");
        let file = std::fs::read_to_string(path).expect("cells.toml");
        let book: Table = file.parse().expect("cells.toml");
        let axes = book["axes"].as_table().expect("axes");
        let impossible = tables(&book, "impossible");
        let variants = tables(&book, "variant");
        let mut cells = Vec::new();
        for server in texts(&axes["server"]) {
            // Always the other language.
            let clients = texts(&axes["client"]);
            for client in clients.into_iter().filter(|client| *client != server) {
                for scope in texts(&axes["scope"]) {
                    for kind in texts(&axes["kind"]) {
                        for codec in texts(&axes["codec"]) {
                            for announced in [false, true] {
                                for pattern in texts(&axes["pattern"]) {
                                    let cell = Cell {
                                        server: server.clone(),
                                        client: client.clone(),
                                        scope: scope.clone(),
                                        kind: kind.clone(),
                                        codec: codec.clone(),
                                        pattern,
                                        announced,
                                    };
                                    if announced && !variants.iter().any(|v| fits(v, &cell)) {
                                        continue;
                                    }
                                    let reason = impossible.iter().find(|i| fits(i, &cell));
                                    cells.push((cell, reason.map(|table| reason_of(table))));
                                }
                            }
                        }
                    }
                }
            }
        }
        let listed = cells.iter().filter(|(_, reason)| reason.is_some()).count();
        assert_eq!(listed, impossible.len(), "every impossible entry of cells.toml is one cell");
        Self {
            cells,
            patterns: texts(&axes["pattern"]),
            cases: tables(&book, "case")
                .into_iter()
                .map(|case| Case { name: text(&case["name"]), scopes: texts(&case["scopes"]) })
                .collect(),
        }
    }
}

fn fits(table: &Table, cell: &Cell) -> bool {
    let axes = [
        ("server", &cell.server),
        ("client", &cell.client),
        ("scope", &cell.scope),
        ("kind", &cell.kind),
        ("codec", &cell.codec),
        ("pattern", &cell.pattern),
    ];
    axes.into_iter()
        .all(|(axis, value)| table.get(axis).is_none_or(|wanted| wanted.as_str() == Some(value)))
}

fn reason_of(table: &Table) -> Impossible {
    Impossible { who: text(&table["who"]), why: text(&table["why"]) }
}

fn tables<'a>(book: &'a Table, name: &str) -> Vec<&'a Table> {
    let entries = book[name].as_array().expect("an array of tables");
    entries.iter().filter_map(Value::as_table).collect()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().expect("a list").iter().map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
