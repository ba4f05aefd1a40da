//! An untrusted SVG file as a tree of what may stay of it.
//!
//! The parser knows no entities but XML's own five, reads no DTD and loads nothing. What can act (scripts, handlers,
//! foreign content, animations, addresses elsewhere) is refused by name; what is merely not known is left out and counted.

use std::collections::{BTreeMap, HashMap};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use shared::problem::Problem;

use super::refuse::{check_uses, danger, is_refused, malformed, unsafe_svg};
use super::style::{self, Sheet};

/// Most elements of a file.
pub const ELEMENTS_MAX: usize = 250_000;
/// Deepest nesting.
const DEPTH_MAX: usize = 64;
/// Most attributes of an element.
const ATTRIBUTES_MAX: usize = 64;

/// Elements that may stay.
const KEPT: [&str; 17] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
];

/// Attributes that may stay besides the presentation attributes of [`style`].
const GEOMETRY: [&str; 31] = [
    "x",
    "y",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x1",
    "y1",
    "x2",
    "y2",
    "fx",
    "fy",
    "dx",
    "dy",
    "width",
    "height",
    "d",
    "points",
    "transform",
    "viewBox",
    "preserveAspectRatio",
    "offset",
    "gradientUnits",
    "gradientTransform",
    "spreadMethod",
    "pathLength",
    "textLength",
    "lengthAdjust",
    "rotate",
    "href",
];

/// What a seat or a group says about itself in attributes that are read and not kept.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Says {
    /// `data-seat`.
    pub seat: Option<String>,
    /// `data-row`.
    pub row: Option<String>,
    /// `data-section`.
    pub section: Option<String>,
    /// `data-category`.
    pub category: Option<String>,
    /// `data-label`, `aria-label` or Inkscape's label.
    pub label: Option<String>,
}

/// An element that may stay.
#[derive(Debug)]
pub struct Node {
    /// One of [`KEPT`].
    pub name: &'static str,
    /// Where it stands in the file, from 1.
    pub line: u32,
    /// What it is in; the root is in nothing.
    pub parent: Option<usize>,
    /// What is in it, in order.
    pub children: Vec<Child>,
    /// Its id.
    pub id: Option<String>,
    /// Its classes.
    pub classes: Vec<String>,
    /// What it says about itself.
    pub says: Says,
    /// Geometry and presentation, styles resolved.
    pub attributes: Vec<(&'static str, String)>,
}

/// A part of an element.
#[derive(Debug)]
pub enum Child {
    /// An element, by its index.
    Node(usize),
    /// Text between elements.
    Text(String),
}

/// A file that was read.
#[derive(Debug, Default)]
pub struct Tree {
    /// Every element that may stay; the first is the root.
    pub nodes: Vec<Node>,
    /// Elements by their ids; the first of several with one id.
    pub ids: HashMap<String, usize>,
    /// Elements that were left out, by name, and how many.
    pub left_out: BTreeMap<String, u32>,
}

impl Node {
    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// The value of an attribute that is a length, without its unit.
    pub fn number(&self, name: &str) -> Option<f64> {
        let text = self.attribute(name)?.trim();
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() && c != 'e');
        digits.parse().ok().filter(|n: &f64| n.is_finite())
    }

    /// The element that a `use` or a gradient refers to, without the `#`.
    pub fn target(&self) -> Option<&str> {
        self.attribute("href")?.strip_prefix('#')
    }
}

/// Reads a file: 422 `unsafe-svg` for what is refused, 422 `malformed-svg` for what is no SVG.
pub fn read(text: &str) -> Result<Tree, Problem> {
    let mut reading = Reading::new(text);
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    loop {
        reading.advance(reader.buffer_position() as usize);
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => reading.take(event)?,
            Err(error) => return Err(malformed(reading.line, &error.to_string())),
        }
    }
    reading.finish()
}

/// A file half read.
struct Reading<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    elements: usize,
    tree: Tree,
    open: Vec<usize>,
    /// How deep inside an element that is left out; 0 outside.
    skipped: usize,
    /// Text of the `style` element that is open.
    sheet: Option<String>,
    sheets: Sheet,
}

impl<'t> Reading<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            elements: 0,
            tree: Tree::default(),
            open: Vec::new(),
            skipped: 0,
            sheet: None,
            sheets: Sheet::default(),
        }
    }

    fn advance(&mut self, to: usize) {
        let passed = &self.text.as_bytes()[self.at..to.clamp(self.at, self.text.len())];
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.at += passed.len();
    }

    fn take(&mut self, event: Event<'_>) -> Result<(), Problem> {
        match event {
            Event::Start(start) => self.start(&start),
            Event::End(_) => self.end(),
            Event::Text(text) => self.add_text(&text),
            Event::CData(text) => self.keep_text((*text).to_owned()),
            Event::GeneralRef(name) => self.add_text(&format!("&{};", &*name)),
            Event::DocType(words) => {
                if words.contains('[') || words.to_ascii_uppercase().contains("ENTITY") {
                    return Err(unsafe_svg(
                        "!DOCTYPE",
                        self.line,
                        "declares entities or elements of its own",
                    ));
                }
                Ok(())
            }
            Event::PI(words) if words.starts_with("xml-stylesheet") => {
                Err(unsafe_svg("?xml-stylesheet", self.line, "loads a style sheet from elsewhere"))
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Problem> {
        let raw_name = start.name().as_ref().to_owned();
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            let why =
                format!("comes after {ELEMENTS_MAX} other elements, which is the most a drawing may have");
            return Err(unsafe_svg(&raw_name, self.line, &why));
        }
        if self.open.len() + self.skipped >= DEPTH_MAX {
            let why = format!("is nested deeper than {DEPTH_MAX} elements");
            return Err(unsafe_svg(&raw_name, self.line, &why));
        }
        let name = local_name(&raw_name);
        if is_refused(&raw_name) {
            return Err(unsafe_svg(&raw_name, self.line, "is not allowed in a drawing"));
        }
        let attributes = self.attributes(start, &raw_name)?;
        let kept = name.and_then(|name| KEPT.into_iter().find(|known| *known == name));
        let is_root = self.tree.nodes.is_empty();
        match kept {
            Some("svg") if !is_root => self.leave_out("svg"),
            Some(name) if self.skipped == 0 && (name == "svg") == is_root => self.open(name, attributes)?,
            _ if is_root => return Err(malformed(self.line, "the outermost element is not <svg>")),
            _ => self.leave_out(&raw_name),
        }
        if name == Some("style") && self.skipped == 1 {
            self.sheet = Some(String::new());
        }
        Ok(())
    }

    fn leave_out(&mut self, name: &str) {
        if self.skipped == 0 && name != "style" {
            let name: String = name.chars().take(40).collect();
            if self.tree.left_out.len() < 100 || self.tree.left_out.contains_key(&name) {
                *self.tree.left_out.entry(name).or_default() += 1;
            }
        }
        self.skipped += 1;
    }

    fn open(&mut self, name: &'static str, read: Vec<(String, String)>) -> Result<(), Problem> {
        let parent = self.open.last().copied();
        if parent.is_none() && !self.tree.nodes.is_empty() {
            return Err(malformed(self.line, "there is something behind </svg>"));
        }
        let mut node = Node {
            name,
            line: self.line,
            parent,
            children: Vec::new(),
            id: None,
            classes: Vec::new(),
            says: Says::default(),
            attributes: Vec::new(),
        };
        read.into_iter().for_each(|(key, value)| node.set(&key, value));
        let index = self.tree.nodes.len();
        self.tree.nodes.push(node);
        if let Some(parent) = parent {
            self.tree.nodes[parent].children.push(Child::Node(index));
        }
        self.open.push(index);
        Ok(())
    }

    /// The attributes as written, those that could act refused.
    fn attributes(&self, start: &BytesStart<'_>, element: &str) -> Result<Vec<(String, String)>, Problem> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| malformed(self.line, &error.to_string()))?;
            let key = attribute.key.as_ref().to_owned();
            let value = unescape(&attribute.value).map_err(|_| {
                unsafe_svg(element, self.line, &format!("has an entity in “{key}” that XML does not know"))
            })?;
            if let Some(why) = danger(&key, &value) {
                return Err(unsafe_svg(element, self.line, &format!("{why} (“{key}”)")));
            }
            attributes.push((key, value.into_owned()));
            if attributes.len() > ATTRIBUTES_MAX {
                return Err(unsafe_svg(element, self.line, "has too many attributes"));
            }
        }
        Ok(attributes)
    }

    fn end(&mut self) -> Result<(), Problem> {
        if self.skipped > 0 {
            self.skipped -= 1;
            if let Some(css) = self.sheet.take_if(|_| self.skipped == 0) {
                if let Some(why) = style::danger(&css) {
                    return Err(unsafe_svg("style", self.line, why));
                }
                self.sheets.add(&css);
            }
        } else {
            self.open.pop();
        }
        Ok(())
    }

    fn add_text(&mut self, text: &str) -> Result<(), Problem> {
        let Ok(text) = unescape(text) else {
            return Err(unsafe_svg(text.trim(), self.line, "is an entity that XML does not know"));
        };
        self.keep_text(text.into_owned())
    }

    fn keep_text(&mut self, text: String) -> Result<(), Problem> {
        if let Some(sheet) = &mut self.sheet {
            sheet.push_str(&text);
            return Ok(());
        }
        match self.open.last() {
            Some(open) if self.skipped == 0 => {
                let node = &mut self.tree.nodes[*open];
                if matches!(node.name, "text" | "tspan") {
                    node.children.push(Child::Text(text));
                }
                Ok(())
            }
            Some(_) => Ok(()),
            None if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() => Ok(()),
            None => Err(malformed(self.line, "there is text outside of <svg>")),
        }
    }

    fn finish(mut self) -> Result<Tree, Problem> {
        if self.tree.nodes.is_empty() || !self.open.is_empty() || self.skipped > 0 {
            return Err(malformed(self.line, "the file breaks off"));
        }
        for (index, node) in self.tree.nodes.iter_mut().enumerate() {
            self.sheets.apply(node);
            if let Some(id) = &node.id {
                self.tree.ids.entry(id.clone()).or_insert(index);
            }
        }
        check_uses(&self.tree)?;
        Ok(self.tree)
    }
}

impl Node {
    /// Takes an attribute in, in the place where it belongs.
    fn set(&mut self, key: &str, value: String) {
        match key {
            "id" => self.id = Some(value),
            "class" => self.classes = value.split_whitespace().map(str::to_owned).collect(),
            "data-seat" => self.says.seat = Some(value),
            "data-row" => self.says.row = Some(value),
            "data-section" => self.says.section = Some(value),
            "data-category" => self.says.category = Some(value),
            "data-label" | "aria-label" | "inkscape:label" => self.says.label = Some(value),
            // Its properties outrank the style sheet's, see `Sheet::apply`.
            "style" => self.attributes.push(("style", value)),
            _ => {
                let key = key.strip_prefix("xlink:").unwrap_or(key);
                let known = GEOMETRY.into_iter().chain(style::PROPERTIES).find(|known| *known == key);
                if let Some(known) = known.filter(|known| style::is_harmless(known, &value)) {
                    self.attributes.push((known, value));
                }
            }
        }
    }
}

/// The name without SVG's usual prefix; `None` for elements of other vocabularies.
fn local_name(name: &str) -> Option<&str> {
    match name.split_once(':') {
        None => Some(name),
        Some(("svg", local)) => Some(local),
        Some(_) => None,
    }
}
