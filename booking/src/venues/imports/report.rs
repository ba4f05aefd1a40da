//! What an import found, for people who decide whether to keep it.

use serde::Serialize;
use utoipa::ToSchema;

/// What a file holds and what would become of it.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct ImportReport {
    /// Seats to choose from.
    pub seats: i64,
    /// Width of the plan.
    pub width: i64,
    /// Height of the plan.
    pub height: i64,
    /// Its sections in their order.
    pub sections: Vec<SectionFound>,
    /// Its price categories.
    pub categories: Vec<CategoryFound>,
    /// Whether a drawing is kept behind the seats.
    pub has_background: bool,
    /// What a mapping may name; drawings only.
    pub found: Found,
    /// Seats in no category, 200 at most.
    pub unmatched: Vec<Unmatched>,
    /// How many seats are in no category.
    pub unmatched_total: i64,
    /// Seats that stand in the file more than once, 200 at most. They must be told apart before the plan can be saved.
    pub duplicates: Vec<Duplicate>,
    /// Elements that were left out of the drawing.
    pub left_out: Vec<LeftOut>,
    /// What looks like a mistake.
    pub warnings: Vec<String>,
}

/// A section of an imported plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct SectionFound {
    /// Its name.
    pub name: String,
    /// Its rows.
    pub rows: usize,
    /// Its seats.
    pub seats: usize,
}

/// A category of an imported plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryFound {
    /// Its name.
    pub name: String,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// Its seats.
    pub seats: usize,
}

/// Names by which parts of a drawing can be told apart, the most useful first, 200 of each at most.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Found {
    /// Ids of groups, and of shapes; `A-*` stands for `A-1`, `A-2` ….
    pub ids: Vec<FoundName>,
    /// Classes.
    pub classes: Vec<FoundName>,
    /// Fills.
    pub colours: Vec<FoundName>,
}

/// A name and how often it occurs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundName {
    /// As a mapping writes it.
    pub value: String,
    /// Shapes and groups that have it.
    pub elements: u32,
    /// Seats that have it, or are in a group that has it.
    pub seats: u32,
}

/// A seat in no category.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unmatched {
    /// What it keeps through all versions.
    pub key: String,
    /// Its section.
    pub section: String,
    /// Its row.
    pub row: String,
    /// Its number.
    pub label: String,
    /// Where it stands in the file.
    pub line: Option<u32>,
}

/// Seats that share a key, or section, row and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Duplicate {
    /// What they share.
    pub key: String,
    /// Where they stand in the file; empty where the file has no lines to speak of.
    pub lines: Vec<u32>,
}

/// Elements of one name that were left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftOut {
    /// Their name.
    pub element: String,
    /// How many.
    pub count: u32,
}
