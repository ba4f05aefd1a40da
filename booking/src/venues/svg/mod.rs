//! Seating plans from drawings: an SVG file is read without trust, its seats become a plan, the rest is written anew as
//! the background of the map.

mod mapping;
pub mod refuse;
mod seats;
pub mod shape;
mod style;
pub mod tree;
mod write;

use std::collections::HashSet;

use shared::problem::Problem;

pub use mapping::Mapping;
pub use style::colour;

use self::shape::Bounds;
use self::tree::{Node, Tree};
use crate::venues::imports::Imported;
use crate::venues::imports::assemble::{Around, assemble};
use crate::venues::imports::report::LeftOut;

/// Reads a drawing: its plan, its background and what was found. 422 `unsafe-svg`, `malformed-svg`, `out-of-range`.
pub fn read(svg: &str, mapping: &Mapping) -> Result<Imported, Problem> {
    let categories = mapping.check()?;
    let tree = tree::read(svg.trim_start_matches('\u{feff}'))?;
    let search = seats::search(&tree, mapping, categories);
    let frame = view_box(&tree.nodes[0]);
    let outside = frame.map_or(0, |frame| search.seats.iter().filter(|seat| !frame.holds(seat.at)).count());
    let around = Around { frame, stage: search.stage, categories: search.categories };
    let assembled = assemble(search.seats, around)?;
    let drawing = write::write(&tree, &search.taken, assembled.view);
    let mut report = assembled.report;
    report.found = search.found;
    report.has_background = drawing.is_some();
    report.left_out = left_out(&tree);
    if outside > 0 {
        report.warnings.push(format!("{outside} seats lie outside of what the drawing shows."));
    }
    if report.seats == 0 {
        report.warnings.push(
            "No shape is a seat by this mapping. Say by id, class or colour which ones are.".to_owned(),
        );
    }
    Ok(Imported { plan: assembled.plan, drawing, report })
}

/// A drawing without seats, sanitised; `None` when it shows nothing.
pub fn sanitised(svg: &str, view: Bounds) -> Result<Option<String>, Problem> {
    Ok(write::write(&tree::read(svg)?, &HashSet::new(), view))
}

/// What the file shows: its view box, else its size.
fn view_box(root: &Node) -> Option<Bounds> {
    let positive = |left: f64, top: f64, width: f64, height: f64| {
        let bounds = Bounds { left, top, right: left + width, bottom: top + height };
        (width > 0.0 && height > 0.0 && bounds.corners().iter().all(|(x, y)| x.is_finite() && y.is_finite()))
            .then_some(bounds)
    };
    if let Some([left, top, width, height]) = root.attribute("viewBox").map(shape::numbers).as_deref() {
        return positive(*left, *top, *width, *height);
    }
    positive(0.0, 0.0, root.number("width")?, root.number("height")?)
}

fn left_out(tree: &Tree) -> Vec<LeftOut> {
    tree.left_out.iter().map(|(element, count)| LeftOut { element: element.clone(), count: *count }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venues::imports::report::ImportReport;

    const ARENA: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 60">
  <metadata>who drew it</metadata>
  <style>.st0{fill:#FFD700;} .st1{fill:rgb(0,0,255)}</style>
  <defs><g id="chair"><path d="M0 0h2v2h-2z"/></g></defs>
  <rect id="ground" width="100" height="60" fill="#eee"/>
  <rect id="stage" x="30" y="0" width="40" height="6"/>
  <g id="Block_x20_A" class="block" transform="translate(10 10)">
    <g id="row-1"><circle class="seat st0" cx="0" cy="0" r="2"/><circle class="seat st0" cx="5" cy="0" r="2"/></g>
    <g id="row-2"><circle class="seat st1" cx="5" cy="5" r="2"/><circle class="seat st1" cx="0" cy="5" r="2"/></g>
  </g>
  <use id="seat-Box-C-7" xlink:href="#chair" x="60" y="20"/>
  <g data-seat="8" data-row="C" data-section="Box"><path d="M64 20h2v2h-2z"/><text x="64" y="21">8</text></g>
</svg>"##;

    fn mapped(mapping: serde_json::Value) -> Imported {
        read(ARENA, &serde_json::from_value(mapping).unwrap()).unwrap()
    }

    fn places(imported: &Imported) -> Vec<String> {
        let sections = imported.plan.sections.iter();
        let rows = sections.flat_map(|section| section.rows.iter().map(move |row| (section, row)));
        rows.flat_map(|(section, row)| {
            row.seats.iter().map(move |seat| {
                format!("{}/{}/{} {} {}", section.name, row.label, seat.label, seat.x, seat.y)
            })
        })
        .collect()
    }

    #[test]
    fn seats_are_found_by_class_id_and_attribute_with_their_rows_and_sections() {
        let arena = mapped(serde_json::json!({}));
        // Neighbours are 5 apart in the file and 20 in the plan.
        assert_eq!(
            places(&arena),
            ["A/1/1 40 40", "A/1/2 60 40", "A/2/1 60 60", "A/2/2 40 60", "Box/C/7 244 84", "Box/C/8 260 84",]
        );
        assert_eq!((arena.plan.width, arena.plan.height), (400, 240));
        assert_eq!((arena.plan.stage.x, arena.plan.stage.w), (120, 160));
    }

    #[test]
    fn the_background_has_what_is_no_seat_and_nothing_that_was_left_out() {
        let arena = mapped(serde_json::json!({}));
        let drawing = arena.drawing.unwrap();
        assert!(drawing.contains("<rect width=\"100\" height=\"60\" fill=\"#eee\"/>"), "{drawing}");
        for gone in ["circle", "metadata", "style", "class", "data-", "stage", "<g", "defs", "DOCTYPE"] {
            assert!(!drawing.contains(gone), "{gone}: {drawing}");
        }
        // What was written is read again as the same.
        let again = write::write(
            &tree::read(&drawing).unwrap(),
            &Default::default(),
            Bounds { left: 0.0, top: 0.0, right: 100.0, bottom: 60.0 },
        );
        assert_eq!(again.unwrap(), drawing);
        let names: Vec<_> = arena.report.left_out.iter().map(|one| one.element.as_str()).collect();
        assert_eq!(names, ["metadata"]);
    }

    #[test]
    fn categories_are_given_by_class_id_colour_and_section_and_the_rest_is_listed() {
        let counts =
            |report: &ImportReport| report.categories.iter().map(|one| one.seats).collect::<Vec<_>>();
        let by = mapped(serde_json::json!({ "categories": [
            { "name": "Gold", "colours": ["gold", "#FFD700"] }, { "name": "Blue", "classes": ["st1"] },
            { "name": "Box", "ids": ["seat-Box-*"] },
        ] }));
        assert_eq!((counts(&by.report), by.report.unmatched_total), (vec![2, 2, 1], 1));
        assert_eq!(by.report.unmatched[0].key, "Box/C/8");
        assert_eq!(by.plan.sections[0].rows[1].seats[0].category, Some(1));
        let section =
            mapped(serde_json::json!({ "categories": [{ "name": "All", "sections": ["A", "Box"] }] }));
        assert_eq!(counts(&section.report), [6]);
        let found = &by.report.found;
        let listed = |names: &[crate::venues::imports::report::FoundName], name: &str| {
            names.iter().find(|one| one.value == name).map(|one| (one.elements, one.seats))
        };
        assert_eq!(listed(&found.classes, "st0"), Some((2, 2)));
        assert_eq!(listed(&found.colours, "#0000ff"), Some((2, 2)));
        assert_eq!(listed(&found.ids, "row-1"), Some((1, 2)));
        assert_eq!(listed(&found.ids, "seat-Box-C-*"), Some((1, 1)));
    }

    #[test]
    fn another_mapping_makes_other_shapes_seats() {
        let none = mapped(serde_json::json!({ "seats": { "classes": ["nothing"] } }));
        // An attribute that says so is always believed.
        assert_eq!(none.report.seats, 1);
        let gold = mapped(serde_json::json!({ "seats": { "colours": ["#ffd700"], "ids": ["gr*"] } }));
        assert_eq!(gold.report.seats, 1 + 2 + 1);
    }

    #[test]
    fn seats_that_stand_twice_are_named_with_their_lines() {
        let twice = "<svg viewBox='0 0 9 9'>\n<circle id='seat-A-1' r='1'/>\n<circle id='seat-A-1' cx='3' r='1'/></svg>";
        let report = read(twice, &Mapping::default()).unwrap().report;
        assert_eq!((report.duplicates.len(), &report.duplicates[0].lines[..]), (1, &[2, 3][..]));
    }

    #[test]
    fn what_can_act_is_refused_by_its_name() {
        let laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><svg>&b;</svg>".to_owned();
        let many = format!("<svg>{}</svg>", "<path/>".repeat(1_000_000));
        let deep = format!("<svg>{}{}</svg>", "<g>".repeat(100_000), "</g>".repeat(100_000));
        let copies = (0..40)
            .map(|i| format!("<g id='g{}'><use href='#g{i}'/><use href='#g{i}'/></g>", i + 1))
            .collect::<String>();
        let copies = format!("<svg><g id='g0'><path/></g>{copies}</svg>");
        for (svg, element) in [
            ("<svg><script>alert(1)</script></svg>", "script"),
            ("<svg><metadata><SCRIPT/></metadata></svg>", "SCRIPT"),
            ("<svg><g><rect onclick='x()'/></g></svg>", "rect"),
            ("<svg ONLOAD='x()'/>", "svg"),
            ("<svg><foreignObject><p>hi</p></foreignObject></svg>", "foreignObject"),
            ("<svg><use href='http://e.example/a.svg#b'/></svg>", "use"),
            ("<svg><image xlink:href='//e.example/a.png'/></svg>", "image"),
            ("<svg><a href=' java\nscript:alert(1)'><path/></a></svg>", "a"),
            ("<svg><rect fill='url(http://e.example/p)'/></svg>", "rect"),
            ("<svg><rect style='fill:url(//e.example/p)'/></svg>", "rect"),
            ("<svg><style>@import url(http://e.example/a.css);</style></svg>", "style"),
            ("<?xml-stylesheet href='a.css'?><svg/>", "?xml-stylesheet"),
            ("<svg><text>&bomb;</text></svg>", "&bomb;"),
            ("<svg><animate attributeName='href' to='javascript:x()'/></svg>", "animate"),
            (&laughs, "!DOCTYPE"),
            (&many, "path"),
            (&deep, "g"),
            (&copies, "use"),
        ] {
            let refused = read(svg, &Mapping::default()).map(|_| ()).unwrap_err();
            let document = refused.document();
            assert_eq!((refused.slug(), &document["element"]), ("unsafe-svg", &element.into()), "{document}");
        }
    }

    #[test]
    fn what_is_no_svg_is_refused_with_the_line() {
        for (text, line) in [
            ("", 1),
            ("hello", 1),
            ("<html/>", 1),
            ("<svg>\n<g>\n</svg>", 3),
            ("<svg>\n<g/>", 2),
            ("<svg/><g/>", 1),
        ] {
            let refused = read(text, &Mapping::default()).map(|_| ()).unwrap_err();
            assert_eq!(
                (refused.slug(), &refused.document()["line"]),
                ("malformed-svg", &line.into()),
                "{text}"
            );
        }
    }
}
