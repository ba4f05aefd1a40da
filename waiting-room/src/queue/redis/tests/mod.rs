//! Redis against the pure line, against frozen servers, and with many nodes at once.

mod crowd;
mod frozen;
mod inspect;
mod loss;
mod model;
mod nodes;

use shared::clock::Ts;
use uuid::Uuid;

use crate::queue::{BrowserKey, Join};

fn start() -> Ts {
    Ts::from_seconds(1_800_000_000)
}

/// Visitor `n`: browser and place follow from it.
fn visitor(n: u64) -> Join {
    Join {
        place: Uuid::from_u128(n.into()),
        browser: BrowserKey::of_hash(&n.to_string()),
        lane: 0,
        code: None,
        account: None,
    }
}
