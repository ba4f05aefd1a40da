//! From a section's few figures to every seat's place.

use std::f64::consts::TAU;

use super::rules::{
    Area, Around, At, Plan, Row, RowLabels, SEAT_PITCH, Seat, SeatNumbers, Section, SectionSpec, last_row,
};

/// Distance between rows.
const ROW_PITCH: i64 = 24;
/// Width an aisle adds.
const AISLE: i64 = 24;
/// Space around the plan, and between sections that are stacked.
const MARGIN: i64 = 60;

/// Makes the plan of sections that passed [`super::rules::check`].
pub fn plan(specs: &[SectionSpec]) -> Plan {
    let mut next_y = MARGIN;
    let mut sections: Vec<Section> = specs
        .iter()
        .map(|spec| {
            let section = section(spec, next_y);
            if spec.around.is_none() {
                next_y = next_y.max(section.area.y + section.area.h + MARGIN);
            }
            section
        })
        .collect();
    let mut stage = stage(specs, &sections);
    let areas = || sections.iter().map(|s| s.area).chain([stage]);
    let left = areas().map(|a| a.x).min().unwrap_or(0) - MARGIN;
    let top = areas().map(|a| a.y).min().unwrap_or(0) - MARGIN;
    let width = areas().map(|a| a.x + a.w).max().unwrap_or(0) + MARGIN - left;
    let height = areas().map(|a| a.y + a.h).max().unwrap_or(0) + MARGIN - top;
    stage.x -= left;
    stage.y -= top;
    for section in &mut sections {
        section.area.x -= left;
        section.area.y -= top;
        for seat in section.rows.iter_mut().flat_map(|r| &mut r.seats) {
            seat.x -= left;
            seat.y -= top;
        }
    }
    Plan { width, height, stage, sections, categories: Vec::new(), decorations: Vec::new(), background: None }
}

/// A round stage in the middle of curved sections, else a wide one above the straight ones.
fn stage(specs: &[SectionSpec], sections: &[Section]) -> Area {
    let inner = specs.iter().filter_map(|s| s.around).map(|a| a.radius).min();
    match inner {
        Some(radius) => Area { x: -radius / 3, y: -radius / 3, w: radius * 2 / 3, h: radius * 2 / 3 },
        None => {
            let widest = sections.iter().map(|s| s.area.w).max().unwrap_or(SEAT_PITCH);
            let top = sections.iter().map(|s| s.area.y).min().unwrap_or(0).min(0);
            Area { x: -widest / 3, y: top - 40, w: widest * 2 / 3, h: 40 }
        }
    }
}

fn section(spec: &SectionSpec, next_y: i64) -> Section {
    let width = row_width(spec, last_row(spec));
    let corner = spec.at.unwrap_or(At { x: -(width + SEAT_PITCH) / 2, y: next_y });
    let mut rows: Vec<Row> = (0..spec.rows).map(|r| row(spec, r, corner, width)).collect();
    let (mut x0, mut y0, mut x1, mut y1) = (i64::MAX, i64::MAX, i64::MIN, i64::MIN);
    for seat in rows.iter().flat_map(|r| &r.seats) {
        (x0, y0, x1, y1) = (x0.min(seat.x), y0.min(seat.y), x1.max(seat.x), y1.max(seat.y));
    }
    let half = SEAT_PITCH / 2;
    let area = Area { x: x0 - half, y: y0 - half, w: x1 - x0 + SEAT_PITCH, h: y1 - y0 + SEAT_PITCH };
    if spec.standing {
        rows.clear();
    }
    Section { name: spec.name.clone(), area, standing: spec.standing, rows }
}

fn row(spec: &SectionSpec, r: u32, corner: At, widest: i64) -> Row {
    let columns = spec.columns + spec.columns_step * r;
    let width = row_width(spec, columns);
    let seats = (0..columns)
        .map(|c| {
            let along = offset(spec, c);
            let (x, y) = match spec.around {
                None => (
                    corner.x + SEAT_PITCH / 2 + (widest - width) / 2 + along,
                    corner.y + SEAT_PITCH / 2 + ROW_PITCH * i64::from(r),
                ),
                Some(around) => on_arc(around, r, along - width / 2),
            };
            Seat { label: seat_label(spec.seat_numbers, c, columns), x, y, key: None, category: None }
        })
        .collect();
    Row { label: row_label(spec.row_labels, r), seats }
}

/// The point `along` units beside the middle of row `r`, measured on the arc.
fn on_arc(around: Around, r: u32, along: i64) -> (i64, i64) {
    let radius = (around.radius + ROW_PITCH * i64::from(r)) as f64;
    let angle = around.degrees / 360.0 * TAU + along as f64 / radius;
    ((radius * angle.sin()).round() as i64, (radius * angle.cos()).round() as i64)
}

/// Units from the first seat of a row to its seat `c`.
fn offset(spec: &SectionSpec, c: u32) -> i64 {
    let aisles = spec.aisles.iter().filter(|after| **after >= 1 && **after <= c).count() as i64;
    i64::from(c) * SEAT_PITCH + aisles * AISLE
}

fn row_width(spec: &SectionSpec, columns: u32) -> i64 {
    offset(spec, columns.saturating_sub(1))
}

fn row_label(labels: RowLabels, r: u32) -> String {
    match labels {
        RowLabels::Numbers => (r + 1).to_string(),
        RowLabels::Letters => {
            let mut n = r + 1;
            let mut label = String::new();
            while n > 0 {
                n -= 1;
                label.insert(0, (b'A' + (n % 26) as u8) as char);
                n /= 26;
            }
            label
        }
    }
}

fn seat_label(numbers: SeatNumbers, c: u32, columns: u32) -> String {
    let n = match numbers {
        SeatNumbers::LeftToRight => c + 1,
        SeatNumbers::RightToLeft => columns - c,
        SeatNumbers::OddEven => {
            let left = columns.div_ceil(2);
            if c < left { (left - 1 - c) * 2 + 1 } else { (c - left) * 2 + 2 }
        }
    };
    n.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venues::rules::check;

    fn spec(name: &str, rows: u32, columns: u32) -> SectionSpec {
        serde_json::from_value(serde_json::json!({ "name": name, "rows": rows, "columns": columns })).unwrap()
    }

    #[test]
    fn a_cinema_is_rows_times_columns_with_its_aisles() {
        let cinema = SectionSpec { aisles: vec![2], ..spec("Hall", 3, 4) };
        let plan = plan(&[cinema]);
        assert_eq!(plan.capacity(), 12);
        let row = &plan.sections[0].rows[1];
        assert_eq!(row.label, "B");
        let steps: Vec<i64> = row.seats.windows(2).map(|w| w[1].x - w[0].x).collect();
        assert_eq!(steps, [SEAT_PITCH, SEAT_PITCH + AISLE, SEAT_PITCH]);
        assert_eq!(row.seats[0].y - plan.sections[0].rows[0].seats[0].y, ROW_PITCH);
    }

    #[test]
    fn everything_lies_inside_the_plan_and_no_two_seats_touch() {
        let around = |degrees| Some(Around { radius: 300, degrees });
        let arena: Vec<SectionSpec> = (0..6)
            .map(|i| SectionSpec {
                columns_step: 1,
                around: around(f64::from(i) * 60.0),
                ..spec(&format!("Block {i}"), 8, 12)
            })
            .collect();
        check(&arena).unwrap();
        let plan = plan(&arena);
        assert_eq!(plan.capacity(), 6 * (12 + 19) * 8 / 2);
        let seats: Vec<&Seat> = plan.sections.iter().flat_map(|s| &s.rows).flat_map(|r| &r.seats).collect();
        for (i, a) in seats.iter().enumerate() {
            assert!((0..=plan.width).contains(&a.x) && (0..=plan.height).contains(&a.y));
            for b in &seats[i + 1..] {
                let apart = ((a.x - b.x).pow(2) + (a.y - b.y).pow(2)) as f64;
                assert!(apart.sqrt() > SEAT_PITCH as f64 * 0.9, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn labels_follow_their_scheme() {
        let row = |numbers, n| (0..n).map(|c| seat_label(numbers, c, n)).collect::<Vec<_>>().join(" ");
        assert_eq!(row(SeatNumbers::LeftToRight, 4), "1 2 3 4");
        assert_eq!(row(SeatNumbers::RightToLeft, 4), "4 3 2 1");
        assert_eq!(row(SeatNumbers::OddEven, 6), "5 3 1 2 4 6");
        assert_eq!(row(SeatNumbers::OddEven, 5), "5 3 1 2 4");
        assert_eq!(row_label(RowLabels::Letters, 0), "A");
        assert_eq!(row_label(RowLabels::Letters, 25), "Z");
        assert_eq!(row_label(RowLabels::Letters, 26), "AA");
        assert_eq!(row_label(RowLabels::Letters, 701), "ZZ");
        assert_eq!(row_label(RowLabels::Numbers, 9), "10");
    }

    #[test]
    fn standing_room_has_an_area_and_no_seats() {
        let plan = plan(&[spec("VIP", 5, 20), SectionSpec { standing: true, ..spec("Floor", 10, 30) }]);
        assert_eq!(plan.capacity(), 100);
        let floor = plan.section("Floor").unwrap();
        assert!(floor.rows.is_empty() && floor.area.w == 30 * SEAT_PITCH);
    }
}
