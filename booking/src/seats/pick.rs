//! Which free seats are the best: side by side, leaving no single seat between parties, near the front centre.
//!
//! The choice is made from this node's map and may be overtaken; the claim decides. To keep a thousand shoppers from
//! running at the same two seats, each draws among the best few choices and takes several along as second thoughts.

use super::access::Access;
use super::map::SeatMap;
use super::plan::{Plan, Spot};

/// Choices considered as good as the best: the draw is among so many.
const DRAW: usize = 12;
/// Second thoughts taken along.
const GROUPS_MAX: usize = 4;
/// What leaving a single seat costs, in units of the plan: about ten rows.
const ORPHAN_COST: i64 = 500;
/// Neighbours in a row stand at most this many times the row's usual distance apart; more is an aisle.
const AISLE: f64 = 1.8;
/// How much further a companion's seat may be than another one to be chosen all the same, in units of the plan.
const COMPANION_BONUS: i64 = 200;

/// Up to [`GROUPS_MAX`] disjoint groups of `quantity` free seats of the ticket type at `kind`, best first; none when
/// there are not so many. `draw(n)` is a number below `n`.
pub fn groups(
    map: &SeatMap,
    kind: usize,
    quantity: usize,
    draw: impl FnMut(usize) -> usize,
) -> Vec<Vec<i64>> {
    let plan = map.plan();
    let free: Vec<usize> = (0..plan.seats.len())
        .filter(|i| usize::from(plan.seats[*i].kind) == kind && is_everybodys(map, *i))
        .collect();
    if free.len() < quantity {
        return Vec::new();
    }
    let mut choices = side_by_side(map, kind, quantity);
    if choices.is_empty() {
        choices = scattered(plan, &free, quantity);
    }
    choices.sort_unstable();
    let chosen = draw_disjoint(choices, draw);
    chosen.into_iter().map(|seats| seats.into_iter().map(|i| plan.seats[i].id).collect()).collect()
}

/// Groups for a party with somebody in a wheelchair: a free place for her, and the seats nearest to it for the others,
/// companions' first. As [`groups`] else.
pub fn with_wheelchair(
    map: &SeatMap,
    kind: usize,
    quantity: usize,
    draw: impl FnMut(usize) -> usize,
) -> Vec<Vec<i64>> {
    let plan = map.plan();
    let free = |i: &usize| usize::from(plan.seats[*i].kind) == kind && map.is_free(*i);
    let is_place = |i: &usize| plan.seats[*i].access == Some(Access::Wheelchair);
    let (mut places, others): (Vec<usize>, Vec<usize>) =
        (0..plan.seats.len()).filter(free).partition(is_place);
    if others.len() + 1 < quantity {
        return Vec::new();
    }
    places.sort_unstable_by_key(|i| distance(plan, *i));
    let choices = places.into_iter().take(DRAW).map(|place| {
        let far = |i: &usize| {
            let bonus = if plan.seats[*i].access == Some(Access::Companion) { COMPANION_BONUS } else { 0 };
            plan.seats[*i].distance(plan.seats[place]) as i64 - bonus
        };
        let mut near = others.clone();
        if quantity >= 2 && near.len() > quantity - 1 {
            near.select_nth_unstable_by_key(quantity - 2, far);
        }
        near.truncate(quantity - 1);
        (distance(plan, place), std::iter::once(place).chain(near).collect())
    });
    let chosen = draw_disjoint(choices.collect(), draw);
    chosen.into_iter().map(|seats| seats.into_iter().map(|i| plan.seats[i].id).collect()).collect()
}

/// Whether a seat is free and kept for nobody.
fn is_everybodys(map: &SeatMap, index: usize) -> bool {
    map.is_free(index) && map.plan().seats[index].access.is_none()
}

/// So many free seats of the ticket type at `kind` that it does not matter which: the next ones from a drawn seat on,
/// round the end. Shoppers who come at the same instant start apart, and each claims rows by their keys instead of
/// searching past what others have just taken. `None` when there are not so many.
pub fn anywhere(
    map: &SeatMap,
    kind: usize,
    quantity: usize,
    mut draw: impl FnMut(usize) -> usize,
) -> Option<Vec<i64>> {
    if map.free(kind) < quantity as i64 {
        return None;
    }
    let seats = &map.plan().seats;
    let start = draw(seats.len());
    let free = (start..seats.len())
        .chain(0..start)
        .filter(|i| usize::from(seats[*i].kind) == kind && is_everybodys(map, *i))
        .take(quantity);
    Some(free.map(|i| seats[i].id).collect())
}

/// The free seats of the same ticket types nearest to the wanted ones, as many as were wanted.
pub fn alternatives(map: &SeatMap, wanted: &[i64]) -> Vec<i64> {
    let plan = map.plan();
    let spots: Vec<_> = wanted.iter().filter_map(|id| plan.index_of(*id)).map(|i| plan.seats[i]).collect();
    let Some(first) = spots.first() else { return Vec::new() };
    let middle =
        |of: fn(&Spot) -> i32| spots.iter().map(|spot| i64::from(of(spot))).sum::<i64>() / spots.len() as i64;
    let (x, y) = (middle(|s| s.x), middle(|s| s.y));
    let mut near: Vec<(i64, i64)> = (0..plan.seats.len())
        .filter(|i| plan.seats[*i].kind == first.kind && map.is_free(*i))
        .filter(|i| plan.seats[*i].access == first.access)
        .map(|i| &plan.seats[i])
        .filter(|spot| !wanted.contains(&spot.id))
        .map(|spot| ((i64::from(spot.x) - x).pow(2) + (i64::from(spot.y) - y).pow(2), spot.id))
        .collect();
    near.sort_unstable();
    near.into_iter().take(wanted.len()).map(|(_, id)| id).collect()
}

/// How far a seat is from where everybody looks.
fn distance(plan: &Plan, index: usize) -> i64 {
    let spot = plan.seats[index];
    (i64::from(spot.x) - plan.focus.0).abs() + (i64::from(spot.y) - plan.focus.1).abs()
}

/// A cost, and the seats it buys as indexes into the plan.
type Choice = (i64, Vec<usize>);

/// Every window of `quantity` neighbours within a run of free seats of one ticket type.
fn side_by_side(map: &SeatMap, kind: usize, quantity: usize) -> Vec<Choice> {
    let plan = map.plan();
    let is_ours = |i: u32| usize::from(plan.seats[i as usize].kind) == kind && is_everybodys(map, i as usize);
    let mut choices = Vec::new();
    let runs = plan.by_row.chunk_by(|a, b| is_ours(*a) && is_ours(*b) && are_neighbours(plan, *a, *b));
    for run in runs.filter(|run| run.len() >= quantity && is_ours(run[0])) {
        for start in 0..=run.len() - quantity {
            let window: Vec<usize> = run[start..start + quantity].iter().map(|i| *i as usize).collect();
            let orphans = i64::from(start == 1) + i64::from(run.len() - start - quantity == 1);
            let cost: i64 = window.iter().map(|i| distance(plan, *i)).sum::<i64>() / quantity as i64;
            choices.push((cost + orphans * ORPHAN_COST, window));
        }
    }
    choices
}

fn are_neighbours(plan: &Plan, a: u32, b: u32) -> bool {
    let (a, b) = (plan.seats[a as usize], plan.seats[b as usize]);
    a.row == b.row && a.distance(b) < plan.pitch * AISLE
}

/// No party fits together any more: the nearest seats one by one, in blocks.
fn scattered(plan: &Plan, free: &[usize], quantity: usize) -> Vec<Choice> {
    let mut near: Vec<(i64, usize)> = free.iter().map(|i| (distance(plan, *i), *i)).collect();
    near.sort_unstable();
    near.chunks_exact(quantity)
        .take(DRAW)
        .map(|block| (block[0].0, block.iter().map(|(_, index)| *index).collect()))
        .collect()
}

fn draw_disjoint(sorted: Vec<Choice>, mut draw: impl FnMut(usize) -> usize) -> Vec<Vec<usize>> {
    let mut choices: Vec<Vec<usize>> = sorted.into_iter().map(|(_, seats)| seats).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    while groups.len() < GROUPS_MAX && !choices.is_empty() {
        let drawn = choices.remove(draw(choices.len().min(DRAW)));
        choices.retain(|seats| seats.iter().all(|seat| !drawn.contains(seat)));
        groups.push(drawn);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::super::map::SeatMap;
    use super::super::store::{SeatRow, TypeRow};
    use super::*;
    use crate::venues::{Area, Frame};
    use shared::clock::Ts;

    /// One string a row, front first: `f` free, `x` taken, space aisle, `W` and `C` kept for wheelchairs and companions.
    fn rows_of(rows: &[&str]) -> Vec<SeatRow> {
        let mut seats = Vec::new();
        for (y, row) in rows.iter().enumerate() {
            for (x, state) in row.chars().enumerate().filter(|(_, c)| *c != ' ') {
                seats.push(SeatRow {
                    id: (y * 100 + x) as i64,
                    ticket_type_id: 1,
                    section: Some("Hall".into()),
                    row_label: Some(y.to_string()),
                    label: Some(x.to_string()),
                    access: match state {
                        'W' => Some(Access::Wheelchair),
                        'C' => Some(Access::Companion),
                        _ => None,
                    },
                    x: x as i64 * 20,
                    y: y as i64 * 20,
                    state: if state == 'x' { "blocked" } else { "free" }.into(),
                    held_until: None,
                    changed_at: Ts::from_seconds(0),
                });
            }
        }
        seats
    }

    fn map(rows: &[&str]) -> SeatMap {
        let kind = TypeRow {
            id: 1,
            name: "Seat".into(),
            price_minor: 100,
            colour: String::new(),
            premium: false,
            seated: true,
            hidden: false,
        };
        SeatMap::new(1, vec![kind], &rows_of(rows), None, Ts::from_seconds(0))
    }

    fn best(rows: &[&str], quantity: usize) -> Vec<i64> {
        groups(&map(rows), 0, quantity, |_| 0).into_iter().next().unwrap_or_default()
    }

    #[test]
    fn the_front_centre_is_the_best() {
        assert_eq!(best(&["fffff", "fffff"], 1), [2]);
        assert_eq!(best(&["xxxxx", "fffff"], 1), [102]);
    }

    #[test]
    fn a_party_sits_together_and_not_across_an_aisle() {
        assert_eq!(best(&["ffxff", "xfffx"], 3), [101, 102, 103]);
        assert_eq!(best(&["ff  ff", "xxxxxx"], 2), [0, 1]);
        assert_eq!(best(&["xf  fx", "xxxxff"], 2), [104, 105]);
    }

    #[test]
    fn neighbours_are_neighbours_whichever_way_the_row_faces() {
        // One row beside the stage: its seats stand one behind the other.
        let mut plan = map(&["ffff"]);
        let turned: Vec<SeatRow> =
            rows_of(&["ffxf"]).into_iter().map(|r| SeatRow { x: r.y, y: r.x, ..r }).collect();
        plan = SeatMap::new(1, plan.plan().types.clone(), &turned, None, Ts::from_seconds(0));
        assert_eq!(groups(&plan, 0, 2, |_| 0), [[0, 1]]);
    }

    #[test]
    fn the_stage_is_where_everybody_looks() {
        let stage = Area { x: 60, y: 60, w: 20, h: 20 };
        let frame = Some(Frame { width: 100, height: 100, stage, background: None });
        let rows = rows_of(&["ffff", "ffff"]);
        let plan = SeatMap::new(1, map(&["f"]).plan().types.clone(), &rows, frame, Ts::from_seconds(0));
        assert_eq!(groups(&plan, 0, 1, |_| 0)[0], [103]);
    }

    #[test]
    fn no_single_seat_is_left_between_parties() {
        // Two of five free: the middle pair would leave one at the left.
        let pair = best(&["fffff"], 2);
        assert!(pair == [0, 1] || pair == [3, 4], "{pair:?}");
    }

    #[test]
    fn a_party_that_fits_nowhere_is_seated_apart_and_a_larger_one_not_at_all() {
        assert_eq!(best(&["fxfxf"], 3), [2, 0, 4]);
        assert!(groups(&map(&["fxfxf"]), 0, 4, |_| 0).is_empty());
    }

    #[test]
    fn second_thoughts_do_not_overlap() {
        let groups = groups(&map(&["ffffffff", "ffffffff"]), 0, 2, |n| n - 1);
        let mut all: Vec<i64> = groups.concat();
        let before = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!((groups.len(), all.len()), (GROUPS_MAX, before));
    }

    #[test]
    fn where_it_does_not_matter_the_next_free_seats_from_the_drawn_one_are_taken() {
        let standing = map(&["fxffxf"]);
        assert_eq!(anywhere(&standing, 0, 2, |_| 1), Some(vec![2, 3]));
        assert_eq!(anywhere(&standing, 0, 3, |n| n - 1), Some(vec![5, 0, 2]));
        assert_eq!(anywhere(&standing, 0, 5, |_| 0), None);
    }

    #[test]
    fn places_of_wheelchairs_are_for_who_asks_and_companions_sit_beside() {
        let kept = map(&["fffff", "fCWCf"]);
        let party =
            |quantity| with_wheelchair(&kept, 0, quantity, |_| 0).into_iter().next().unwrap_or_default();
        assert_eq!(party(1), [102]);
        let mut three = party(3);
        three.sort_unstable();
        assert_eq!(three, [101, 102, 103]);
        assert!(groups(&kept, 0, 3, |_| 0).concat().iter().all(|seat| ![101, 102, 103].contains(seat)));
        assert!(best(&["xxxxx", "xCWCx"], 1).is_empty(), "the last seats are kept");
        assert!(with_wheelchair(&map(&["fffff"]), 0, 1, |_| 0).is_empty(), "there is no such place");
    }

    #[test]
    fn alternatives_are_the_nearest_free_seats() {
        assert_eq!(alternatives(&map(&["fxffff", "ffffff"]), &[1]), [0]);
        assert_eq!(alternatives(&map(&["xxxxxx"]), &[1]), Vec::<i64>::new());
    }
}
