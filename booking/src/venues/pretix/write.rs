//! From any plan of ours to the format.

use sha2::{Digest, Sha256};

use super::document::{
    Decoration, Document, DocumentCategory, DocumentRow, DocumentSeat, Position, Size, Words, Zone,
};
use crate::venues::imports::assemble::key_of;
use crate::venues::rules::{Area, Plan, Row, Section};

/// Fill of the stage and of standing room.
const GREY: &str = "#dddddd";

/// Writes a plan. Seats without a category are put into one of their section's name, because the format knows no
/// seat without.
pub fn write(name: &str, plan: &Plan) -> Document {
    let mut categories: Vec<DocumentCategory> = plan
        .categories
        .iter()
        .map(|category| DocumentCategory { name: category.name.clone(), color: category.colour.clone() })
        .collect();
    let mut zones: Vec<Zone> = plan.sections.iter().map(|section| zone(plan, section)).collect();
    for name in zones.iter().flat_map(|zone| &zone.rows).flat_map(|row| &row.seats).map(|seat| &seat.category)
    {
        if !categories.iter().any(|known| known.name == *name) {
            categories.push(DocumentCategory { name: name.clone(), color: None });
        }
    }
    if let Some(first) = zones.first_mut() {
        let origin = first.position;
        let stage = (plan.stage.w > 0 && plan.stage.h > 0).then(|| labelled("Stage", plan.stage));
        let decorations = plan.decorations.iter().cloned().chain(stage);
        first.areas.extend(decorations.map(|one| Decoration { position: one.position.minus(origin), ..one }));
    }
    let size = Some(Size { width: plan.width, height: plan.height });
    Document { name: name.to_owned(), categories, zones, size }
}

fn zone(plan: &Plan, section: &Section) -> Zone {
    let origin = Position { x: section.area.x as f64, y: section.area.y as f64 };
    let standing = section.standing.then(|| labelled(&section.name, section.area));
    Zone {
        name: Some(section.name.clone()),
        zone_id: Some(section.name.clone()),
        uuid: Some(uuid(&["zone", &section.name])),
        position: origin,
        rows: section.rows.iter().map(|row| document_row(plan, section, row, origin)).collect(),
        areas: standing
            .map(|one| Decoration { position: one.position.minus(origin), ..one })
            .into_iter()
            .collect(),
    }
}

fn document_row(plan: &Plan, section: &Section, row: &Row, zone: Position) -> DocumentRow {
    let place = |x: i64, y: i64| Position { x: x as f64, y: y as f64 };
    let origin = row.seats.first().map_or(zone, |seat| place(seat.x, seat.y));
    let seats = row.seats.iter().map(|seat| {
        let guid = seat.key.clone().unwrap_or_else(|| key_of(&section.name, &row.label, &seat.label));
        let category = seat.category.and_then(|at| plan.categories.get(usize::from(at)));
        DocumentSeat {
            uuid: Some(uuid(&["seat", &guid])),
            seat_guid: guid,
            seat_number: seat.label.clone(),
            position: place(seat.x, seat.y).minus(origin),
            category: category.map_or_else(|| section.name.clone(), |category| category.name.clone()),
        }
    });
    DocumentRow {
        row_number: row.label.clone(),
        uuid: Some(uuid(&["row", &section.name, &row.label])),
        position: origin.minus(zone),
        seats: seats.collect(),
    }
}

/// A grey rectangle with a word on it.
fn labelled(word: &str, area: Area) -> Decoration {
    Decoration {
        shape: Some("rectangle".to_owned()),
        color: Some(GREY.to_owned()),
        border_color: Some(GREY.to_owned()),
        rotation: Some(0.0),
        uuid: Some(uuid(&["area", word])),
        position: Position { x: area.x as f64, y: area.y as f64 },
        rectangle: Some(Size { width: area.w, height: area.h }),
        text: Some(Words {
            text: word.to_owned(),
            color: Some("#333333".to_owned()),
            size: Some(16),
            position: Position { x: area.w as f64 / 2.0, y: area.h as f64 / 2.0 },
        }),
        ..Decoration::default()
    }
}

/// The same thing has the same uuid in every export. It has the form of a random one, as the format asks.
fn uuid(names: &[&str]) -> String {
    let digest = Sha256::digest(names.join("\u{1f}"));
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
