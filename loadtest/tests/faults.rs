//! A short run of the fault suite, and the proof that it sees a loss.
//!
//! Needs the binary: `cargo build`, or `RUSHLINE_BIN`.

#![allow(clippy::unwrap_used)]

use loadtest::faults::cluster::Layout;
use loadtest::faults::kinds::Fault;
use loadtest::faults::{Options, Outcome, Sabotage, break_things};
use shared::testing::{Postgres, Redis};

/// The run that every change must pass; other seeds are for those who have more time.
fn short(layout: Layout, rounds: u32) -> Options {
    Options {
        rounds,
        seed: Some(8),
        layout,
        only: Vec::new(),
        length_ms: 800,
        crash_points: false,
        sabotage: None,
        binary: None,
    }
}

async fn run(options: Options) -> (Outcome, String) {
    let mut said = Vec::new();
    let outcome = break_things(options, &mut said).await.unwrap();
    (outcome, String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_on_the_embedded_default() {
    let (outcome, said) = run(short(Layout::Embedded, 4)).await;
    assert_eq!((outcome.rounds, outcome.losses), (4, 0), "{said}");
    assert!(outcome.acknowledged > 0 && outcome.found > 0, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_on_a_cluster() {
    // Not installed: nothing to break. `scripts/test` installs both.
    if Postgres::shared().is_none() || Redis::start().is_none() {
        return;
    }
    let (outcome, said) = run(short(Layout::Cluster, 4)).await;
    assert_eq!((outcome.rounds, outcome.losses), (4, 0), "{said}");
    assert!(outcome.acknowledged > 0 && outcome.found > 0, "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_stands_behind_are_called_losses() {
    for sabotage in [Sabotage::FakeJoins, Sabotage::FakeHolds, Sabotage::FakePayments] {
        let mut options = short(Layout::Embedded, 1);
        options.sabotage = Some(sabotage);
        options.only = vec![Fault::CutClients];
        let (outcome, said) = run(options).await;
        assert!(outcome.losses > 0, "{sabotage:?} was not seen:\n{said}");
    }
}
