//! Plots of the unary rows over the number of calls in flight.

use std::path::Path;

use plotters::prelude::*;

use crate::figures::Measure;
use crate::load::Load;
use crate::results::Results;
use crate::row::{Row, Table};
use crate::rows;

/// A plot.
pub(super) struct Plot {
    pub(super) file: &'static str,
    pub(super) title: &'static str,
    axis: &'static str,
    measure: Measure,
}

pub(super) const PLOTS: &[Plot] = &[
    Plot {
        file: "throughput.svg",
        title: "Unary echo of 64 bytes: calls per second",
        axis: "calls per second",
        measure: Measure::PerSecond,
    },
    Plot {
        file: "latency-p50.svg",
        title: "Unary echo of 64 bytes: median latency",
        axis: "p50, µs",
        measure: Measure::P50,
    },
    Plot {
        file: "latency-p99.svg",
        title: "Unary echo of 64 bytes: 99th percentile",
        axis: "p99, µs",
        measure: Measure::P99,
    },
];

const SIZE: (u32, u32) = (1180, 520);

/// Room for the names of the lines, right of them.
const NAMES: i32 = 440;

/// Lines that nobody takes for one another.
const COLOURS: [RGBColor; 12] = [
    RGBColor(31, 119, 180),
    RGBColor(23, 190, 207),
    RGBColor(148, 103, 189),
    RGBColor(214, 39, 40),
    RGBColor(255, 152, 150),
    RGBColor(227, 119, 194),
    RGBColor(255, 127, 14),
    RGBColor(188, 189, 34),
    RGBColor(44, 160, 44),
    RGBColor(140, 86, 75),
    RGBColor(127, 127, 127),
    RGBColor(0, 0, 0),
];

/// What a row has at each number of calls in flight.
fn points(row: &Row, measure: Measure, results: &Results) -> Vec<(f64, f64)> {
    let at = |load: &Load| match load {
        Load::Closed(n) => Some((*n as f64, results.figure(row.name, *load, measure)?)),
        _ => None,
    };
    row.loads.iter().filter_map(at).collect()
}

/// Draws one plot into a file; nothing without figures.
pub(super) fn draw(plot: &Plot, results: &Results, path: &Path) -> Result<(), String> {
    let unary = rows::all().filter(|row| row.table == Table::Unary);
    let lines: Vec<_> = unary.map(|row| (row, points(row, plot.measure, results))).collect();
    let values = || lines.iter().flat_map(|(_, points)| points);
    if values().next().is_none() {
        return Ok(());
    }
    let low = values().map(|(_, y)| *y).fold(f64::INFINITY, f64::min) * 0.8;
    let high = values().map(|(_, y)| *y).fold(0.0, f64::max) * 1.25;
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    area.fill(&WHITE).map_err(|e| failed(&e))?;
    let mut chart = ChartBuilder::on(&area)
        .caption(plot.title, ("sans-serif", 20))
        .margin(12)
        .margin_right(NAMES as u32)
        .x_label_area_size(40)
        .y_label_area_size(72)
        .build_cartesian_2d((0.9..300f64).log_scale(), (low..high).log_scale())
        .map_err(|e| failed(&e))?;
    chart
        .configure_mesh()
        .x_desc("calls in flight on one connection")
        .y_desc(plot.axis)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .light_line_style(TRANSPARENT)
        .draw()
        .map_err(|e| failed(&e))?;
    let drawn = lines.into_iter().filter(|(_, points)| points.len() > 1);
    for (n, ((row, points), colour)) in drawn.zip(COLOURS).enumerate() {
        let ours = row.title.contains("**");
        let style = colour.stroke_width(if ours { 4 } else { 2 });
        let line = LineSeries::new(points, style).point_size(3);
        chart.draw_series(line).map_err(|e| failed(&e))?;
        let (x, y) = (SIZE.0 as i32 - NAMES + 20, 60 + 24 * n as i32);
        let sample = PathElement::new([(x, y), (x + 24, y)], style);
        area.draw(&sample).map_err(|e| failed(&e))?;
        let name = row.title.replace(['*', '`'], "");
        let name = Text::new(name, (x + 32, y - 6), ("sans-serif", 12));
        area.draw(&name).map_err(|e| failed(&e))?;
    }
    area.present().map_err(|e| failed(&e))
}
