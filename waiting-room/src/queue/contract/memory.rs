//! The embedded store keeps the contract.

use tempfile::TempDir;

use super::super::guard::Guard;
use super::super::memory::MemoryStore;
use super::*;

/// A data folder, perhaps with one guard off.
struct Folder(TempDir, Option<Guard>);

impl Shelf for Folder {
    type Store = MemoryStore;
    async fn open(&self) -> MemoryStore {
        match self.1 {
            Some(guard) => MemoryStore::sabotaged(self.0.path(), start(), guard).unwrap(),
            None => MemoryStore::open(self.0.path(), start()).unwrap(),
        }
    }
}

fn folder(guard: Option<Guard>) -> Folder {
    Folder(tempfile::tempdir().unwrap(), guard)
}

stamp!(Some(folder(None)));

/// Each guard, and the property that notices when it is off.
#[tokio::test]
async fn without_a_guard_its_property_fails() {
    let off = |guard| folder(Some(guard));
    assert!(properties::one_browser_has_one_place(&off(Guard::OnePlace)).await.is_err());
    assert!(properties::the_cap_is_never_exceeded(&off(Guard::Cap)).await.is_err());
    assert!(properties::the_rate_holds_in_every_minute(&off(Guard::Rate)).await.is_err());
    assert!(properties::a_turn_ends_at_its_deadline(&off(Guard::ClaimWindow)).await.is_err());
    assert!(properties::an_ended_place_stays_ended(&off(Guard::Ended)).await.is_err());
    assert!(properties::a_departure_counts_once(&off(Guard::DepartureJti)).await.is_err());
    assert!(properties::ghosts_do_not_empty_the_shop(&off(Guard::Ghosts)).await.is_err());
    assert!(properties::first_come_first_served(&off(Guard::Order)).await.is_err());
    assert!(properties::lanes_share_the_turns_by_weight(&off(Guard::Shares)).await.is_err());
    assert!(properties::lanes_stay_where_they_are(&off(Guard::Lanes)).await.is_err());
    assert!(properties::a_room_stays_its_owners(&off(Guard::Owner)).await.is_err());
    assert!(properties::nobody_joins_a_closed_lane_without_a_code(&off(Guard::Invitation)).await.is_err());
    assert!(properties::a_code_gives_no_more_places_than_it_may(&off(Guard::CodeUses)).await.is_err());
    assert!(properties::a_turn_is_put_off_once_and_comes_back(&off(Guard::OneDeferral)).await.is_err());
    assert!(
        properties::a_visit_is_lengthened_as_often_as_the_room_allows(&off(Guard::Renewals)).await.is_err()
    );
    assert!(properties::a_repeated_renewal_is_granted_once(&off(Guard::OneRenewal)).await.is_err());
    assert!(properties::a_place_moves_once(&off(Guard::Handover)).await.is_err());
    assert!(properties::a_step_of_a_draw_is_taken_once(&off(Guard::DrawStep)).await.is_err());
    assert!(properties::a_draw_goes_on_after_a_crash(&off(Guard::DrawSeat)).await.is_err());
    assert!(properties::a_journal_has_one_end(&off(Guard::LogEnd)).await.is_err());
    assert!(properties::one_account_has_one_place(&off(Guard::OneAccount)).await.is_err());
}
