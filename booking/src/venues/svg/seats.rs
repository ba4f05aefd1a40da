//! The seats of a drawing: which shapes they are, what they are called, and what they cost.
//!
//! A seat is called by what the file says of it, in this order: its own `data-…` attributes; groups around it that are
//! marked as row or section (attribute, class, or a name that begins so); the parts of its id (`balcony-C-12`); the
//! nearest group with a name, for the section; its place, for row and number.

use std::collections::{BTreeMap, HashSet};

use super::mapping::{self, CategoryRule, Mapping, Marks};
use super::shape::{self, Bounds, Matrix};
use super::style;
use super::tree::{Child, Node, Tree};
use crate::venues::imports::assemble::FoundSeat;
use crate::venues::imports::report::{Found, FoundName};
use crate::venues::rules::Category;

/// Shapes that can be a seat by themselves.
const SHAPES: [&str; 6] = ["circle", "ellipse", "rect", "path", "polygon", "use"];
/// A marked group of at most so many shapes and a number is one seat; of more, they are seats one by one.
const SEAT_PARTS_MAX: usize = 4;
/// Names listed of each kind.
const FOUND_MAX: usize = 200;

/// What was found in a drawing.
pub struct Search {
    /// Seats in the order of the file.
    pub seats: Vec<FoundSeat>,
    /// Categories that seats refer to.
    pub categories: Vec<Category>,
    /// Elements that are seats or the stage: the background leaves them out.
    pub taken: HashSet<usize>,
    /// What the stage covers.
    pub stage: Option<Bounds>,
    /// What a mapping may name.
    pub found: Found,
}

/// Looks for seats by `mapping`, whose categories were checked.
pub fn search(tree: &Tree, mapping: &Mapping, categories: Vec<Category>) -> Search {
    let mut finder = Finder {
        tree,
        mapping,
        default: Marks { ids: Vec::new(), classes: vec!["seat".to_owned()], colours: Vec::new() },
        search: Search {
            seats: Vec::new(),
            categories,
            taken: HashSet::new(),
            stage: None,
            found: Found::default(),
        },
        ids: Tally::default(),
        classes: Tally::default(),
        colours: Tally::default(),
    };
    finder.walk(0, &Place { matrix: Matrix::UNIT, fill: None, groups: Vec::new(), is_seat: false });
    finder.search.found = Found {
        ids: finder.ids.listed(),
        classes: finder.classes.listed(),
        colours: finder.colours.listed(),
    };
    finder.search
}

/// Where in the tree the walk is.
#[derive(Clone)]
struct Place<'t> {
    matrix: Matrix,
    fill: Option<String>,
    /// Groups around, the outermost first.
    groups: Vec<&'t Node>,
    /// Whether a group around says that its shapes are seats.
    is_seat: bool,
}

/// How often a name occurs, and on how many seats.
#[derive(Default)]
struct Tally(BTreeMap<String, (u32, u32)>);

impl Tally {
    fn count(&mut self, name: &str, is_seat: bool) {
        // A name that only comes once in a huge file is no help to anybody.
        if self.0.len() < 100 * FOUND_MAX || self.0.contains_key(name) {
            let counts = self.0.entry(name.chars().take(80).collect()).or_default();
            counts.0 += 1;
            counts.1 += u32::from(is_seat);
        }
    }

    fn listed(self) -> Vec<FoundName> {
        let mut names: Vec<FoundName> = self
            .0
            .into_iter()
            .map(|(value, (elements, seats))| FoundName { value, elements, seats })
            .collect();
        names.sort_by_key(|name| std::cmp::Reverse((name.seats, name.elements)));
        names.truncate(FOUND_MAX);
        names
    }
}

struct Finder<'t> {
    tree: &'t Tree,
    mapping: &'t Mapping,
    default: Marks,
    search: Search,
    ids: Tally,
    classes: Tally,
    colours: Tally,
}

impl<'t> Finder<'t> {
    fn walk(&mut self, index: usize, place: &Place<'t>) {
        let node = &self.tree.nodes[index];
        if matches!(node.name, "defs" | "symbol" | "linearGradient" | "radialGradient" | "text")
            || node.attribute("display") == Some("none")
        {
            return;
        }
        let mut here = place.clone();
        here.matrix = if index == 0 { place.matrix } else { place.matrix.around(Matrix::of(node)) };
        here.fill = paint(node).or(here.fill);
        let is_group = matches!(node.name, "g" | "svg");
        if is_stage(node) {
            self.search.stage = self.search.stage.or_else(|| covered(self.tree, index, here.matrix));
            self.search.taken.insert(index);
            return;
        }
        let is_marked = self.is_marked(node, here.fill.as_deref());
        let parts = if is_group { self.parts(node) } else { 1 };
        if is_group {
            let is_numbered = parts <= SEAT_PARTS_MAX && self.has_text(node);
            let is_one = node.says.seat.is_some() || (is_marked && (parts == 1 || is_numbered));
            if is_one && index != 0 {
                self.add(index, &here);
                return;
            }
            here.is_seat |= is_marked && index != 0;
            here.groups.push(node);
            self.tally_group(node, parts);
            for child in &node.children {
                if let Child::Node(part) = child {
                    self.walk(*part, &here);
                }
            }
        } else if SHAPES.contains(&node.name) {
            if is_marked || here.is_seat {
                self.add(index, &here);
            } else {
                self.tally_shape(node, &here, false);
            }
        }
    }

    /// Shapes directly in a group, or as many as make it none: groups in groups are several seats.
    fn parts(&self, node: &Node) -> usize {
        let nodes = node.children.iter().filter_map(|child| match child {
            Child::Node(part) => Some(&self.tree.nodes[*part]),
            Child::Text(_) => None,
        });
        nodes
            .map(
                |part| {
                    if part.name == "g" {
                        SEAT_PARTS_MAX + 1
                    } else {
                        usize::from(SHAPES.contains(&part.name))
                    }
                },
            )
            .sum()
    }

    fn has_text(&self, node: &Node) -> bool {
        node.children
            .iter()
            .any(|child| matches!(child, Child::Node(part) if self.tree.nodes[*part].name == "text"))
    }

    /// Whether the mapping, or the custom of drawing programs, says that this is a seat.
    fn is_marked(&self, node: &Node, fill: Option<&str>) -> bool {
        let is_shape = SHAPES.contains(&node.name);
        let marks = self.mapping.seats.as_ref().unwrap_or(&self.default);
        let by_id = |id: &String| {
            let by_custom = self.mapping.seats.is_none() && starts_with(id, "seat").is_some();
            is_shape && (mapping::names(&marks.ids, id) || by_custom)
        };
        node.says.seat.is_some()
            || node.id.as_ref().is_some_and(by_id)
            || node.classes.iter().any(|class| marks.classes.contains(class))
            || is_shape && fill.is_some_and(|fill| mapping::shows(&marks.colours, fill))
    }

    fn tally_group(&mut self, node: &Node, parts: usize) {
        if parts == 0 {
            return;
        }
        node.classes.iter().for_each(|class| self.classes.count(class, false));
        node.id.iter().for_each(|id| self.ids.count(id, false));
    }

    fn tally_shape(&mut self, node: &Node, place: &Place<'_>, is_seat: bool) {
        for class in &node.classes {
            self.classes.count(class, is_seat);
        }
        if let Some(fill) = &place.fill {
            self.colours.count(fill, is_seat);
        }
        if let Some(id) = &node.id {
            let start = id.trim_end_matches(|c: char| c.is_ascii_digit());
            self.ids.count(&if start.len() < id.len() { format!("{start}*") } else { id.clone() }, is_seat);
        }
        if is_seat {
            for group in &place.groups {
                group
                    .classes
                    .iter()
                    .for_each(|class| self.classes.0.entry(class.clone()).or_default().1 += 1);
                group.id.iter().for_each(|id| self.ids.0.entry(id.clone()).or_default().1 += 1);
            }
        }
    }

    fn add(&mut self, index: usize, place: &Place<'_>) {
        let node = &self.tree.nodes[index];
        self.tally_shape(node, place, true);
        self.search.taken.insert(index);
        let Some(bounds) = shape::bounds(self.tree, index) else { return };
        let at = place.matrix.apply(bounds.middle());
        if !(at.0.is_finite() && at.1.is_finite()) {
            return;
        }
        let called = name(node, &place.groups);
        let category = self.category(node, place, &called.section);
        self.search.seats.push(FoundSeat {
            key: node.id.clone(),
            section: called.section,
            row: called.row,
            label: called.label,
            at,
            category,
            line: Some(node.line),
        });
    }

    /// The first category of the mapping that names the seat; without categories, what the file says itself.
    fn category(&mut self, node: &Node, place: &Place<'_>, section: &str) -> Option<u16> {
        if !self.mapping.categories.is_empty() {
            let is_in = |rule: &CategoryRule| {
                let around = || place.groups.iter().copied().chain([node]);
                rule.sections.iter().any(|known| known == section)
                    || around().any(|node| node.classes.iter().any(|class| rule.classes.contains(class)))
                    || around().filter_map(|node| node.id.as_ref()).any(|id| mapping::names(&rule.ids, id))
                    || place.fill.as_deref().is_some_and(|fill| mapping::shows(&rule.colours, fill))
            };
            return self.mapping.categories.iter().position(is_in).map(|at| at as u16);
        }
        let said = [node].into_iter().chain(place.groups.iter().rev().copied());
        let said = said.filter_map(|node| node.says.category.clone()).next()?;
        let known = self.search.categories.iter().position(|category| category.name == said);
        let at = known.or_else(|| {
            (self.search.categories.len() < FOUND_MAX).then(|| {
                let colour = place.fill.clone().filter(|fill| fill.starts_with('#') && fill.len() == 7);
                self.search.categories.push(Category { name: said, colour });
                self.search.categories.len() - 1
            })
        })?;
        Some(at as u16)
    }
}

/// The colour of an element itself: its fill, or its outline where it is hollow.
fn paint(node: &Node) -> Option<String> {
    let of = |name| node.attribute(name).and_then(style::colour);
    of("fill").or_else(|| of("stroke").filter(|_| node.attribute("fill").is_some()))
}

fn is_stage(node: &Node) -> bool {
    let is = |name: &str| name.eq_ignore_ascii_case("stage");
    node.id.as_deref().is_some_and(is) || node.classes.iter().any(|class| is(class))
}

fn covered(tree: &Tree, index: usize, matrix: Matrix) -> Option<Bounds> {
    Bounds::of(shape::bounds(tree, index)?.corners().map(|corner| matrix.apply(corner)))
}

/// What a seat is called; empty where nobody says.
struct Called {
    section: String,
    row: String,
    label: String,
}

fn name(node: &Node, groups: &[&Node]) -> Called {
    let mut called = Called { section: String::new(), row: String::new(), label: String::new() };
    let mut parts = node.id.as_deref().map(parts_of).unwrap_or_default();
    let said = node.says.seat.clone().filter(|said| !matches!(said.trim(), "" | "true" | "yes"));
    called.label = said.or_else(|| parts.pop()).or_else(|| node.says.label.clone()).unwrap_or_default();
    called.row = node.says.row.clone().unwrap_or_default();
    called.section = node.says.section.clone().unwrap_or_default();
    for group in groups.iter().rev() {
        if called.row.is_empty() {
            called.row = marked(group, group.says.row.as_deref(), &["row", "reihe"]).unwrap_or_default();
        }
        if called.section.is_empty() {
            let marks = ["section", "block", "sector", "zone"];
            called.section = marked(group, group.says.section.as_deref(), &marks).unwrap_or_default();
        }
    }
    if called.row.is_empty() {
        called.row = parts.pop().unwrap_or_default();
    }
    if called.section.is_empty() {
        called.section = parts.join(" ");
    }
    if called.section.is_empty() {
        let is_row = |group: &Node| marked(group, group.says.row.as_deref(), &["row", "reihe"]).is_some();
        let nearest = groups.iter().rev().filter(|group| !is_row(group)).find_map(|group| label_of(group));
        called.section = nearest.unwrap_or_default();
    }
    called
}

/// The name of a group that is marked as a row or section.
fn marked(group: &Node, said: Option<&str>, marks: &[&str]) -> Option<String> {
    if let Some(said) = said {
        return Some(said.to_owned());
    }
    let by_class = group.classes.iter().any(|class| marks.contains(&class.to_ascii_lowercase().as_str()));
    let label = label_of(group)?;
    let by_name = marks.iter().find_map(|mark| starts_with(&label, mark));
    match by_name {
        Some("") => by_class.then_some(label),
        Some(rest) => Some(rest.to_owned()),
        None => by_class.then_some(label),
    }
}

/// What a group is called by its author, or by its id.
fn label_of(group: &Node) -> Option<String> {
    let label = group.says.label.clone().or_else(|| group.id.as_deref().map(decoded))?;
    Some(label.trim().to_owned()).filter(|label| !label.is_empty())
}

/// What stands behind a word that a name begins with, without the characters between.
fn starts_with<'n>(name: &'n str, word: &str) -> Option<&'n str> {
    let start = name.get(..word.len())?;
    start.eq_ignore_ascii_case(word).then(|| name[word.len()..].trim_start_matches(SEPARATORS))
}

const SEPARATORS: [char; 6] = ['-', '_', ' ', '.', ':', '/'];

/// The parts of an id such as `seat-balcony-C-12`, without the word seat: balcony, C, 12.
fn parts_of(id: &str) -> Vec<String> {
    let id = decoded(id);
    let named = starts_with(&id, "seat").unwrap_or(&id);
    named.split(SEPARATORS).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// An id as its author wrote it: Illustrator writes characters that ids may not have as `_x20_`.
fn decoded(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    let mut rest = id;
    while let Some(at) = rest.find("_x") {
        let code = rest[at + 2..].split_once('_').filter(|(hex, _)| (2..=5).contains(&hex.len()));
        let c = code.and_then(|(hex, _)| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match (c, code) {
            (Some(c), Some((_, behind))) => {
                name.push_str(&rest[..at]);
                name.push(c);
                rest = behind;
            }
            _ => {
                name.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    name + rest
}
