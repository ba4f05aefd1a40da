//! The part of CSS that drawing programs write: properties by class, id and element name, resolved into attributes.

use std::collections::HashMap;

use super::tree::Node;

/// Rules that are kept of all style sheets of a file.
const RULES_MAX: usize = 5_000;
/// Longest value of a property.
const VALUE_MAX: usize = 200;

/// Presentation attributes that may stay.
pub const PROPERTIES: [&str; 27] = [
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-miterlimit",
    "clip-rule",
    "opacity",
    "color",
    "display",
    "visibility",
    "font-size",
    "font-family",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "letter-spacing",
    "stop-color",
    "stop-opacity",
    "vector-effect",
    "paint-order",
];

/// A property and its value.
type Property = (&'static str, String);

/// The rules of a file's style sheets.
#[derive(Debug, Default)]
pub struct Sheet {
    /// By `.class`, `#id` or element name; later rules behind earlier ones.
    rules: HashMap<String, Vec<Property>>,
    count: usize,
}

impl Sheet {
    /// Takes in a style sheet. Selectors of several parts, and rules for certain screens, are passed over.
    pub fn add(&mut self, css: &str) {
        let css = without_comments(css);
        let mut rest = css.as_str();
        while let Some(open) = rest.find('{') {
            let (selectors, behind) = (&rest[..open], &rest[open + 1..]);
            let end = if selectors.contains('@') { matching_brace(behind) } else { behind.find('}') };
            let Some(end) = end else { return };
            if !selectors.contains('@') {
                self.add_rule(selectors, &behind[..end]);
            }
            rest = &behind[end + 1..];
        }
    }

    fn add_rule(&mut self, selectors: &str, body: &str) {
        let properties = properties(body);
        for selector in selectors.split(',').map(str::trim) {
            let is_simple = selector.starts_with(|c: char| c.is_alphanumeric() || ".#".contains(c))
                && selector.chars().skip(1).all(|c| c.is_alphanumeric() || "-_".contains(c));
            if is_simple && self.count < RULES_MAX {
                self.count += 1;
                self.rules.entry(selector.to_owned()).or_default().extend(properties.iter().cloned());
            }
        }
    }

    /// Writes what applies to an element into its attributes: its own `style` outranks `#id`, that `.class`, that the
    /// element's name, that the attributes.
    pub fn apply(&self, node: &mut Node) {
        let own = node.attributes.extract_if(.., |(name, _)| *name == "style").last();
        let names = std::iter::once(node.name.to_owned())
            .chain(node.classes.iter().map(|class| format!(".{class}")))
            .chain(node.id.iter().map(|id| format!("#{id}")));
        let ruled: Vec<Property> =
            names.filter_map(|name| self.rules.get(&name)).flatten().cloned().collect();
        for (name, value) in ruled.into_iter().chain(own.iter().flat_map(|(_, style)| properties(style))) {
            match node.attributes.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => node.attributes.push((name, value)),
            }
        }
    }
}

/// The known properties of `a: b; c: d`.
fn properties(body: &str) -> Vec<Property> {
    let pairs = body.split(';').filter_map(|pair| pair.split_once(':'));
    pairs
        .filter_map(|(name, value)| {
            let name = name.trim().to_ascii_lowercase();
            let value = value.trim().trim_end_matches("!important").trim_end();
            let known = PROPERTIES.into_iter().find(|known| *known == name)?;
            is_harmless(known, value).then(|| (known, value.to_owned()))
        })
        .collect()
}

/// Whether a value may be written again. Lists of coordinates may be long, properties not.
pub fn is_harmless(name: &str, value: &str) -> bool {
    let is_property = PROPERTIES.contains(&name);
    (!is_property || value.len() <= VALUE_MAX)
        && value.chars().all(|c| !c.is_control() || c.is_ascii_whitespace())
        && (!is_property || value.chars().all(|c| c.is_alphanumeric() || " #.,%()+-_'\"/".contains(c)))
}

/// Why a style is refused: it loads something from elsewhere.
pub fn danger(css: &str) -> Option<&'static str> {
    let lower = css.to_ascii_lowercase();
    if lower.contains("@import") {
        return Some("loads a style sheet from elsewhere");
    }
    if lower.contains("expression(") || lower.contains("-moz-binding") || lower.contains("behavior:") {
        return Some("has a style that runs code");
    }
    let elsewhere = lower.match_indices("url(").any(|(at, _)| {
        let target = lower[at + 4..].trim_start_matches(|c: char| c.is_whitespace() || "\"'".contains(c));
        !target.starts_with('#') && !target.starts_with("data:font/")
    });
    elsewhere.then_some("refers to something outside of the drawing")
}

/// Where the block that is open ends; blocks may stand in it.
fn matching_brace(css: &str) -> Option<usize> {
    let mut depth = 1;
    css.bytes().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}

fn without_comments(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    kept + rest
}

/// A colour in one spelling: `#rrggbb` where it is written in numbers, else as written, in small letters. `None` for
/// `none` and for gradients.
pub fn colour(value: &str) -> Option<String> {
    let value = value.trim().to_ascii_lowercase();
    if value.is_empty() || value == "none" || value == "inherit" || value.starts_with("url(") {
        return None;
    }
    if let Some(digits) = value.strip_prefix('#') {
        let is_short = digits.len() == 3 && digits.is_ascii();
        return Some(if is_short {
            digits.chars().fold("#".to_owned(), |hex, c| hex + &format!("{c}{c}"))
        } else {
            value
        });
    }
    if let Some(numbers) = value.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
        let parts: Vec<u8> = numbers
            .split([',', ' '])
            .filter(|part| !part.is_empty())
            .filter_map(|part| match part.strip_suffix('%') {
                Some(percent) => {
                    percent.parse::<f64>().ok().map(|p| (p.clamp(0.0, 100.0) * 2.55).round() as u8)
                }
                None => part.parse().ok(),
            })
            .collect();
        if let [r, g, b] = parts[..] {
            return Some(format!("#{r:02x}{g:02x}{b:02x}"));
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_has_one_spelling() {
        for spelling in ["#F00", "#ff0000", "rgb(255, 0,0)", " rgb(100%,0%,0%) "] {
            assert_eq!(colour(spelling).as_deref(), Some("#ff0000"), "{spelling}");
        }
        assert_eq!(colour("Tomato").as_deref(), Some("tomato"));
        assert_eq!((colour("none"), colour("url(#a)")), (None, None));
    }

    #[test]
    fn styles_that_load_something_are_refused() {
        for css in
            ["@import 'x.css'", "fill: url( 'http://e.example/a')", "fill:url(//e)", "width: expression(1)"]
        {
            assert!(danger(css).is_some(), "{css}");
        }
        assert!(danger("fill:url(#a);stroke:red").is_none());
    }
}
