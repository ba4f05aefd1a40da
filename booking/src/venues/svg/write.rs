//! The drawing written anew: only what was read as harmless, with the escapes of XML.

use std::collections::HashSet;
use std::fmt::Write;

use super::shape::Bounds;
use super::tree::{Child, Node, Tree};

/// Writes the drawing without the elements of `without`; `view` is what it shows. `None` when nothing would be drawn.
pub fn write(tree: &Tree, without: &HashSet<usize>, view: Bounds) -> Option<String> {
    let writer = Writer { tree, without, named: named(tree, without) };
    let mut body = String::new();
    writer.children(&mut body, &tree.nodes[0]);
    if !writer.draws(0) {
        return None;
    }
    let Bounds { left, top, right, bottom } = view;
    let (width, height) = (right - left, bottom - top);
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{left} {top} {width} {height}\" width=\"{width}\" \
         height=\"{height}\">{body}</svg>"
    ))
}

struct Writer<'t> {
    tree: &'t Tree,
    without: &'t HashSet<usize>,
    /// Ids that something refers to; others are not written.
    named: HashSet<&'t str>,
}

impl Writer<'_> {
    /// Whether anything of an element is left to be seen.
    fn draws(&self, index: usize) -> bool {
        let node = &self.tree.nodes[index];
        if self.without.contains(&index) {
            return false;
        }
        match node.name {
            "svg" | "g" => {
                node.children.iter().any(|child| matches!(child, Child::Node(part) if self.draws(*part)))
            }
            "defs" | "symbol" | "linearGradient" | "radialGradient" | "stop" => false,
            _ => true,
        }
    }

    /// Whether something refers to an element or to a part of it.
    fn is_used(&self, index: usize) -> bool {
        let node = &self.tree.nodes[index];
        node.id.as_deref().is_some_and(|id| self.named.contains(id))
            || node.children.iter().any(|child| matches!(child, Child::Node(part) if self.is_used(*part)))
    }

    fn children(&self, out: &mut String, node: &Node) {
        for child in &node.children {
            match child {
                Child::Node(part) => self.element(out, *part),
                Child::Text(text) => escape(out, text),
            }
        }
    }

    fn element(&self, out: &mut String, index: usize) {
        let node = &self.tree.nodes[index];
        let is_named = node.id.as_deref().is_some_and(|id| self.named.contains(id));
        let is_empty_group = node.name == "g" && !is_named && !self.draws(index);
        let is_useless = node.name == "defs" && !self.is_used(index);
        if self.without.contains(&index) && !is_named || is_empty_group || is_useless {
            return;
        }
        let _ = write!(out, "<{}", node.name);
        if let Some(id) = node.id.as_deref().filter(|_| is_named) {
            attribute(out, "id", id);
        }
        for (name, value) in &node.attributes {
            if *name != "href" || value.starts_with('#') {
                attribute(out, name, value);
            }
        }
        if node.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        self.children(out, node);
        let _ = write!(out, "</{}>", node.name);
    }
}

fn attribute(out: &mut String, name: &str, value: &str) {
    let _ = write!(out, " {name}=\"");
    escape(out, value);
    out.push('"');
}

/// Writes text so that XML reads it as the same text. Characters that XML has no place for are dropped.
fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && !c.is_ascii_whitespace() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
}

/// Ids that a `use`, a gradient or a paint refers to, as far as these stay.
fn named<'t>(tree: &'t Tree, without: &HashSet<usize>) -> HashSet<&'t str> {
    let stay = || tree.nodes.iter().enumerate().filter(|(i, _)| !without.contains(i)).map(|(_, node)| node);
    let by_href = stay().filter_map(Node::target);
    let values = stay().flat_map(|node| &node.attributes);
    let by_url = values.filter_map(|(_, value)| {
        let (_, rest) = value.split_once("url(")?;
        let id = rest.trim_start_matches([' ', '"', '\'']).strip_prefix('#')?;
        id.split([')', '"', '\'', ' ']).next()
    });
    by_href.chain(by_url).collect()
}
