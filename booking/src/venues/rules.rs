//! Seating plans from a few figures: rows, columns, aisles, numbering, curves.
//!
//! Everything is in plan units: neighbouring seats are [`SEAT_PITCH`] apart. A plan is computed from its sections'
//! generators wherever it is needed; the same generators always give the same plan.

use std::collections::HashSet;
use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};
use shared::problem::Problem;
use time_tz::TimeZone;
use utoipa::ToSchema;

use crate::text;

/// Distance between neighbours in a row.
pub const SEAT_PITCH: i64 = 20;
/// Distance between rows.
pub const ROW_PITCH: i64 = 24;
/// Width an aisle adds.
const AISLE: i64 = 24;
/// Space around the plan, and between sections that are stacked.
const MARGIN: i64 = 60;
/// Most seats of one layout.
pub const SEATS_MAX: u64 = 100_000;
/// Most sections of one layout.
const SECTIONS_MAX: usize = 200;
/// Most rows of a section, and most seats of a row.
const SIDE_MAX: u32 = 1000;
/// Most aisles of a section.
const AISLES_MAX: usize = 50;
/// Furthest a section may lie from the centre.
const FAR: i64 = 1_000_000;

/// How to make one section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionSpec {
    /// Unique in the layout; ticket types name it.
    pub name: String,
    /// Rows, the first nearest to the stage.
    pub rows: u32,
    /// Seats of the first row.
    pub columns: u32,
    /// Seats that each further row has more than the one before it.
    #[serde(default)]
    pub columns_step: u32,
    /// An aisle follows each of these columns (counted from 1).
    #[serde(default)]
    pub aisles: Vec<u32>,
    /// How rows are called.
    #[serde(default)]
    pub row_labels: RowLabels,
    /// How seats of a row are numbered.
    #[serde(default)]
    pub seat_numbers: SeatNumbers,
    /// Standing room of this size: drawn, but without seats to choose.
    #[serde(default)]
    pub standing: bool,
    /// Top left corner relative to the stage's centre. Default: below the section before it.
    #[serde(default)]
    pub at: Option<At>,
    /// Curved rows around the stage's centre instead of straight ones.
    #[serde(default)]
    pub around: Option<Around>,
}

/// A point in plan units; x grows to the right, y away from the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct At {
    /// To the right.
    pub x: i64,
    /// Away from the stage.
    pub y: i64,
}

/// Rows as arcs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Around {
    /// Of the first row, in plan units.
    pub radius: i64,
    /// Where the middle of the section lies: 0 in front of the stage, 90 to its left as seen from the stage's front
    /// (right on the plan), 180 behind it.
    pub degrees: f64,
}

/// How rows are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowLabels {
    /// A … Z, AA, AB …
    #[default]
    Letters,
    /// 1, 2, 3 …
    Numbers,
}

/// How seats of a row are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatNumbers {
    /// 1 2 3 4 5 6
    #[default]
    LeftToRight,
    /// 6 5 4 3 2 1
    RightToLeft,
    /// 5 3 1 2 4 6: odd on the left, even on the right, from the middle.
    OddEven,
}

/// A whole plan, its top left corner at 0, 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Plan {
    /// Right edge.
    pub width: i64,
    /// Lower edge.
    pub height: i64,
    /// Where the stage is drawn.
    pub stage: Area,
    /// In the order they were given.
    pub sections: Vec<Section>,
}

/// A rectangle of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Area {
    /// Left edge.
    pub x: i64,
    /// Upper edge.
    pub y: i64,
    /// Width.
    pub w: i64,
    /// Height.
    pub h: i64,
}

/// A section of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Section {
    /// Unique in the plan.
    pub name: String,
    /// What it covers.
    #[serde(flatten)]
    pub area: Area,
    /// Whether it is standing room; then it has no rows.
    pub standing: bool,
    /// From the stage outwards.
    pub rows: Vec<Row>,
}

/// A row of seats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Row {
    /// Unique in the section.
    pub label: String,
    /// From left to right.
    pub seats: Vec<Seat>,
}

/// A seat of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Seat {
    /// Unique in the row.
    pub label: String,
    /// Its middle.
    pub x: i64,
    /// Its middle.
    pub y: i64,
}

impl Plan {
    /// Seats that can be chosen.
    pub fn capacity(&self) -> i64 {
        self.sections.iter().flat_map(|s| &s.rows).map(|r| r.seats.len() as i64).sum()
    }

    /// The section of this name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.name == name)
    }
}

/// The canonical name of a time zone; 422 `time-zone` for one that does not exist.
pub fn time_zone(pointer: &str, name: &str) -> Result<&'static str, Problem> {
    time_tz::timezones::get_by_name(name).map(TimeZone::name).ok_or_else(|| {
        Problem::invalid(pointer, "time-zone", "Use a name of the IANA database, such as Europe/Berlin.")
    })
}

/// Refuses sections that no plan can be made of: 422 with the pointer to the first mistake.
pub fn check(sections: &[SectionSpec]) -> Result<(), Problem> {
    if sections.is_empty() || sections.len() > SECTIONS_MAX {
        let detail = format!("A layout has 1 to {SECTIONS_MAX} sections.");
        return Err(Problem::invalid("/sections", "out-of-range", detail));
    }
    let mut names = HashSet::new();
    let mut seats: u64 = 0;
    for (i, section) in sections.iter().enumerate() {
        let at = |field: &str| format!("/sections/{i}/{field}");
        text::line(&at("name"), &section.name, 80)?;
        if !names.insert(section.name.as_str()) {
            return Err(Problem::invalid(&at("name"), "duplicate-name", "Give each section its own name."));
        }
        for (field, n) in [("rows", section.rows), ("columns", section.columns)] {
            if !(1..=SIDE_MAX).contains(&n) {
                return Err(Problem::invalid(&at(field), "out-of-range", format!("Choose 1 to {SIDE_MAX}.")));
            }
        }
        if last_row(section) > SIDE_MAX {
            let detail = format!("The last row would have more than {SIDE_MAX} seats.");
            return Err(Problem::invalid(&at("columns_step"), "out-of-range", detail));
        }
        if section.aisles.len() > AISLES_MAX {
            let detail = format!("A section has at most {AISLES_MAX} aisles.");
            return Err(Problem::invalid(&at("aisles"), "out-of-range", detail));
        }
        let far = section.at.is_some_and(|p| p.x.abs() > FAR || p.y.abs() > FAR);
        let round = section.around.is_some_and(|a| {
            !(SEAT_PITCH..=FAR).contains(&a.radius) || !a.degrees.is_finite() || a.degrees.abs() > 360.0
        });
        if far || round || (section.at.is_some() && section.around.is_some()) {
            let detail =
                "Place a section either by `at` or by `around`, within 1,000,000 units and 360 degrees.";
            return Err(Problem::invalid(&at("at"), "out-of-range", detail));
        }
        if !section.standing {
            seats += u64::from(section.rows) * u64::from(section.columns + last_row(section)) / 2;
        }
    }
    if seats > SEATS_MAX {
        return Err(Problem::invalid(
            "/sections",
            "out-of-range",
            format!("A layout has at most {SEATS_MAX} seats."),
        ));
    }
    Ok(())
}

fn last_row(section: &SectionSpec) -> u32 {
    section.columns.saturating_add(section.columns_step.saturating_mul(section.rows.saturating_sub(1)))
}

/// Makes the plan of [`check`]ed sections.
pub fn plan(specs: &[SectionSpec]) -> Plan {
    let mut next_y = MARGIN;
    let mut sections: Vec<Section> = specs
        .iter()
        .map(|spec| {
            let section = section(spec, next_y);
            if spec.around.is_none() {
                next_y = next_y.max(section.area.y + section.area.h + MARGIN);
            }
            section
        })
        .collect();
    let mut stage = stage(specs, &sections);
    let areas = || sections.iter().map(|s| s.area).chain([stage]);
    let left = areas().map(|a| a.x).min().unwrap_or(0) - MARGIN;
    let top = areas().map(|a| a.y).min().unwrap_or(0) - MARGIN;
    let width = areas().map(|a| a.x + a.w).max().unwrap_or(0) + MARGIN - left;
    let height = areas().map(|a| a.y + a.h).max().unwrap_or(0) + MARGIN - top;
    stage.x -= left;
    stage.y -= top;
    for section in &mut sections {
        section.area.x -= left;
        section.area.y -= top;
        for seat in section.rows.iter_mut().flat_map(|r| &mut r.seats) {
            seat.x -= left;
            seat.y -= top;
        }
    }
    Plan { width, height, stage, sections }
}

/// A round stage in the middle of curved sections, else a wide one above the straight ones.
fn stage(specs: &[SectionSpec], sections: &[Section]) -> Area {
    let inner = specs.iter().filter_map(|s| s.around).map(|a| a.radius).min();
    match inner {
        Some(radius) => Area { x: -radius / 3, y: -radius / 3, w: radius * 2 / 3, h: radius * 2 / 3 },
        None => {
            let widest = sections.iter().map(|s| s.area.w).max().unwrap_or(SEAT_PITCH);
            let top = sections.iter().map(|s| s.area.y).min().unwrap_or(0).min(0);
            Area { x: -widest / 3, y: top - 40, w: widest * 2 / 3, h: 40 }
        }
    }
}

fn section(spec: &SectionSpec, next_y: i64) -> Section {
    let width = row_width(spec, last_row(spec));
    let corner = spec.at.unwrap_or(At { x: -(width + SEAT_PITCH) / 2, y: next_y });
    let mut rows: Vec<Row> = (0..spec.rows).map(|r| row(spec, r, corner, width)).collect();
    let (mut x0, mut y0, mut x1, mut y1) = (i64::MAX, i64::MAX, i64::MIN, i64::MIN);
    for seat in rows.iter().flat_map(|r| &r.seats) {
        (x0, y0, x1, y1) = (x0.min(seat.x), y0.min(seat.y), x1.max(seat.x), y1.max(seat.y));
    }
    let half = SEAT_PITCH / 2;
    let area = Area { x: x0 - half, y: y0 - half, w: x1 - x0 + SEAT_PITCH, h: y1 - y0 + SEAT_PITCH };
    if spec.standing {
        rows.clear();
    }
    Section { name: spec.name.clone(), area, standing: spec.standing, rows }
}

fn row(spec: &SectionSpec, r: u32, corner: At, widest: i64) -> Row {
    let columns = spec.columns + spec.columns_step * r;
    let width = row_width(spec, columns);
    let seats = (0..columns)
        .map(|c| {
            let along = offset(spec, c);
            let (x, y) = match spec.around {
                None => (
                    corner.x + SEAT_PITCH / 2 + (widest - width) / 2 + along,
                    corner.y + SEAT_PITCH / 2 + ROW_PITCH * i64::from(r),
                ),
                Some(around) => on_arc(around, r, along - width / 2),
            };
            Seat { label: seat_label(spec.seat_numbers, c, columns), x, y }
        })
        .collect();
    Row { label: row_label(spec.row_labels, r), seats }
}

/// The point `along` units beside the middle of row `r`, measured on the arc.
fn on_arc(around: Around, r: u32, along: i64) -> (i64, i64) {
    let radius = (around.radius + ROW_PITCH * i64::from(r)) as f64;
    let angle = around.degrees / 360.0 * TAU + along as f64 / radius;
    ((radius * angle.sin()).round() as i64, (radius * angle.cos()).round() as i64)
}

/// Units from the first seat of a row to its seat `c`.
fn offset(spec: &SectionSpec, c: u32) -> i64 {
    let aisles = spec.aisles.iter().filter(|after| **after >= 1 && **after <= c).count() as i64;
    i64::from(c) * SEAT_PITCH + aisles * AISLE
}

fn row_width(spec: &SectionSpec, columns: u32) -> i64 {
    offset(spec, columns.saturating_sub(1))
}

fn row_label(labels: RowLabels, r: u32) -> String {
    match labels {
        RowLabels::Numbers => (r + 1).to_string(),
        RowLabels::Letters => {
            let mut n = r + 1;
            let mut label = String::new();
            while n > 0 {
                n -= 1;
                label.insert(0, (b'A' + (n % 26) as u8) as char);
                n /= 26;
            }
            label
        }
    }
}

fn seat_label(numbers: SeatNumbers, c: u32, columns: u32) -> String {
    let n = match numbers {
        SeatNumbers::LeftToRight => c + 1,
        SeatNumbers::RightToLeft => columns - c,
        SeatNumbers::OddEven => {
            let left = columns.div_ceil(2);
            if c < left { (left - 1 - c) * 2 + 1 } else { (c - left) * 2 + 2 }
        }
    };
    n.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str, rows: u32, columns: u32) -> SectionSpec {
        serde_json::from_value(serde_json::json!({ "name": name, "rows": rows, "columns": columns })).unwrap()
    }

    #[test]
    fn a_cinema_is_rows_times_columns_with_its_aisles() {
        let cinema = SectionSpec { aisles: vec![2], ..spec("Hall", 3, 4) };
        let plan = plan(&[cinema]);
        assert_eq!(plan.capacity(), 12);
        let row = &plan.sections[0].rows[1];
        assert_eq!(row.label, "B");
        let steps: Vec<i64> = row.seats.windows(2).map(|w| w[1].x - w[0].x).collect();
        assert_eq!(steps, [SEAT_PITCH, SEAT_PITCH + AISLE, SEAT_PITCH]);
        assert_eq!(row.seats[0].y - plan.sections[0].rows[0].seats[0].y, ROW_PITCH);
    }

    #[test]
    fn everything_lies_inside_the_plan_and_no_two_seats_touch() {
        let around = |degrees| Some(Around { radius: 300, degrees });
        let arena: Vec<SectionSpec> = (0..6)
            .map(|i| SectionSpec {
                columns_step: 1,
                around: around(f64::from(i) * 60.0),
                ..spec(&format!("Block {i}"), 8, 12)
            })
            .collect();
        check(&arena).unwrap();
        let plan = plan(&arena);
        assert_eq!(plan.capacity(), 6 * (12 + 19) * 8 / 2);
        let seats: Vec<&Seat> = plan.sections.iter().flat_map(|s| &s.rows).flat_map(|r| &r.seats).collect();
        for (i, a) in seats.iter().enumerate() {
            assert!((0..=plan.width).contains(&a.x) && (0..=plan.height).contains(&a.y));
            for b in &seats[i + 1..] {
                let apart = ((a.x - b.x).pow(2) + (a.y - b.y).pow(2)) as f64;
                assert!(apart.sqrt() > SEAT_PITCH as f64 * 0.9, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn labels_follow_their_scheme() {
        let row = |numbers, n| (0..n).map(|c| seat_label(numbers, c, n)).collect::<Vec<_>>().join(" ");
        assert_eq!(row(SeatNumbers::LeftToRight, 4), "1 2 3 4");
        assert_eq!(row(SeatNumbers::RightToLeft, 4), "4 3 2 1");
        assert_eq!(row(SeatNumbers::OddEven, 6), "5 3 1 2 4 6");
        assert_eq!(row(SeatNumbers::OddEven, 5), "5 3 1 2 4");
        assert_eq!(row_label(RowLabels::Letters, 0), "A");
        assert_eq!(row_label(RowLabels::Letters, 25), "Z");
        assert_eq!(row_label(RowLabels::Letters, 26), "AA");
        assert_eq!(row_label(RowLabels::Letters, 701), "ZZ");
        assert_eq!(row_label(RowLabels::Numbers, 9), "10");
    }

    #[test]
    fn impossible_layouts_are_refused_with_the_place_of_the_mistake() {
        let slug = |specs: &[SectionSpec]| check(specs).unwrap_err().slug();
        assert_eq!(slug(&[]), "out-of-range");
        assert_eq!(slug(&[spec("A", 0, 5)]), "out-of-range");
        assert_eq!(slug(&[spec("A", 1000, 1000)]), "out-of-range");
        assert_eq!(slug(&[spec("A", 1, 1), spec("A", 1, 1)]), "duplicate-name");
        assert_eq!(slug(&[spec("", 1, 1)]), "blank");
        let steep = SectionSpec { columns_step: u32::MAX, ..spec("A", 3, 3) };
        assert_eq!(slug(&[steep]), "out-of-range");
    }

    #[test]
    fn standing_room_has_an_area_and_no_seats() {
        let plan = plan(&[spec("VIP", 5, 20), SectionSpec { standing: true, ..spec("Floor", 10, 30) }]);
        assert_eq!(plan.capacity(), 100);
        let floor = plan.section("Floor").unwrap();
        assert!(floor.rows.is_empty() && floor.area.w == 30 * SEAT_PITCH);
    }
}
