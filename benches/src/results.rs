//! All figures of a run of the harness.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::figures::{Figures, Measure};
use crate::load::Load;

/// What was measured without a network: a line of the program `in-memory`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Line {
    /// The table it belongs to.
    pub group: String,
    /// What it is; unique.
    pub name: String,
    pub figures: Figures,
}

/// All figures, every round of them.
#[derive(Debug, Default)]
pub struct Results {
    rows: BTreeMap<(&'static str, Load), Vec<Figures>>,
    memory: Vec<Line>,
    failures: Vec<String>,
}

impl Results {
    /// Adds a run that gave no figures, and why.
    pub fn add_failure(&mut self, failure: String) {
        self.failures.push(failure);
    }

    /// The runs that gave no figures.
    #[must_use]
    pub fn failures(&self) -> &[String] {
        &self.failures
    }

    /// Adds a round of a row.
    pub fn add(&mut self, row: &'static str, load: Load, figures: Figures) {
        self.rows.entry((row, load)).or_default().push(figures);
    }

    /// Adds a line of the program `in-memory`.
    pub fn add_line(&mut self, line: Line) {
        self.memory.push(line);
    }

    /// Whether this row was measured under this load.
    #[must_use]
    pub fn has(&self, row: &str, load: Load) -> bool {
        self.rows.keys().any(|(name, with)| *name == row && *with == load)
    }

    /// The median over the rounds.
    #[must_use]
    pub fn figure(&self, row: &str, load: Load, measure: Measure) -> Option<f64> {
        let mut rows = self.rows.iter();
        let (_, rounds) = rows.find(|((name, with), _)| *name == row && *with == load)?;
        Figures::median(rounds).get(measure)
    }

    /// The figure of one row divided by that of another.
    #[must_use]
    pub fn ratio(&self, row: &str, to: &str, load: Load, measure: Measure) -> Option<f64> {
        Some(self.figure(row, load, measure)? / self.figure(to, load, measure)?)
    }

    /// The groups of lines, in the order of their first lines.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = Vec::new();
        for line in &self.memory {
            if !groups.contains(&line.group.as_str()) {
                groups.push(&line.group);
            }
        }
        groups
    }

    /// The names of a group's lines.
    #[must_use]
    pub fn names(&self, group: &str) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for line in self.memory.iter().filter(|line| line.group == group) {
            if !names.contains(&line.name.as_str()) {
                names.push(&line.name);
            }
        }
        names
    }

    /// The median over the rounds of a line.
    #[must_use]
    pub fn line(&self, name: &str, measure: Measure) -> Option<f64> {
        let lines = self.memory.iter().filter(|line| line.name == name);
        let rounds: Vec<_> = lines.map(|line| line.figures.clone()).collect();
        Figures::median(&rounds).get(measure)
    }
}
