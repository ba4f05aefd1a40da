//! What of a session's seats does not change while the sale runs: where they are, in which rows, and how a snapshot
//! writes all of them down.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::access::Access;
use super::store::{SeatRow, TypeRow};
use crate::venues::{Area, Frame};

/// What does not change while the sale runs.
pub struct Plan {
    /// The session.
    pub session: i64,
    /// Ticket types in their order of sale.
    pub types: Vec<TypeRow>,
    /// Every seat in id order.
    pub seats: Vec<Spot>,
    /// Seats with labels, row by row and along the row, as indexes into `seats`.
    pub by_row: Vec<u32>,
    /// The smallest distance between two neighbours of one row.
    pub pitch: f64,
    /// Where everybody looks: the stage's centre.
    pub focus: (i64, i64),
    /// `"layout":{…}`, rendered once.
    pub(super) layout: String,
    /// `"seats":{…,"state":"` without the states, rendered once.
    pub(super) columns: String,
}

/// Where a seat is.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// Id.
    pub id: i64,
    /// Index into [`Plan::types`].
    pub kind: u16,
    /// Rows are numbered through the session; seats of general admission have none.
    pub row: Option<u32>,
    /// Position on the plan.
    pub x: i32,
    /// Position on the plan.
    pub y: i32,
    /// Whom it is kept for; none: everybody's.
    pub access: Option<Access>,
}

/// A section's name, its seats' bounds and its place in the list.
struct Section<'r> {
    name: &'r str,
    bounds: (i64, i64, i64, i64),
}

impl Plan {
    /// Of every seat of the session, in id order, and what its layout draws besides.
    pub fn new(session: i64, types: Vec<TypeRow>, rows: &[SeatRow], frame: Option<Frame>) -> Self {
        let mut sections: Vec<Section> = Vec::new();
        let mut section_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut row_of: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        let mut seats = Vec::with_capacity(rows.len());
        let mut columns = Columns::default();
        for row in rows {
            let kind = types.iter().position(|kind| kind.id == row.ticket_type_id).unwrap_or(0) as u16;
            let (x, y) = (row.x as i32, row.y as i32);
            let mut spot = Spot { id: row.id, kind, row: None, x, y, access: row.access };
            if let Some(label) = &row.label {
                let name = row.section.as_deref().unwrap_or_default();
                let row_label = row.row_label.as_deref().unwrap_or_default();
                let next = row_of.len() as u32;
                spot.row = Some(*row_of.entry((name, row_label)).or_insert(next));
                let section = *section_of.entry(name).or_insert_with(|| {
                    sections.push(Section { name, bounds: (row.x, row.y, row.x, row.y) });
                    sections.len() - 1
                });
                let bounds = &mut sections[section].bounds;
                *bounds =
                    (bounds.0.min(row.x), bounds.1.min(row.y), bounds.2.max(row.x), bounds.3.max(row.y));
                columns.push(row, label, row_label, section);
            }
            seats.push(spot);
        }
        let by_row = by_row(&seats);
        let pitch = pitch(&seats, &by_row);
        let focus = focus(&seats, frame.as_ref().map(|frame| frame.stage));
        let layout = layout(&sections, frame.as_ref());
        Self { session, types, seats, by_row, pitch, focus, layout, columns: columns.finish() }
    }

    /// Whether it has the same seats of the same names in the same places.
    pub fn has_the_seats_of(&self, other: &Plan) -> bool {
        self.columns == other.columns && self.layout == other.layout
    }

    /// Index of a seat.
    pub fn index_of(&self, seat: i64) -> Option<usize> {
        self.seats.binary_search_by_key(&seat, |spot| spot.id).ok()
    }

    /// Index of a ticket type.
    pub fn type_index(&self, ticket_type: i64) -> Option<usize> {
        self.types.iter().position(|kind| kind.id == ticket_type)
    }
}

/// Rows are written seat by seat, so ids run along the row whichever way it faces.
fn by_row(seats: &[Spot]) -> Vec<u32> {
    let mut ordered: Vec<u32> =
        (0..seats.len() as u32).filter(|i| seats[*i as usize].row.is_some()).collect();
    ordered.sort_unstable_by_key(|i| {
        let spot = seats[*i as usize];
        (spot.row, spot.id)
    });
    ordered
}

fn pitch(seats: &[Spot], by_row: &[u32]) -> f64 {
    let pairs = by_row.windows(2).map(|pair| (seats[pair[0] as usize], seats[pair[1] as usize]));
    pairs.filter(|(a, b)| a.row == b.row).map(|(a, b)| a.distance(b)).fold(f64::INFINITY, f64::min)
}

/// The stage's centre; without a stage, the middle of the front, where y is smallest.
fn focus(seats: &[Spot], stage: Option<Area>) -> (i64, i64) {
    if let Some(stage) = stage {
        return (stage.x + stage.w / 2, stage.y + stage.h / 2);
    }
    let xs = || seats.iter().map(|spot| i64::from(spot.x));
    let left_and_right = xs().min().unwrap_or(0) + xs().max().unwrap_or(0);
    (left_and_right / 2, seats.iter().map(|spot| i64::from(spot.y)).min().unwrap_or(0))
}

impl Spot {
    /// As the crow flies, in the plan's units.
    pub fn distance(&self, other: Spot) -> f64 {
        f64::from(self.x - other.x).hypot(f64::from(self.y - other.y))
    }
}

/// Space around the outermost seats, in the plan's units.
const MARGIN: i64 = 20;

fn layout(sections: &[Section], frame: Option<&Frame>) -> String {
    let background = frame.and_then(|frame| {
        let url = frame.background.as_ref()?;
        Some(json!({ "url": url, "x": 0, "y": 0, "w": frame.width, "h": frame.height }))
    });
    // A stage that nobody drew only says where everybody looks.
    let stage = frame.map(|frame| frame.stage).filter(|stage| stage.w > 0 && stage.h > 0);
    let drawn =
        frame.filter(|frame| frame.background.is_some()).map_or((0, 0), |frame| (frame.width, frame.height));
    let width = drawn.0.max(sections.iter().map(|s| s.bounds.2).max().unwrap_or(0) + MARGIN);
    let height = drawn.1.max(sections.iter().map(|s| s.bounds.3).max().unwrap_or(0) + MARGIN);
    let sections: Vec<_> = sections
        .iter()
        .enumerate()
        .map(|(id, section)| {
            let (left, top, right, bottom) = section.bounds;
            let half = MARGIN / 2;
            json!({
                "id": id, "name": section.name, "x": left - half, "y": top - half,
                "w": right - left + MARGIN, "h": bottom - top + MARGIN,
            })
        })
        .collect();
    format!(
        "\"layout\":{}",
        json!({
            "width": width, "height": height, "stage": stage, "background": background, "sections": sections,
        })
    )
}

/// The columns of equal length, as JSON text without their brackets.
#[derive(Default)]
struct Columns {
    ids: String,
    labels: String,
    rows: String,
    section: String,
    x: String,
    y: String,
    ticket_type: String,
    /// Only of seats that are kept for somebody.
    access: Vec<(i64, Access)>,
}

impl Columns {
    fn push(&mut self, row: &SeatRow, label: &str, row_label: &str, section: usize) {
        let comma = if self.ids.is_empty() { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(self.ids, "{comma}{}", row.id);
        let _ = write!(self.labels, "{comma}{}", json!(label));
        let _ = write!(self.rows, "{comma}{}", json!(row_label));
        let _ = write!(self.section, "{comma}{section}");
        let _ = write!(self.x, "{comma}{}", row.x);
        let _ = write!(self.y, "{comma}{}", row.y);
        let _ = write!(self.ticket_type, "{comma}{}", row.ticket_type_id);
        self.access.extend(row.access.map(|access| (row.id, access)));
    }

    fn finish(self) -> String {
        format!(
            "\"seats\":{{\"ids\":[{}],\"labels\":[{}],\"rows\":[{}],\"section\":[{}],\"x\":[{}],\"y\":[{}],\"ticket_type\":[{}],\"access\":{},\"state\":\"",
            self.ids,
            self.labels,
            self.rows,
            self.section,
            self.x,
            self.y,
            self.ticket_type,
            json!(self.access),
        )
    }
}
