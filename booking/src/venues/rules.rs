//! Seating plans, and how they are made from a few figures: rows, columns, aisles, numbering, curves.
//!
//! Everything is in plan units: neighbouring seats are [`SEAT_PITCH`] apart. A plan of generators is computed wherever it
//! is needed; the same generators always give the same plan. An imported one is kept seat by seat.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use shared::problem::Problem;
use time_tz::TimeZone;
use utoipa::ToSchema;

use super::pretix::Decoration;
use crate::text;

/// Distance between neighbours in a row.
pub const SEAT_PITCH: i64 = 20;
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Plan {
    /// Right edge.
    pub width: i64,
    /// Lower edge.
    pub height: i64,
    /// Where the stage is drawn.
    pub stage: Area,
    /// In the order they were given.
    pub sections: Vec<Section>,
    /// Price categories that an imported plan puts its seats into.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// Shapes of an imported plan that are no seats, as its format knows them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decorations: Vec<Decoration>,
    /// Address of the drawing behind the seats; it covers the whole plan.
    #[serde(default)]
    pub background: Option<String>,
}

/// What a map draws besides seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Right edge.
    pub width: i64,
    /// Lower edge.
    pub height: i64,
    /// Where the stage is drawn.
    pub stage: Area,
    /// Address of the drawing that covers it all.
    pub background: Option<String>,
}

impl Frame {
    /// Of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            width: plan.width,
            height: plan.height,
            stage: plan.stage,
            background: plan.background.clone(),
        }
    }
}

/// A price category of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    /// Unique in the plan; ticket types name it.
    pub name: String,
    /// `#rrggbb`.
    pub colour: Option<String>,
}

/// A rectangle of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Row {
    /// Unique in the section.
    pub label: String,
    /// From left to right.
    pub seats: Vec<Seat>,
}

/// A seat of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Seat {
    /// Unique in the row.
    pub label: String,
    /// Its middle.
    pub x: i64,
    /// Its middle.
    pub y: i64,
    /// What it is known by through all versions of the layout; none: its section, row and label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Index of its price category.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<u16>,
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

    /// Whether a category has this name.
    pub fn has_category(&self, name: &str) -> bool {
        self.categories.iter().any(|category| category.name == name)
    }

    /// The seats of some sections and some categories, each once.
    pub fn seats<'p, 'n>(
        &'p self,
        sections: &'n [String],
        categories: &'n [String],
    ) -> impl Iterator<Item = (&'p Section, &'p Row, &'p Seat)> + use<'p, 'n> {
        let is_in = move |seat: &Seat| {
            let category = seat.category.and_then(|at| self.categories.get(usize::from(at)));
            category.is_some_and(|category| categories.contains(&category.name))
        };
        self.every_seat().filter(move |(section, _, seat)| sections.contains(&section.name) || is_in(seat))
    }

    /// Every seat with its section and row.
    pub fn every_seat(&self) -> impl Iterator<Item = (&Section, &Row, &Seat)> {
        let rows =
            self.sections.iter().flat_map(|section| section.rows.iter().map(move |row| (section, row)));
        rows.flat_map(|(section, row)| row.seats.iter().map(move |seat| (section, row, seat)))
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

/// Seats of the last row.
pub(super) fn last_row(section: &SectionSpec) -> u32 {
    section.columns.saturating_add(section.columns_step.saturating_mul(section.rows.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(name: &str, rows: u32, columns: u32) -> SectionSpec {
        serde_json::from_value(serde_json::json!({ "name": name, "rows": rows, "columns": columns })).unwrap()
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
    fn mutated_plans_are_drawn_or_refused() {
        let good = br#"{"sections":[{"name":"Stalls","rows":3,"columns":5,"aisles":[2],"row_labels":"letters"},{"name":"Floor","rows":1,"columns":9,"standing":true}]}"#;
        #[derive(serde::Deserialize)]
        struct Layout {
            sections: Vec<SectionSpec>,
        }
        shared::testing::mutations::feed(&[good], |input| {
            let Ok(layout) = shared::json::parse::<Layout>(input) else { return };
            if check(&layout.sections).is_ok() {
                assert!(crate::venues::plan::plan(&layout.sections).capacity() <= 100_000);
            }
        });
    }
}
