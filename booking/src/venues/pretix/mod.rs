//! Seating plans in the format that pretix publishes (`seating-plan.schema.json` in its sources): read, and written from
//! any of ours.
//!
//! A zone is a section, its `seat_guid` a seat's key. Positions are relative: a row's to its zone, a seat's to its row.

mod document;
mod read;
mod write;

pub use document::{Decoration, Document};
pub use read::read;
pub use write::write;
