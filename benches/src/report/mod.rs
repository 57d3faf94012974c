//! The report: Markdown with ratios first, and plots.

mod machine;
mod plot;
pub mod targets;

use std::fmt::Write;
use std::path::Path;

use crate::figures::Measure;
use crate::harness::Plan;
use crate::load::Load;
use crate::results::Results;
use crate::row::{Row, Table};
use crate::rows;

/// What a line of the program `in-memory` may have.
const MEMORY_COLUMNS: [Measure; 3] = [Measure::Nanoseconds, Measure::Allocations, Measure::Bytes];

/// What is shown of a failure.
const FAILURE_CHARS: usize = 400;

/// Writes the report and its plots into a folder.
///
/// # Errors
/// A file cannot be written.
pub fn write(folder: &Path, results: &Results, plan: &Plan) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let path = folder.join("results.md");
    let mut text = markdown(results, plan);
    for plot in plot::PLOTS {
        plot::draw(plot, results, &folder.join(plot.file))?;
        let _ = write!(text, "\n![{}]({})\n", plot.title, plot.file);
    }
    std::fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    eprintln!("written: {}", path.display());
    Ok(())
}

/// The report without the plots.
#[must_use]
pub fn markdown(results: &Results, plan: &Plan) -> String {
    let mut out = String::new();
    let with = if plan.rows.iter().any(|row| row.name == rows::PYTHON) { " --python" } else { "" };
    let rounds = match plan.rounds {
        1 => "One round".to_owned(),
        n => format!(
            "Medians over {n} rounds, each with every row once; what is held was measured once"
        ),
    };
    let _ = writeln!(
        out,
        "# Measurements\n\nWritten by `just bench{with}`; [benches/README.md](../../benches/README.md) says what the \
         rows and columns are.\n\n{} Load average before it began: {:.1}.\n\n{rounds}. Compare ratios, not absolute \
         figures.\n",
        machine::describe(),
        plan.busy,
    );
    targets::put(&mut out, results);
    for table in Table::ALL {
        put_table(&mut out, table, results, plan);
    }
    for group in results.groups() {
        put_group(&mut out, group, results);
    }
    put_failures(&mut out, results);
    out
}

/// All rows of a table, load by load.
fn put_table(out: &mut String, table: Table, results: &Results, plan: &Plan) {
    let rows: Vec<_> = plan.rows.iter().filter(|row| row.table == table).collect();
    let mut loads: Vec<Load> = Vec::new();
    for (row, load) in rows.iter().flat_map(|row| row.loads.iter().map(move |load| (row, load))) {
        if results.has(row.name, *load) && !loads.contains(load) {
            loads.push(*load);
        }
    }
    if loads.is_empty() {
        return;
    }
    let _ = writeln!(out, "## {}\n", table.title());
    for load in loads {
        if let Some(title) = load_title(load) {
            let _ = writeln!(out, "{title}:\n");
        }
        let rows = rows.iter().filter(|row| results.has(row.name, load));
        let rows: Vec<&Row> = rows.map(|row| **row).collect();
        put_rows(out, table, &rows, load, results);
    }
}

fn load_title(load: Load) -> Option<String> {
    match load {
        Load::Closed(n) => Some(format!("{n} in flight")),
        Load::Open(rate) => Some(format!(
            "{rate} calls a second, whatever comes of them; latency from when each was due"
        )),
        Load::Held(n) => Some(format!("{n} held")),
        Load::Once => None,
    }
}

fn put_rows(out: &mut String, table: Table, rows: &[&Row], load: Load, results: &Results) {
    let shown = |measure: &&Measure| {
        rows.iter().any(|row| results.figure(row.name, load, **measure).is_some())
    };
    let ratios: Vec<_> = table.ratios().iter().filter(shown).collect();
    let columns: Vec<_> = table.columns().iter().filter(shown).collect();
    out.push_str("| what |");
    for measure in &ratios {
        let _ = write!(out, " {}, ratio |", measure.title());
    }
    for measure in &columns {
        let _ = write!(out, " {} |", measure.title());
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(ratios.len() + columns.len()));
    for row in rows {
        let _ = write!(out, "| {} |", row.title);
        for measure in &ratios {
            let ratio = results.ratio(row.name, row.baseline, load, **measure);
            put_cell(out, ratio.map(|ratio| format!("{ratio:.2}")));
        }
        for measure in &columns {
            let figure = results.figure(row.name, load, **measure);
            put_cell(out, figure.map(|figure| measure.show(figure)));
        }
        out.push('\n');
    }
    out.push('\n');
}

/// A table of what was measured in memory.
fn put_group(out: &mut String, group: &str, results: &Results) {
    let names = results.names(group);
    let shown =
        |measure: &&Measure| names.iter().any(|name| results.line(name, **measure).is_some());
    let columns: Vec<_> = MEMORY_COLUMNS.iter().filter(shown).collect();
    let _ = write!(out, "## {group}\n\n| what |");
    for measure in &columns {
        let _ = write!(out, " {} |", measure.title());
    }
    let _ = writeln!(out, "\n|---|{}", "---|".repeat(columns.len()));
    for name in names {
        let _ = write!(out, "| {name} |");
        for measure in &columns {
            put_cell(out, results.line(name, **measure).map(|figure| measure.show(figure)));
        }
        out.push('\n');
    }
    out.push('\n');
}

/// The runs that gave no figures, so that nobody takes a gap for nothing.
fn put_failures(out: &mut String, results: &Results) {
    if results.failures().is_empty() {
        return;
    }
    out.push_str("## Runs that failed\n\n");
    for failure in results.failures() {
        let short: String = failure.chars().take(FAILURE_CHARS).collect();
        let _ = writeln!(out, "- {short}");
    }
    out.push('\n');
}

fn put_cell(out: &mut String, text: Option<String>) {
    let _ = write!(out, " {} |", text.as_deref().unwrap_or("–"));
}
