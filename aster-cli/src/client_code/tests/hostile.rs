//! Contracts of strangers: whatever their names and documentation are, the
//! code around them is the same, and the files stay where they belong.

use aster::contract::{Contract, manifest};
use proptest::prelude::*;
use serde_json::json;

use super::super::names::can_continue;
use super::super::{Language, Options, generate};
use super::LANGUAGES;

/// Words that are something in one of the languages, put together at random.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\"",
        "'",
        "`",
        "\\",
        "/",
        "*",
        "*/",
        "/*",
        "//",
        "#",
        "\"\"\"",
        "'''",
        "```",
        "~~~",
        "<",
        ">",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ";",
        ",",
        ":",
        "=",
        "@",
        "$",
        "${",
        " ",
        "  ",
        "    ",
        "\n",
        "\r",
        "\t",
        "\0",
        "\u{b}",
        "\u{c}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{202e}",
        "\u{feff}",
        "é",
        "e\u{301}",
        "ﬁ",
        "ß",
        "世",
        "🚀",
        "²",
        "..",
        "../",
        "..\\",
        "C:",
        "/etc",
        "class",
        "import",
        "fn",
        "def",
        "self",
        "Self",
        "type",
        "mod",
        "super",
        "crate",
        "union",
        "__init__",
        "constructor",
        "then",
        "close",
        "connect",
        "None",
        "con",
        "NUL",
        "a",
        "B",
        "1",
        "_",
        "#![feature(x)]",
        "// @ts-ignore",
        "@ts-expect-error",
        "# type: ignore",
        "# coding: utf-7",
        "\\u0022",
        "\\x22",
        "\\N{QUOTATION MARK}",
        "%s",
        "0",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

/// A name that every language has to change: it begins with a dash.
fn name() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        let text: String = text
            .chars()
            .filter(|c| !c.is_control() && !c.is_whitespace())
            .filter(|c| !matches!(c, '"' | '\\' | ',' | ';'))
            .collect();
        format!("-{}x", text.chars().take(40).collect::<String>())
    })
}

/// A tag: ASCII, with a namespace, and fit for the text of a field's type.
fn tag() -> impl Strategy<Value = String> {
    name().prop_map(|name| {
        let name: String =
            name.chars().filter(|c| c.is_ascii() && !matches!(c, '<' | '>')).collect();
        format!("n{name}/T{name}")
    })
}

#[derive(Clone, Debug)]
struct Names {
    service: String,
    methods: [String; 4],
    tags: [String; 3],
    fields: [String; 3],
    variants: [String; 2],
    role: String,
    docs: [String; 5],
    default: String,
}

fn names() -> impl Strategy<Value = Names> {
    let docs = prop::array::uniform5(text().prop_map(|text| format!("x {text} y")));
    let role = name().prop_map(|name| name.replace(',', ""));
    (
        (name(), prop::array::uniform4(name()), prop::array::uniform3(tag())),
        (prop::array::uniform3(name()), prop::array::uniform2(name()), role),
        (docs, text()),
    )
        .prop_map(|((service, methods, tags), (fields, variants, role), (docs, default))| {
            let default = format!("{default}x");
            Names { service, methods, tags, fields, variants, role, docs, default }
        })
        .prop_filter("names are distinct", |names| {
            let distinct = |names: &[String]| {
                names.iter().enumerate().all(|(i, name)| !names.iter().take(i).any(|n| n == name))
            };
            distinct(&names.methods)
                && distinct(&names.tags)
                && distinct(&names.fields)
                && distinct(&names.variants)
        })
}

fn plain() -> Names {
    let list = |text: &str, i: usize| format!("-{text}{i}x");
    Names {
        service: "-servicex".to_owned(),
        methods: [0, 1, 2, 3].map(|i| list("method", i)),
        tags: ["n/Ta", "n/Tb", "n/Tc"].map(str::to_owned),
        fields: [0, 1, 2].map(|i| list("field", i)),
        variants: [0, 1].map(|i| list("variant", i)),
        role: "role".to_owned(),
        docs: [0, 1, 2, 3, 4].map(|i| format!("doc {i}")),
        default: "default".to_owned(),
    }
}

fn contract(names: &Names) -> Contract {
    let Names { service, methods, tags, fields, variants, role, docs, default } = names;
    // The numbers keep the types in one order.
    let [outer, inner, color] = [0, 1, 2].map(|i| format!("{i}{}", tags[i]));
    let [first, second, third] = fields;
    let types = json!([
        {"tag": outer, "description": docs[0], "fields": [
            {"name": first, "type": inner, "description": docs[1], "default": {}},
            {"name": second, "type": "string", "default": default},
            {"name": third, "type": format!("map<string, enum {color}>"), "default": {default: variants[1]}}]},
        {"tag": inner, "fields": [{"name": first, "type": "list<any>", "default": []}]},
        {"tag": color, "enum": [
            {"name": variants[0], "description": docs[2]}, {"name": variants[1]}]},
    ]);
    let patterns = ["unary", "server_stream", "client_stream", "bidi_stream"];
    // Sorted here, so that methods keep their patterns in the output.
    let mut methods = methods.clone();
    methods.sort();
    let method = |i: usize| {
        json!({"name": methods[i], "pattern": patterns[i], "request_type": "x", "response_type": "x",
            "request_wire_tag": outer, "response_wire_tag": inner, "description": docs[3],
            "requires": {"any_of": [role, role]}})
    };
    let mut list: Vec<_> = (0..4).map(method).collect();
    list[0]["contract"] = json!({"description": docs[4], "types": types});
    let manifest = json!({"v": 1, "service": service, "version": 1, "contract_id": "0".repeat(64),
        "serialization_modes": ["xlang"], "scoped": "shared", "methods": list});
    manifest::read(&manifest.to_string()).unwrap().remove(0)
}

/// The code without comments, strings, names and white space; or what is
/// wrong with it.
fn skeleton(code: &str, language: Language) -> Result<String, String> {
    let mut out = Vec::new();
    let mut rest = code;
    'code: while let Some(c) = rest.chars().next() {
        let python = language == Language::Python;
        let spans: &[(&str, &[&str])] = if python {
            &[("#", &["\n", "\r"]), ("\"\"\"", &["\"\"\""]), ("\"", &["\""]), ("'", &["'"])]
        } else {
            &[
                ("//", &["\n", "\r", "\u{2028}", "\u{2029}"]),
                ("/*", &["*/"]),
                ("\"", &["\""]),
                ("`", &["`"]),
            ]
        };
        for (begin, ends) in spans {
            let Some(mut inside) = rest.strip_prefix(begin) else { continue };
            let comment = matches!(*begin, "#" | "//" | "/*");
            loop {
                if let Some(after) = ends.iter().find_map(|end| inside.strip_prefix(end)) {
                    rest = after;
                    continue 'code;
                }
                let mut chars = inside.chars();
                match chars.next() {
                    None => return Err(format!("{begin} does not end")),
                    Some('\\') if !comment => {
                        chars.next();
                    }
                    Some('\n') if *begin == "\"" => return Err("a string over two lines".into()),
                    Some(c)
                        if c != '\n'
                            && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)) =>
                    {
                        return Err(format!("{c:?} in a comment or string"));
                    }
                    Some(_) => {}
                }
                inside = chars.as_str();
            }
        }
        rest = &rest[c.len_utf8()..];
        if !(c.is_whitespace() || c == '_' || can_continue(c)) {
            if !c.is_ascii() {
                return Err(format!("{c:?} in the code"));
            }
            out.push(c);
        }
    }
    Ok(out.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn names_and_documentation_stay_in_their_places(names in names()) {
        let (plain, hostile) = ([contract(&plain())], [contract(&names)]);
        for language in LANGUAGES {
            let options = Options { package: Some("p".to_owned()) };
            let wanted = generate(&plain, language, &options).unwrap();
            let files = generate(&hostile, language, &options).unwrap();
            prop_assert_eq!(files.len(), wanted.len());
            for (file, wanted) in files.iter().zip(&wanted) {
                let found = skeleton(&file.text, language);
                let found = found.map_err(|problem| TestCaseError::fail(format!("{problem}\n{}", file.text)))?;
                prop_assert_eq!(found, skeleton(&wanted.text, language).unwrap(), "{}", &file.text);
            }
        }
    }

    #[test]
    fn files_stay_in_the_directory(services in prop::collection::vec(name(), 1..6), package in text()) {
        let mut contracts = Vec::new();
        for service in services {
            contracts.push(contract(&Names { service, ..plain() }));
        }
        for language in LANGUAGES {
            let options = Options { package: Some(package.clone()) };
            let files = generate(&contracts, language, &options).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for file in &files {
                let path = file.path.to_str().unwrap();
                let parts: Vec<_> = path.split('/').collect();
                prop_assert_eq!(parts.len(), 2, "{}", path);
                for part in parts {
                    let (stem, _) = part.split_once('.').unwrap_or((part, ""));
                    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-');
                    prop_assert!(!stem.is_empty() && stem.chars().all(fine), "{}", path);
                    let device = matches!(stem, "con" | "prn" | "aux" | "nul")
                        || stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) && stem.ends_with(|c: char| c.is_ascii_digit());
                    prop_assert!(!device, "{}", path);
                }
                prop_assert!(seen.insert(path.to_owned()), "{} twice", path);
            }
        }
    }
}
