//! What came out, as a page: regret curves drawn into it, nothing fetched from anywhere.

use std::fmt::{Display, Write as _};

use plotters::prelude::*;

use super::{Outcome, table};
use crate::LabError;

const SIZE: (u32, u32) = (720, 400);

const STYLE: &str = "\
body { background: #000; color: #ddd; font: 16px/1.5 Georgia, serif; margin: 3rem auto; max-width: 60rem; padding: 0 1rem }
h1, h2 { font-weight: normal } pre { font-size: 12px; overflow-x: auto } svg { max-width: 100%; height: auto }";

const COLOURS: [RGBColor; 8] = [
    RGBColor(245, 200, 120),
    RGBColor(120, 190, 245),
    RGBColor(150, 220, 150),
    RGBColor(240, 140, 140),
    RGBColor(200, 160, 240),
    RGBColor(240, 170, 210),
    RGBColor(170, 170, 170),
    RGBColor(110, 210, 200),
];

/// The page.
///
/// # Errors
/// When a curve cannot be drawn.
pub fn report(outcomes: &[Outcome]) -> Result<String, LabError> {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<title>oO: simulation</title>\n\
         <style>{STYLE}</style>\n<h1>Simulation</h1>\n\
         <p>Regret: how many tips fewer were done, summed over a person's reactions, than if the best candidate had \
         been shown each time.</p>\n<pre>{}</pre>\n",
        table(outcomes)
    );
    for family in outcomes.chunk_by(|a, b| a.family.name == b.family.name) {
        let name = family.first().map_or("", |outcome| outcome.family.name);
        let _ = writeln!(page, "<h2>{name}</h2>\n{}", drawn(family)?);
    }
    page.push_str("</html>\n");
    Ok(page)
}

/// The curves of one family, a colour a policy.
fn drawn(outcomes: &[Outcome]) -> Result<String, LabError> {
    let curves: Vec<Vec<(f64, f64)>> = outcomes.iter().map(regret).collect();
    let end = curves.iter().filter_map(|curve| curve.last());
    let (width, height) = end.fold((1.0_f64, 0.1_f64), |(x, y), end| (x.max(end.0), y.max(end.1)));

    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        area.fill(&BLACK).map_err(failed)?;
        let mut chart = ChartBuilder::on(&area)
            .margin(10)
            .x_label_area_size(32)
            .y_label_area_size(48)
            .build_cartesian_2d(0.0..width, 0.0..1.05 * height)
            .map_err(failed)?;
        let text = ("Georgia, serif", 13).into_font().color(&WHITE.mix(0.7));
        (chart.configure_mesh())
            .x_desc("reactions")
            .y_desc("regret")
            .label_style(text.clone())
            .axis_style(WHITE.mix(0.3))
            .bold_line_style(WHITE.mix(0.12))
            .light_line_style(TRANSPARENT)
            .draw()
            .map_err(failed)?;
        for ((outcome, curve), colour) in
            outcomes.iter().zip(curves).zip(COLOURS.into_iter().cycle())
        {
            (chart.draw_series(LineSeries::new(curve, colour.stroke_width(2))).map_err(failed)?)
                .label(&outcome.policy)
                .legend(move |(x, y)| {
                    PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2))
                });
        }
        (chart.configure_series_labels())
            .position(SeriesLabelPosition::UpperLeft)
            .label_font(text)
            .draw()
            .map_err(failed)?;
        area.present().map_err(failed)?;
    }
    Ok(svg)
}

/// The mean regret of a person after so many reactions.
fn regret(outcome: &Outcome) -> Vec<(f64, f64)> {
    let reactions = outcome.lives.iter().map(Vec::len).max().unwrap_or_default();
    let mut curve = vec![(0.0, 0.0)];
    let mut sum = 0.0;
    let mut at = 0.0;
    for reaction in 0..reactions {
        let lives = outcome.lives.iter().filter_map(|life| life.get(reaction));
        let (lost, persons) = lives.fold((0.0, 0.0), |(lost, persons), decision| {
            (lost + decision.best - decision.chosen, persons + 1.0)
        });
        sum += lost / f64::max(persons, 1.0);
        at += 1.0;
        curve.push((at, sum));
    }
    curve
}

fn failed(error: impl Display) -> LabError {
    LabError::Report(error.to_string())
}
