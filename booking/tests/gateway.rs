//! The simulated gateway as the seeds describe it: how often it says yes (G2), and how long it takes (G3).
#![allow(clippy::unwrap_used)]

mod common;

use booking::payments::gateway::{CardNumber, Charge, Standing};
use common::{Engine, Shop};
use shared::config::Settings;
use shared::peer::Peer;
use tokio::time::{Duration, Instant};

/// A shop whose gateway decides and delays as it does by default.
async fn by_default(change: impl FnOnce(&mut Settings)) -> Shop {
    let defaults = Settings::read(None, [], &[]).unwrap().payments;
    let with = |settings: &mut Settings| {
        settings.payments = defaults;
        change(settings);
    };
    Shop::start_with(Engine::Sqlite, Peer::in_process(), with).await.unwrap()
}

/// A charge of a card that chance decides about.
fn charge(n: usize) -> Charge {
    Charge {
        key: format!("charge-{n}"),
        amount_minor: 7500,
        currency: "USD".into(),
        card_number: CardNumber("4000000000000010".into()),
    }
}

#[tokio::test]
async fn ninety_five_of_a_hundred_payments_succeed() {
    let shop =
        by_default(|settings| (settings.payments.delay_min_ms, settings.payments.delay_max_ms) = (0, 0))
            .await;
    let mut failed = 0;
    for n in 0..1000 {
        match shop.app.gateway.authorise(&charge(n)).await.unwrap() {
            Standing::Authorised { .. } => {}
            Standing::Declined { .. } => failed += 1,
            other => panic!("{other:?}"),
        }
    }
    // The test's chance is the same in every run; within three standard deviations of 50.
    assert!((30..=70).contains(&failed), "{failed} of 1000 failed");
}

#[tokio::test]
async fn an_answer_takes_at_least_a_tenth_of_a_second_and_not_always_the_same() {
    let shop = by_default(|_| {}).await;
    let settings = &shop.app.settings.payments;
    assert_eq!((settings.delay_min_ms, settings.delay_max_ms, settings.success_percent), (100, 500, 95));
    let mut waits = Vec::new();
    for n in 0..4 {
        let asked = Instant::now();
        shop.app.gateway.authorise(&charge(n)).await.unwrap();
        waits.push(asked.elapsed());
    }
    // How long at most depends on the machine, and is not measured here.
    assert!(waits.iter().all(|wait| *wait >= Duration::from_millis(100)), "{waits:?}");
    let spread = *waits.iter().max().unwrap() - *waits.iter().min().unwrap();
    assert!(spread >= Duration::from_millis(1), "{waits:?}");
}
