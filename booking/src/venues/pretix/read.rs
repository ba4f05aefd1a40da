//! From the format to a plan of ours.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use serde_json::{Value, json};
use shared::problem::Problem;

use super::document::{Decoration, Document, DocumentRow, Position, Size, Zone};
use crate::venues::imports::Imported;
use crate::venues::imports::assemble::{Around, Assembled, FoundSeat, assemble};
use crate::venues::rules::Category;
use crate::venues::svg;
use crate::venues::svg::shape::Bounds;

/// Mistakes listed in one answer.
const MISTAKES_MAX: usize = 50;
/// Decorations of one plan.
const DECORATIONS_MAX: usize = 5_000;
/// Word that makes a decoration the stage.
const STAGE: &str = "stage";

/// Reads a plan. 422 `malformed-plan` with a pointer to each mistake, `out-of-range`, `unsafe-svg` for a decoration
/// that pretends to be a colour.
pub fn read(document: &Document) -> Result<Imported, Problem> {
    let names: HashMap<&str, u16> = document
        .categories
        .iter()
        .enumerate()
        .map(|(i, category)| (category.name.as_str(), i as u16))
        .collect();
    let (seats, mistakes) = seats(document, &names);
    if !mistakes.is_empty() {
        return Err(malformed(mistakes));
    }
    let decorations: Vec<Decoration> =
        document.zones.iter().flat_map(placed).take(DECORATIONS_MAX + 1).collect();
    if decorations.len() > DECORATIONS_MAX {
        let detail = format!("A plan has at most {DECORATIONS_MAX} areas.");
        return Err(Problem::invalid("/plan/zones", "out-of-range", detail));
    }
    let (stages, decorations): (Vec<_>, Vec<_>) = decorations.into_iter().partition(is_stage);
    let frame = document.size.and_then(|size| {
        Bounds::of([(0.0, 0.0), (size.width as f64, size.height as f64)])
            .filter(|_| size.width > 0 && size.height > 0)
    });
    let stage = stages.first().and_then(|stage| stage.rectangle.map(|size| (stage.position, size)));
    let stage = stage.and_then(|(at, size)| {
        Bounds::of([(at.x, at.y), (at.x + size.width as f64, at.y + size.height as f64)])
    });
    let categories = document.categories.iter().map(|category| Category {
        name: category.name.clone(),
        colour: category.color.as_deref().and_then(svg::colour).filter(|colour| is_hex(colour)),
    });
    let mut assembled = assemble(seats, Around { frame, stage, categories: categories.collect() })?;
    assembled.plan.decorations = decorations.into_iter().map(|one| in_plan_units(one, &assembled)).collect();
    let drawing = drawing(&assembled)?;
    let Assembled { plan, mut report, .. } = assembled;
    report.has_background = drawing.is_some();
    Ok(Imported { plan, drawing, report })
}

fn seats(document: &Document, categories: &HashMap<&str, u16>) -> (Vec<FoundSeat>, Vec<Value>) {
    let mut found = Vec::new();
    let mut mistakes = Vec::new();
    let mut guids = HashSet::new();
    let mut sections = HashSet::new();
    for (z, zone) in document.zones.iter().enumerate() {
        let section =
            unique(zone.name.as_deref().unwrap_or_default(), &format!("Zone {}", z + 1), &mut sections);
        let mut rows = HashMap::new();
        for (r, row) in zone.rows.iter().enumerate() {
            let label = row_label(row, &mut rows);
            let origin = zone.position.plus(row.position);
            for (s, seat) in row.seats.iter().enumerate() {
                let mut mistake = |member: &str, detail: &str| {
                    let pointer = format!("/plan/zones/{z}/rows/{r}/seats/{s}/{member}");
                    mistakes.push(json!({ "pointer": pointer, "code": "malformed-plan", "detail": detail }));
                };
                let category = categories.get(seat.category.as_str()).copied();
                if category.is_none() && !seat.category.is_empty() {
                    mistake("category", "The plan has no category of this name.");
                }
                if !guids.insert(seat.seat_guid.as_str()) {
                    mistake("seat_guid", "Another seat of the plan has the same.");
                }
                let at = origin.plus(seat.position);
                found.push(FoundSeat {
                    key: Some(seat.seat_guid.clone()),
                    section: section.clone(),
                    row: label.clone(),
                    label: seat.seat_number.clone(),
                    at: (at.x, at.y),
                    category,
                    line: None,
                });
                if mistakes.len() >= MISTAKES_MAX {
                    return (found, mistakes);
                }
            }
        }
    }
    (found, mistakes)
}

/// A name that no zone before has.
fn unique(name: &str, default: &str, taken: &mut HashSet<String>) -> String {
    let name = if name.trim().is_empty() { default } else { name.trim() };
    let numbered = (2..).map(|n| format!("{name} ({n})"));
    let free = std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_default();
    taken.insert(free.clone());
    free
}

/// The label of a row: its number, with a count behind it when another row of the zone has this number and one of
/// these seats. The format tells such seats apart by their guid; people cannot.
fn row_label(row: &DocumentRow, rows: &mut HashMap<String, HashSet<String>>) -> String {
    let numbers: HashSet<String> = row.seats.iter().map(|seat| seat.seat_number.clone()).collect();
    let names =
        std::iter::once(row.row_number.clone()).chain((2..).map(|n| format!("{} ({n})", row.row_number)));
    let is_free = |name: &String| rows.get(name).is_none_or(|taken| taken.is_disjoint(&numbers));
    let label = names.into_iter().find(is_free).unwrap_or_default();
    rows.entry(label.clone()).or_default().extend(numbers);
    label
}

/// A zone's decorations where they are on the whole plan.
fn placed(zone: &Zone) -> impl Iterator<Item = Decoration> {
    zone.areas.iter().map(|area| Decoration { position: zone.position.plus(area.position), ..area.clone() })
}

/// Whether a colour is written in numbers, as ours are.
fn is_hex(colour: &str) -> bool {
    colour.len() == 7 && colour.starts_with('#')
}

fn is_stage(decoration: &Decoration) -> bool {
    decoration.rectangle.is_some()
        && decoration.text.as_ref().is_some_and(|words| words.text.trim().eq_ignore_ascii_case(STAGE))
}

/// A decoration in the units in which the plan was put together.
fn in_plan_units(decoration: Decoration, assembled: &Assembled) -> Decoration {
    let (view, scale) = (assembled.view, assembled.scale);
    let length = |n: i64| (n as f64 * scale).round() as i64;
    let apart = |at: Position| Position { x: (at.x * scale).round(), y: (at.y * scale).round() };
    Decoration {
        position: apart(decoration.position.minus(Position { x: view.left, y: view.top })),
        rectangle: decoration.rectangle.map(|s| Size { width: length(s.width), height: length(s.height) }),
        circle: decoration.circle.map(|mut circle| {
            circle.radius = length(circle.radius);
            circle
        }),
        ellipse: decoration.ellipse.map(|mut ellipse| {
            ellipse.radius = apart(ellipse.radius);
            ellipse
        }),
        polygon: decoration.polygon.map(|mut polygon| {
            polygon.points = polygon.points.into_iter().map(apart).collect();
            polygon
        }),
        text: decoration.text.map(|mut words| {
            words.size = Some(length(words.size.unwrap_or(16)));
            words.position = apart(words.position);
            words
        }),
        ..decoration
    }
}

/// The decorations as a drawing: written without care and then sanitised as if a stranger had.
fn drawing(assembled: &Assembled) -> Result<Option<String>, Problem> {
    let plan = &assembled.plan;
    if plan.decorations.is_empty() {
        return Ok(None);
    }
    let mut svg = format!("<svg viewBox=\"0 0 {} {}\">", plan.width, plan.height);
    plan.decorations.iter().for_each(|decoration| draw(&mut svg, decoration));
    svg.push_str("</svg>");
    svg::sanitised(&svg, Bounds { left: 0.0, top: 0.0, right: plan.width as f64, bottom: plan.height as f64 })
}

fn draw(svg: &mut String, decoration: &Decoration) {
    let Position { x, y } = decoration.position;
    let quoted = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let or_none = |colour: &Option<String>| quoted(colour.as_deref().unwrap_or("none"));
    let turn = decoration.rotation.unwrap_or(0.0);
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<g transform=\"translate({x} {y}) rotate({turn})\" fill=\"{}\" stroke=\"{}\">",
        or_none(&decoration.color),
        or_none(&decoration.border_color)
    );
    if let Some(size) = decoration.rectangle {
        let _ = write!(svg, "<rect width=\"{}\" height=\"{}\"/>", size.width, size.height);
    }
    if let Some(circle) = decoration.circle {
        let _ = write!(svg, "<circle r=\"{}\"/>", circle.radius);
    }
    if let Some(ellipse) = decoration.ellipse {
        let _ = write!(svg, "<ellipse rx=\"{}\" ry=\"{}\"/>", ellipse.radius.x, ellipse.radius.y);
    }
    if let Some(polygon) = &decoration.polygon {
        let points: Vec<String> = polygon.points.iter().map(|at| format!("{},{}", at.x, at.y)).collect();
        let _ = write!(svg, "<polygon points=\"{}\"/>", points.join(" "));
    }
    if let Some(words) = decoration.text.as_ref().filter(|words| !words.text.is_empty()) {
        let _ = write!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" font-family=\"sans-serif\" text-anchor=\"middle\" \
             dominant-baseline=\"middle\" stroke=\"none\" fill=\"{}\">{}</text>",
            words.position.x,
            words.position.y,
            words.size.unwrap_or(16),
            quoted(words.color.as_deref().unwrap_or("#333333")),
            quoted(&words.text)
        );
    }
    svg.push_str("</g>");
}

fn malformed(mistakes: Vec<Value>) -> Problem {
    let first = mistakes[0]["detail"].as_str().unwrap_or_default().to_owned();
    let at = mistakes[0]["pointer"].as_str().unwrap_or_default();
    let detail = format!("{at}: {first} Mend it in the editor that wrote the plan.");
    Problem::invalid("/plan", "malformed-plan", detail).with("errors", Value::Array(mistakes))
}
