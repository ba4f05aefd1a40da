//! The format's members. What it may leave out is optional here; members that only some of its versions know are passed
//! over when reading, and never written.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A whole plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// Price categories.
    pub categories: Vec<DocumentCategory>,
    /// Parts of the house.
    pub zones: Vec<Zone>,
    /// Width and height of the drawing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
}

/// A price category.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DocumentCategory {
    /// Seats refer to it.
    pub name: String,
    /// Any CSS colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// Width and height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Size {
    /// To the right.
    pub width: i64,
    /// Downwards.
    pub height: i64,
}

/// A point, or the half axes of an ellipse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Position {
    /// To the right.
    #[serde(serialize_with = "short")]
    pub x: f64,
    /// Downwards.
    #[serde(serialize_with = "short")]
    pub y: f64,
}

/// A part of the house.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Zone {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Internal id; only used to make up names of seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone_id: Option<String>,
    /// Unique among all things of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Of its origin.
    pub position: Position,
    /// Its rows.
    pub rows: Vec<DocumentRow>,
    /// What is drawn and not sold.
    #[serde(default)]
    pub areas: Vec<Decoration>,
}

/// A row of seats.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DocumentRow {
    /// Its number or letter.
    pub row_number: String,
    /// Unique among all things of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Relative to its zone.
    #[serde(default)]
    pub position: Position,
    /// Its seats.
    pub seats: Vec<DocumentSeat>,
}

/// A seat.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct DocumentSeat {
    /// Unique in the plan.
    pub seat_guid: String,
    /// Its number.
    pub seat_number: String,
    /// Unique among all things of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Relative to its row.
    pub position: Position,
    /// Name of its category; empty for none.
    pub category: String,
}

/// Something that is drawn and not sold: a stage, a bar, a table, a word.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Decoration {
    /// `rectangle`, `circle`, `ellipse`, `polygon` or `text`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// Fill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Outline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub border_color: Option<String>,
    /// Degrees, clockwise about its position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<f64>,
    /// Unique among all things of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// Relative to its zone: a rectangle's corner, everything else's middle.
    #[serde(default)]
    pub position: Position,
    /// Of a rectangle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rectangle: Option<Size>,
    /// Of a circle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circle: Option<Circle>,
    /// Of an ellipse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ellipse: Option<Ellipse>,
    /// Of a polygon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub polygon: Option<Polygon>,
    /// What is written on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Words>,
}

/// A circle's size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Circle {
    /// Its radius.
    pub radius: i64,
}

/// An ellipse's size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ellipse {
    /// Its half axes.
    pub radius: Position,
}

/// A polygon's corners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Polygon {
    /// Relative to its position.
    pub points: Vec<Position>,
}

/// What is written on a decoration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Words {
    /// The words.
    pub text: String,
    /// Their colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Height of the letters; 16 when nobody says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    /// Their middle, relative to the decoration's position.
    #[serde(default)]
    pub position: Position,
}

impl Position {
    /// The sum of two.
    pub fn plus(self, other: Position) -> Position {
        Position { x: self.x + other.x, y: self.y + other.y }
    }

    /// The difference of two.
    pub fn minus(self, other: Position) -> Position {
        Position { x: self.x - other.x, y: self.y - other.y }
    }
}

/// Whole numbers are written without a fraction.
fn short<S: serde::Serializer>(n: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if n.fract() == 0.0 && n.abs() < 1e15 {
        serializer.serialize_i64(*n as i64)
    } else {
        serializer.serialize_f64(*n)
    }
}
