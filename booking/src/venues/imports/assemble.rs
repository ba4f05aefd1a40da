//! From seats that a file names one by one to a plan: names made whole, rows put in order, everything in plan units.

use std::collections::{BTreeMap, HashMap, HashSet};

use shared::problem::Problem;

use super::report::{CategoryFound, Duplicate, ImportReport, SectionFound, Unmatched};
use crate::venues::rules::{Area, Category, Plan, Row, SEAT_PITCH, SEATS_MAX, Seat, Section};
use crate::venues::svg::shape::Bounds;

/// Most sections of an imported plan.
const SECTIONS_MAX: usize = 2_000;
/// Longest name of a section, row or seat; longer ones are cut.
const NAME_MAX: usize = 80;
/// Furthest edge of a plan, in plan units.
const FAR: f64 = 1_000_000.0;
/// Farthest that a file may draw from its origin, in its own units: browsers place shapes by 32-bit floats, and nothing
/// that is meant to be seen is a metre wide in nanometres.
const FAR_IN_FILE: f64 = 1_000_000_000.0;
/// Unmatched and duplicate seats listed.
const LISTED_MAX: usize = 200;
/// A file whose seats are about as far apart as ours is not scaled.
const SAME_PITCH: std::ops::Range<f64> = 0.9..1.1;
/// Section of seats that are in none.
const UNNAMED: &str = "Main";

/// A seat as a file names it.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundSeat {
    /// What it keeps through all versions; `None`: its section, row and number.
    pub key: Option<String>,
    /// Its section; empty when nobody says.
    pub section: String,
    /// Its row; empty when nobody says.
    pub row: String,
    /// Its number; empty when nobody says.
    pub label: String,
    /// Its middle, in the file's units.
    pub at: (f64, f64),
    /// Index of its category.
    pub category: Option<u16>,
    /// Where it stands in the file.
    pub line: Option<u32>,
}

/// What a file says besides its seats.
#[derive(Debug, Default, Clone)]
pub struct Around {
    /// What the file shows, in its units.
    pub frame: Option<Bounds>,
    /// What its stage covers.
    pub stage: Option<Bounds>,
    /// Its price categories.
    pub categories: Vec<Category>,
}

/// A plan made of a file.
pub struct Assembled {
    /// The plan.
    pub plan: Plan,
    /// What the plan covers, in the file's units: its drawing shows the same.
    pub view: Bounds,
    /// Plan units to a unit of the file.
    pub scale: f64,
    /// What was found.
    pub report: ImportReport,
}

/// Puts a plan together. Mistakes that a person can mend are in the report; 422 is only for what is too much.
pub fn assemble(mut seats: Vec<FoundSeat>, around: Around) -> Result<Assembled, Problem> {
    if seats.len() as u64 > SEATS_MAX {
        let detail = format!("The file has {} seats; a layout has at most {SEATS_MAX}.", seats.len());
        return Err(Problem::invalid("", "out-of-range", detail));
    }
    complete_names(&mut seats);
    let duplicates = duplicates(&seats);
    let groups = grouped(&seats);
    if groups.len() > SECTIONS_MAX {
        let detail = format!("The file has {} sections; a layout has at most {SECTIONS_MAX}.", groups.len());
        return Err(Problem::invalid("", "out-of-range", detail));
    }
    let groups = in_walking_order(&seats, groups);
    let usual = usual_distance(&seats, &groups);
    let view = view(&seats, &around, usual)?;
    let scale = scale(usual, view)?;
    let to_plan = |(x, y): (f64, f64)| {
        (((x - view.left) * scale).round() as i64, ((y - view.top) * scale).round() as i64)
    };
    let sections = groups
        .iter()
        .map(|(name, rows)| {
            let rows: Vec<Row> = rows
                .iter()
                .map(|(label, indexes)| Row {
                    label: (*label).to_owned(),
                    seats: indexes.iter().map(|i| seat(&seats[*i], to_plan(seats[*i].at))).collect(),
                })
                .collect();
            Section { name: (*name).to_owned(), area: area_of(&rows), standing: false, rows }
        })
        .collect();
    let (width, height) = to_plan((view.right, view.bottom));
    let stage = match around.stage {
        Some(stage) => {
            let ((x, y), (right, lower)) =
                (to_plan((stage.left, stage.top)), to_plan((stage.right, stage.bottom)));
            Area { x, y, w: right - x, h: lower - y }
        }
        // Nobody says where everybody looks: to the middle of the upper edge.
        None => Area { x: width / 2, y: 0, w: 0, h: 0 },
    };
    let plan = Plan {
        width,
        height,
        stage,
        sections,
        categories: around.categories,
        decorations: Vec::new(),
        background: None,
    };
    let report = report(&plan, &seats, duplicates);
    Ok(Assembled { plan, view, scale, report })
}

fn seat(found: &FoundSeat, (x, y): (i64, i64)) -> Seat {
    Seat { label: found.label.clone(), x, y, key: found.key.clone(), category: found.category }
}

/// Cuts and cleans names, and gives those a name that have none: sections the same, rows by their height on the
/// drawing, seats by their order.
fn complete_names(seats: &mut [FoundSeat]) {
    for seat in seats.iter_mut() {
        for name in [&mut seat.section, &mut seat.row, &mut seat.label] {
            *name = clean(name);
        }
        if seat.section.is_empty() {
            seat.section = UNNAMED.to_owned();
        }
    }
    name_rows(seats);
    let mut next: HashMap<(String, String), u32> = HashMap::new();
    let taken: HashSet<(String, String, String)> =
        seats.iter().map(|seat| (seat.section.clone(), seat.row.clone(), seat.label.clone())).collect();
    for seat in seats.iter_mut().filter(|seat| seat.label.is_empty()) {
        let count = next.entry((seat.section.clone(), seat.row.clone())).or_default();
        loop {
            *count += 1;
            let name = (seat.section.clone(), seat.row.clone(), count.to_string());
            if !taken.contains(&name) {
                seat.label = name.2;
                break;
            }
        }
    }
    for seat in seats {
        let name = key_of(&seat.section, &seat.row, &seat.label);
        seat.key = seat.key.take().map(|key| clean(&key)).filter(|key| !key.is_empty() && *key != name);
    }
}

/// A name without what could deceive, short enough for a ticket.
fn clean(name: &str) -> String {
    let harmless = |c: &char| {
        !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let name: String = name.chars().filter(harmless).take(NAME_MAX).collect();
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rows without a name are told apart by their height: 1 is the uppermost of its section.
fn name_rows(seats: &mut [FoundSeat]) {
    let mut nameless: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, seat) in seats.iter().enumerate().filter(|(_, seat)| seat.row.is_empty()) {
        nameless.entry(seat.section.clone()).or_default().push(i);
    }
    for mut indexes in nameless.into_values() {
        // Seats that follow each other in the file mostly are neighbours: seats of one row may stand half of that askew.
        let mut apart: Vec<f64> =
            indexes.windows(2).map(|pair| distance(seats[pair[0]].at, seats[pair[1]].at)).collect();
        apart.sort_unstable_by(f64::total_cmp);
        let askew = apart.get(apart.len() / 2).map_or(0.0, |usual| usual / 2.0);
        indexes.sort_by(|a, b| seats[*a].at.1.total_cmp(&seats[*b].at.1));
        let mut row = 1;
        let mut height = f64::NAN;
        for i in indexes {
            if seats[i].at.1 - height > askew {
                row += 1;
            }
            height = seats[i].at.1;
            seats[i].row = row.to_string();
        }
    }
}

/// Seats that cannot be told apart, by key or by name.
fn duplicates(seats: &[FoundSeat]) -> Vec<Duplicate> {
    let mut by_name: BTreeMap<String, Vec<&FoundSeat>> = BTreeMap::new();
    for seat in seats {
        let name = key_of(&seat.section, &seat.row, &seat.label);
        by_name.entry(name).or_default().push(seat);
        if let Some(key) = &seat.key {
            by_name.entry(key.clone()).or_default().push(seat);
        }
    }
    let several = by_name.into_iter().filter(|(_, seats)| seats.len() > 1);
    let mut found: Vec<Duplicate> = several
        .map(|(key, seats)| Duplicate {
            key,
            lines: seats.iter().filter_map(|seat| seat.line).take(20).collect(),
        })
        .collect();
    // Seats with one key mostly have one name too: told once.
    found.dedup_by(|a, b| !a.lines.is_empty() && a.lines == b.lines);
    found.truncate(LISTED_MAX);
    found
}

/// The key of a seat that has none of its own.
pub fn key_of(section: &str, row: &str, label: &str) -> String {
    format!("{section}/{row}/{label}")
}

/// Sections and their rows, each in the order of the file, as indexes of seats.
type Groups<'s> = Vec<(&'s str, Vec<(&'s str, Vec<usize>)>)>;

fn grouped(seats: &[FoundSeat]) -> Groups<'_> {
    let mut groups: Groups<'_> = Vec::new();
    let mut section_of: HashMap<&str, usize> = HashMap::new();
    let mut row_of: HashMap<(&str, &str), usize> = HashMap::new();
    for (i, seat) in seats.iter().enumerate() {
        let section = *section_of.entry(&seat.section).or_insert_with(|| {
            groups.push((&seat.section, Vec::new()));
            groups.len() - 1
        });
        let rows = &mut groups[section].1;
        let row = *row_of.entry((&seat.section, &seat.row)).or_insert_with(|| {
            rows.push((&seat.row, Vec::new()));
            rows.len() - 1
        });
        rows[row].1.push(i);
    }
    groups
}

/// Each row in the order in which one walks along it: files write seats in any order, and neighbours must follow each
/// other. The shortest walk of four is taken: as written, by number, across, along.
fn in_walking_order<'s>(seats: &'s [FoundSeat], mut groups: Groups<'s>) -> Groups<'s> {
    let number = |i: &usize| seats[*i].label.parse::<u32>().unwrap_or(u32::MAX);
    let length = |row: &[usize]| {
        row.windows(2).map(|pair| distance(seats[pair[0]].at, seats[pair[1]].at)).sum::<f64>()
    };
    for row in groups.iter_mut().flat_map(|(_, rows)| rows).map(|(_, row)| row) {
        let mut walks = vec![row.clone(), row.clone(), row.clone(), row.clone()];
        walks[1].sort_by_key(number);
        walks[2].sort_by(|a, b| seats[*a].at.0.total_cmp(&seats[*b].at.0));
        walks[3].sort_by(|a, b| seats[*a].at.1.total_cmp(&seats[*b].at.1));
        let shortest = walks.into_iter().min_by(|a, b| length(a).total_cmp(&length(b)));
        *row = shortest.unwrap_or_default();
    }
    groups
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// How far neighbours of a row usually are from each other, in units of the file; `None` without neighbours.
fn usual_distance(seats: &[FoundSeat], groups: &Groups<'_>) -> Option<f64> {
    let rows = groups.iter().flat_map(|(_, rows)| rows);
    let pairs =
        rows.flat_map(|(_, row)| row.windows(2)).map(|pair| distance(seats[pair[0]].at, seats[pair[1]].at));
    let mut apart: Vec<f64> = pairs.filter(|d| *d > 0.0).collect();
    let middle = apart.len() / 2;
    let usual = (!apart.is_empty()).then(|| *apart.select_nth_unstable_by(middle, f64::total_cmp).1)?;
    let pitch = SEAT_PITCH as f64;
    Some(if SAME_PITCH.contains(&(pitch / usual)) { pitch } else { usual })
}

/// How many plan units a unit of the file is: the usual distance of neighbours becomes [`SEAT_PITCH`]. A file without
/// neighbours keeps its own units, or smaller ones where it is large.
fn scale(usual: Option<f64>, view: Bounds) -> Result<f64, Problem> {
    let widest = (view.right - view.left).max(view.bottom - view.top);
    let Some(usual) = usual else { return Ok((FAR / widest).min(1.0)) };
    let scale = SEAT_PITCH as f64 / usual;
    if widest * scale > FAR {
        let detail = "The seats are too close to each other for a drawing of this size. Check the drawing's transforms, \
                      and whether two seats of a row lie on each other.";
        return Err(Problem::invalid("", "out-of-range", detail));
    }
    Ok(scale)
}

/// What the plan covers, in units of the file: what it shows, and every seat with some space around it.
fn view(seats: &[FoundSeat], around: &Around, usual: Option<f64>) -> Result<Bounds, Problem> {
    let pitch = usual.unwrap_or(SEAT_PITCH as f64);
    let by_seats = seats.iter().flat_map(|seat| {
        let (x, y) = seat.at;
        [(x - pitch, y - pitch), (x + pitch, y + pitch)]
    });
    let by_file = around.frame.iter().chain(&around.stage).flat_map(|bounds| bounds.corners());
    let view = Bounds::of(by_file.chain(by_seats));
    let view = view.unwrap_or(Bounds { left: 0.0, top: 0.0, right: pitch, bottom: pitch });
    if view.corners().iter().any(|(x, y)| !(x.abs() <= FAR_IN_FILE && y.abs() <= FAR_IN_FILE)) {
        let detail = "The drawing is too large: it may reach a billion of its units from the origin. Check its view box \
                      and its transforms.";
        return Err(Problem::invalid("", "out-of-range", detail));
    }
    Ok(view)
}

fn area_of(rows: &[Row]) -> Area {
    let seats = rows.iter().flat_map(|row| &row.seats);
    let (mut x0, mut y0, mut x1, mut y1) = (i64::MAX, i64::MAX, i64::MIN, i64::MIN);
    for seat in seats {
        (x0, y0, x1, y1) = (x0.min(seat.x), y0.min(seat.y), x1.max(seat.x), y1.max(seat.y));
    }
    let half = SEAT_PITCH / 2;
    Area { x: x0 - half, y: y0 - half, w: x1 - x0 + SEAT_PITCH, h: y1 - y0 + SEAT_PITCH }
}

fn report(plan: &Plan, seats: &[FoundSeat], duplicates: Vec<Duplicate>) -> ImportReport {
    let mut of_category = vec![0; plan.categories.len()];
    for category in seats.iter().filter_map(|seat| seat.category) {
        of_category[usize::from(category)] += 1;
    }
    let unmatched = || seats.iter().filter(|seat| seat.category.is_none());
    let empty = plan.categories.iter().zip(&of_category).filter(|(_, seats)| **seats == 0);
    ImportReport {
        seats: seats.len() as i64,
        width: plan.width,
        height: plan.height,
        sections: plan
            .sections
            .iter()
            .map(|section| SectionFound {
                name: section.name.clone(),
                rows: section.rows.len(),
                seats: section.rows.iter().map(|row| row.seats.len()).sum(),
            })
            .collect(),
        warnings: empty
            .map(|(category, _)| format!("No seat is in the category “{}”.", category.name))
            .collect(),
        categories: plan
            .categories
            .iter()
            .zip(of_category)
            .map(|(category, seats)| CategoryFound {
                name: category.name.clone(),
                colour: category.colour.clone(),
                seats,
            })
            .collect(),
        unmatched_total: unmatched().count() as i64,
        unmatched: unmatched().take(LISTED_MAX).map(unmatched_seat).collect(),
        duplicates,
        ..ImportReport::default()
    }
}

fn unmatched_seat(seat: &FoundSeat) -> Unmatched {
    Unmatched {
        key: seat.key.clone().unwrap_or_else(|| key_of(&seat.section, &seat.row, &seat.label)),
        section: seat.section.clone(),
        row: seat.row.clone(),
        label: seat.label.clone(),
        line: seat.line,
    }
}
