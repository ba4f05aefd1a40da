//! The store behind a Redis keeps the contract.

use shared::testing::Redis;

use super::super::guard::Guard;
use super::super::redis::RedisStore;
use super::*;

/// A database of the throw-away Redis, perhaps with one guard off.
struct Database(String, Option<Guard>);

impl Shelf for Database {
    type Store = RedisStore;
    async fn open(&self) -> RedisStore {
        match self.1 {
            Some(guard) => RedisStore::sabotaged(&self.0, guard).await.unwrap(),
            None => RedisStore::open(&self.0).await.unwrap(),
        }
    }
}

/// `None` where Redis is not installed; `scripts/test` installs it.
fn database(guard: Option<Guard>) -> Option<Database> {
    Some(Database(Redis::shared()?.database(), guard))
}

stamp!(database(None));

/// The same over the nodes of a cluster, where one script may only touch keys of one slot.
mod over_a_cluster {
    use shared::testing::RedisCluster;
    use tokio::sync::{Mutex, MutexGuard};

    use super::*;

    /// A cluster has one database, and every property its room `rock-night`.
    static TURN: Mutex<()> = Mutex::const_new(());

    /// The emptied cluster, for one property at a time.
    struct Cluster(&'static RedisCluster, #[expect(dead_code, reason = "held")] MutexGuard<'static, ()>);

    impl Shelf for Cluster {
        type Store = RedisStore;
        async fn open(&self) -> RedisStore {
            RedisStore::open(&self.0.url()).await.unwrap()
        }
    }

    async fn cluster() -> Option<Cluster> {
        let turn = TURN.lock().await;
        let cluster = RedisCluster::shared()?;
        cluster.flush();
        Some(Cluster(cluster, turn))
    }

    stamp!(cluster().await);

    #[tokio::test]
    async fn rooms_spread_over_the_nodes() {
        let Some(shelf) = cluster().await else { return };
        let store = shelf.open().await;
        for n in 0..20 {
            let room = Room { id: RoomId::parse(&format!("room-{n}")).unwrap(), ..open_room() };
            store.put_room(room.clone(), start()).await.unwrap();
            joined(&store, &room, 3).await.unwrap();
        }
        assert!(shelf.0.sizes().iter().all(|size| *size > 0), "{:?}", shelf.0.sizes());
        assert_eq!(store.rooms().await.unwrap().len(), 20);
    }
}

/// Each guard, and the property that notices when it is off.
#[tokio::test]
async fn without_a_guard_its_property_fails() {
    if Redis::shared().is_none() {
        return;
    }
    let off = |guard| database(Some(guard)).unwrap();
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
    assert!(properties::reports_that_arrive_together_all_count(&off(Guard::SteeredOnce)).await.is_err());
    assert!(properties::a_place_moves_once(&off(Guard::Handover)).await.is_err());
    assert!(properties::a_step_of_a_draw_is_taken_once(&off(Guard::DrawStep)).await.is_err());
    assert!(properties::a_draw_goes_on_after_a_crash(&off(Guard::DrawSeat)).await.is_err());
    assert!(properties::a_journal_has_one_end(&off(Guard::LogEnd)).await.is_err());
    assert!(properties::one_account_has_one_place(&off(Guard::OneAccount)).await.is_err());
}
