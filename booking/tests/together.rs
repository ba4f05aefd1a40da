//! Steps of many purchases in one statement: they go together, and what is wrong with one is the others' no concern.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use booking::db::{Db, Extent, Gather, Kind, Tx, Work};
use booking::error::Error;
use booking::q;
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::testing::Postgres;

/// A step, and the sizes of the groups that were tried.
#[derive(Clone)]
struct Step {
    number: usize,
    groups: Arc<Mutex<Vec<usize>>>,
}

const BAD: usize = 40;

fn run<'t>(_tx: &'t mut Tx, steps: &'t [Step], _now: Ts) -> Work<'t, Vec<Option<usize>>> {
    Box::pin(async move {
        steps[0].groups.lock().unwrap().push(steps.len());
        if steps.iter().any(|step| step.number == BAD) {
            return Err(Error::Internal("a bad step".into()));
        }
        // Every third has nothing to do.
        Ok(steps.iter().map(|step| (step.number % 3 > 0).then_some(step.number)).collect())
    })
}

/// What a hundred steps came to that were asked for at once, and the groups they went in.
async fn a_hundred(
    db: &Db,
    collide: fn(&Step, &Step) -> bool,
) -> (Vec<Result<Option<usize>, Error>>, Vec<usize>) {
    let kind = Kind { name: "test_steps", extent: Extent::Together, run, collide };
    let (gather, groups) = (Gather::start(db, &Clock::system(), kind), Arc::<Mutex<Vec<usize>>>::default());
    let step = |number| gather.one(Step { number, groups: groups.clone() });
    let outcomes = join_all((0..100).map(step)).await;
    let groups = std::mem::take(&mut *groups.lock().unwrap());
    (outcomes, groups)
}

async fn postgres(name: &str) -> Option<Db> {
    let url = Postgres::shared()?.database(name);
    let settings = Settings::for_test(std::path::Path::new("unused")).booking;
    Some(Db::open_postgres(&url, &settings, Entropy::seeded(1)).await.unwrap())
}

#[tokio::test]
async fn steps_that_wait_go_together_and_each_hears_of_its_own() {
    let Some(db) = postgres("together").await else { return };
    let (outcomes, groups) = a_hundred(&db, |_, _| false).await;
    for (number, outcome) in outcomes.into_iter().enumerate() {
        match outcome {
            Err(error) => assert!(number == BAD && error.to_string() == "a bad step", "{number}: {error}"),
            Ok(outcome) => assert_eq!(outcome, (number % 3 > 0).then_some(number)),
        }
    }
    // The second group had the bad one in it, and was done one by one.
    let mut whole: Vec<usize> = groups.iter().copied().filter(|size| *size > 1).collect();
    whole.sort_unstable();
    assert_eq!(whole, [4, 32, 32, 32]);
    assert_eq!(groups.iter().filter(|size| **size == 1).count(), 32);
}

#[tokio::test]
async fn steps_about_the_same_rows_go_one_after_the_other() {
    let Some(db) = postgres("collide").await else { return };
    let (outcomes, groups) = a_hundred(&db, |_, _| true).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_err()).count(), 1);
    assert_eq!(groups, [1; 100]);
}

/// Pending bookings, one for each buyer, and the seat of the first.
async fn pending(shop: &Shop, buyers: &[String]) -> (Vec<String>, i64) {
    let (session, seats) = shop.hall(1, buyers.len() as u32).await;
    let mut bookings = Vec::new();
    for (buyer, seat) in buyers.iter().zip(&seats) {
        let (status, hold) = shop.try_hold(session, buyer, json!({ "seats": [seat] })).await;
        assert_eq!(status, 201, "{hold}");
        bookings.push(shop.book(&hold, buyer).await);
    }
    (bookings, seats[0])
}

on_both_engines! {
    async fn who_has_lost_a_seat_keeps_nobody_from_theirs(shop) {
        let buyers = shop.buyers(20).await;
        let (bookings, lost) = pending(&shop, &buyers).await;
        let freed = shop.app.db.write("lose_a_seat", move |tx| Box::pin(async move {
            Ok(q!(
                tx.ex(),
                exec,
                "UPDATE seats SET state = 'blocked', hold_id = NULL, held_until = NULL WHERE id = $1",
                lost
            )?)
        }));
        assert_eq!(freed.await.unwrap(), 1);
        let paid = join_all(bookings.iter().zip(&buyers).map(|(booking, buyer)| shop.pay(booking, buyer, CARD))).await;
        assert_eq!((paid[0].0, slug(&paid[0].1)), (410, "hold-expired"));
        let refused: Vec<&(u16, Value)> = paid[1..].iter().filter(|(status, _)| *status != 200).collect();
        assert!(refused.is_empty(), "{refused:?}");
        shop.broken_on_purpose("I9", "it has lost seats").await;
    }

    async fn many_clicks_make_one_booking_and_one_payment(shop) {
        let (session, buyer) = (shop.on_sale(10).await, shop.buyer().await);
        let hold = shop.hold(session, &buyer, 2).await;
        let click = || shop.post("/api/v1/bookings", &buyer, json!({ "hold_id": hold["id"] }));
        let booked = join_all((0..12).map(|_| click())).await;
        let made: Vec<&Value> = booked.iter().filter(|(status, _)| *status == 201).map(|(_, body)| &body["id"]).collect();
        assert!(!made.is_empty() && made.iter().all(|id| *id == made[0]), "{booked:?}");
        let booking = made[0].as_str().unwrap();
        let paid = join_all((0..12).map(|_| shop.pay(booking, &buyer, CARD))).await;
        assert_eq!(paid.iter().filter(|(status, _)| *status == 200).count(), 1, "{paid:?}");
        let tickets = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets").unwrap();
        assert_eq!((tickets, shop.remaining(session).await), (2, 8));
    }

    async fn orders_at_once_sell_each_seat_once(shop) {
        let (session, _) = shop.hall(3, 10).await;
        let (_, read) = shop.get(&format!("/api/v1/sessions/{session}"), "").await;
        let order = json!({ "event_id": read["event"]["id"], "quantity": 2 });
        let buyers = shop.buyers(40).await;
        let answers = join_all(buyers.iter().map(|buyer| shop.post("/api/v1/orders", buyer, order.clone()))).await;
        let sold = answers.iter().filter(|(status, _)| *status == 201).count();
        let refused = answers.iter().filter(|(_, body)| slug(body) == "not-enough-tickets").count();
        assert_eq!((sold, refused), (15, 25), "{answers:?}");
        let tickets = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE status = 'valid'").unwrap();
        assert_eq!(tickets, 30);
    }
}
