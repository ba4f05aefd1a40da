//! What every [`QueueStore`] must do, written once. `stamp!` makes the tests of one implementation; each guard
//! of the line is also switched off once, and the property that it protects must then fail.

use anyhow::Result;
use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::*;
use crate::rooms::rules::Mode;
use crate::rooms::rules::tests::open_room;

mod admissions;
mod codes;
mod draws;
mod ghosts;
mod journals;
mod lanes;
mod memory;
mod places;
mod redis;
mod steering;
mod turns;

/// All properties.
mod properties {
    pub use super::admissions::*;
    pub use super::codes::*;
    pub use super::draws::*;
    pub use super::ghosts::*;
    pub use super::journals::*;
    pub use super::lanes::*;
    pub use super::places::*;
    pub use super::steering::*;
    pub use super::turns::*;
}

/// Lines that can be opened, closed and opened again.
pub trait Shelf {
    /// The implementation.
    type Store: QueueStore;
    /// Opens the lines.
    fn open(&self) -> impl Future<Output = Self::Store>;
}

fn start() -> Ts {
    Ts::from_seconds(1_800_000_000)
}

fn after(seconds: i64) -> Ts {
    start() + Duration::seconds(seconds)
}

fn id(n: u64) -> Uuid {
    Uuid::from_u128(u128::from(n))
}

/// Visitor `n`: browser and place follow from it.
fn visitor(n: u64) -> Join {
    Join { place: id(n), browser: BrowserKey::of_hash(&n.to_string()), lane: 0, code: None, account: None }
}

/// The room's store, with `room` put in.
async fn with_room<S: Shelf>(shelf: &S, room: &Room) -> Result<S::Store> {
    let store = shelf.open().await;
    store.put_room(room.clone(), start()).await?;
    Ok(store)
}

/// Visitors 1 to `count` join.
async fn joined(store: &impl QueueStore, room: &Room, count: u64) -> Result<()> {
    store.join(&room.id, (1..=count).map(visitor).collect(), start()).await?;
    Ok(())
}

async fn claim(store: &impl QueueStore, room: &Room, n: u64, now: Ts) -> Result<Claimed> {
    let claims = vec![Claim { place: id(n), jti: id(1_000_000 + n) }];
    store.claim(&room.id, claims, now).await?.pop().ok_or_else(|| anyhow::anyhow!("no answer"))
}

async fn standing(store: &impl QueueStore, room: &Room, n: u64, now: Ts) -> Result<Standing> {
    let found = store.find(&room.id, vec![id(n)], now).await?.pop().flatten();
    Ok(found.ok_or_else(|| anyhow::anyhow!("place {n} is gone"))?.standing)
}

/// What the checker finds wrong with the lines on the shelf.
async fn broken(shelf: &impl Shelf) -> Vec<String> {
    let report = crate::verify::verify(&shelf.open().await, after(0)).await.unwrap();
    report.broken().map(ToString::to_string).collect()
}

/// Makes one test of each property for one implementation; `$shelf` is an expression that gives a fresh shelf, or
/// `None` where what it stands on is not installed.
macro_rules! stamp {
    ($shelf:expr) => {
        stamp! { $shelf =>
            one_browser_has_one_place, a_place_moves_once, first_come_first_served, the_cap_is_never_exceeded,
            the_rate_holds_in_every_minute, a_turn_ends_at_its_deadline, a_lost_place_returns_to_its_number,
            an_ended_place_stays_ended, a_departure_counts_once, claiming_twice_is_claiming_once,
            nothing_is_lost_by_a_restart, ghosts_do_not_empty_the_shop, a_slow_clock_changes_nothing,
            the_state_of_the_room_rules, a_closed_room_lets_nobody_in, lanes_share_the_turns_by_weight,
            lanes_stay_where_they_are, a_room_stays_its_owners, nobody_joins_a_closed_lane_without_a_code, a_code_gives_no_more_places_than_it_may,
            what_is_told_of_a_code_only_grows, a_turn_is_put_off_once_and_comes_back, a_sleeper_goes_in_next,
            a_visit_is_lengthened_as_often_as_the_room_allows, a_repeated_renewal_is_granted_once,
            the_pace_follows_the_shop, reports_that_arrive_together_all_count,
            one_account_has_one_place,
            an_idle_room_lets_newcomers_straight_in, when_everybody_queues_nobody_goes_in, a_step_of_a_draw_is_taken_once,
            nobody_is_called_before_the_draw_is_done, drawn_numbers_decide_and_latecomers_follow,
            a_closed_lobby_stays_the_same, a_draw_goes_on_after_a_crash, a_journal_has_one_end }
    };
    ($shelf:expr => $($property:ident),*) => {
        $(#[tokio::test]
        async fn $property() {
            if let Some(shelf) = $shelf {
                properties::$property(&shelf).await.unwrap();
                assert_eq!(broken(&shelf).await, Vec::<String>::new());
            }
        })*
    };
}

use stamp;
