//! What a drawing may not have: elements and attributes that act or load something, and copies of copies.

use std::collections::BTreeMap;

use shared::problem::Problem;

use super::style;
use super::tree::{Child, ELEMENTS_MAX, Tree};

/// Elements that can act or bring foreign content in. Compared without regard to case.
const REFUSED: [&str; 15] = [
    "script",
    "foreignobject",
    "iframe",
    "object",
    "embed",
    "audio",
    "video",
    "canvas",
    "animate",
    "animatemotion",
    "animatetransform",
    "set",
    "handler",
    "listener",
    "link",
];

/// Whether an element is refused, by its name as written.
pub fn is_refused(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    REFUSED.contains(&local.as_str())
}

/// Why an attribute is refused.
pub fn danger(key: &str, value: &str) -> Option<&'static str> {
    let local = key.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    if local.starts_with("on") {
        return Some("has an event handler");
    }
    let squeezed: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    let squeezed = squeezed.to_ascii_lowercase();
    if matches!(local.as_str(), "href" | "src" | "base") && !squeezed.is_empty() && !squeezed.starts_with('#')
    {
        // A picture inside the file is harmless; it is left out with its element.
        return (!squeezed.starts_with("data:image/"))
            .then_some("refers to something outside of the drawing");
    }
    if squeezed.contains("javascript:") {
        return Some("has a script address");
    }
    style::danger(value)
}

/// A `use` may show anything but another `use`, and all of them together no more than a drawing may have: otherwise a
/// few lines would draw billions of shapes.
pub fn check_uses(tree: &Tree) -> Result<(), Problem> {
    let mut sizes: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    let mut shown = tree.nodes.len();
    for node in tree.nodes.iter().filter(|node| node.name == "use") {
        let Some(target) = node.target().and_then(|id| tree.ids.get(id)) else { continue };
        let size = *sizes.entry(*target).or_insert_with(|| size_without_uses(tree, *target));
        let Some(size) = size else {
            return Err(unsafe_svg("use", node.line, "shows something that holds another <use>"));
        };
        shown += size;
        if shown > ELEMENTS_MAX {
            let why = format!("makes the drawing show more than {ELEMENTS_MAX} elements");
            return Err(unsafe_svg("use", node.line, &why));
        }
    }
    Ok(())
}

/// Elements below and including this one; `None` when a `use` is among them.
fn size_without_uses(tree: &Tree, root: usize) -> Option<usize> {
    let mut size = 0;
    let mut open = vec![root];
    while let Some(index) = open.pop() {
        let node = &tree.nodes[index];
        if node.name == "use" {
            return None;
        }
        size += 1;
        open.extend(node.children.iter().filter_map(|child| match child {
            Child::Node(index) => Some(*index),
            Child::Text(_) => None,
        }));
    }
    Some(size)
}

/// 422 for what is refused, naming the element and its line.
pub fn unsafe_svg(element: &str, line: u32, why: &str) -> Problem {
    let element: String = element.chars().filter(|c| !c.is_control()).take(40).collect();
    let detail = format!(
        "Line {line}: <{element}> {why}. Take it out, or export the drawing as plain SVG with shapes and groups only."
    );
    Problem::invalid("/svg", "unsafe-svg", detail).with("element", element).with("line", line)
}

/// 422 for a file that is no SVG.
pub fn malformed(line: u32, why: &str) -> Problem {
    let why: String = why.chars().filter(|c| !c.is_control()).take(200).collect();
    Problem::invalid(
        "/svg",
        "malformed-svg",
        format!("Line {line}: {why}. Export the drawing as plain SVG in UTF-8."),
    )
    .with("line", line)
}
