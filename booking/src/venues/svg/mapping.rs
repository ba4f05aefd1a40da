//! Which shapes of a drawing are seats, and which category a seat is in.

use serde::{Deserialize, Serialize};
use shared::problem::Problem;
use utoipa::ToSchema;

use super::style;
use crate::text;
use crate::venues::rules::Category;

/// Most categories.
const CATEGORIES_MAX: usize = 100;
/// Most ids, classes, colours or sections of a rule.
const NAMES_MAX: usize = 500;

/// What the parts of a drawing mean.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Which shapes are seats. Default: those with the attribute `data-seat`, the class `seat`, or an id that begins
    /// with `seat`.
    pub seats: Option<Marks>,
    /// Price categories; a seat is in the first one that names it.
    pub categories: Vec<CategoryRule>,
}

/// How parts of a drawing are told apart; any of them will do.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Marks {
    /// Ids; `vip-*` stands for all that begin with `vip-`.
    pub ids: Vec<String>,
    /// Classes.
    pub classes: Vec<String>,
    /// Fills, as `#rrggbb` or as the file writes them.
    pub colours: Vec<String>,
}

/// A price category and what is in it.
#[derive(Debug, Default, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CategoryRule {
    /// Unique in the layout; ticket types name it.
    pub name: String,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// Ids of seats or of groups around them; `vip-*` stands for all that begin with `vip-`.
    pub ids: Vec<String>,
    /// Classes of seats or of groups around them.
    pub classes: Vec<String>,
    /// Fills of seats.
    pub colours: Vec<String>,
    /// Sections.
    pub sections: Vec<String>,
}

impl Mapping {
    /// The categories by name; 422 with a pointer for a mapping that cannot be meant.
    pub fn check(&self) -> Result<Vec<Category>, Problem> {
        if self.categories.len() > CATEGORIES_MAX {
            let detail = format!("A layout has at most {CATEGORIES_MAX} categories.");
            return Err(Problem::invalid("/mapping/categories", "out-of-range", detail));
        }
        let mut categories: Vec<Category> = Vec::new();
        for (i, rule) in self.categories.iter().enumerate() {
            let at = |field: &str| format!("/mapping/categories/{i}/{field}");
            let name = text::line(&at("name"), &rule.name, 80)?;
            if categories.iter().any(|known| known.name == name) {
                return Err(Problem::invalid(
                    &at("name"),
                    "duplicate-name",
                    "Give each category its own name.",
                ));
            }
            let colour =
                rule.colour.as_deref().map(|colour| text::hex_colour(&at("colour"), colour)).transpose()?;
            let lists = [&rule.ids, &rule.classes, &rule.colours, &rule.sections];
            check_lengths(&at("ids"), &lists)?;
            categories.push(Category { name, colour });
        }
        if let Some(marks) = &self.seats {
            check_lengths("/mapping/seats", &[&marks.ids, &marks.classes, &marks.colours])?;
        }
        Ok(categories)
    }
}

fn check_lengths(pointer: &str, lists: &[&Vec<String>]) -> Result<(), Problem> {
    if lists.iter().any(|list| list.len() > NAMES_MAX) {
        let detail = format!("Name at most {NAMES_MAX}; ids may end in * to stand for many.");
        return Err(Problem::invalid(pointer, "out-of-range", detail));
    }
    Ok(())
}

/// Whether an id is among patterns.
pub fn names(patterns: &[String], id: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => id.starts_with(start),
        None => pattern == id,
    })
}

/// Whether a fill is among colours, however either is written.
pub fn shows(colours: &[String], fill: &str) -> bool {
    colours.iter().any(|colour| style::colour(colour).as_deref() == Some(fill))
}
