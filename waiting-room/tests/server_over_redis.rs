//! The waiting room over HTTP once more, with its lines in Redis: the same tests as in `tests/server`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

/// Where the lines are.
const OVER_REDIS: bool = true;

#[path = "server/admission.rs"]
mod admission;
#[path = "server/codes.rs"]
mod codes;
#[path = "server/copies.rs"]
mod copies;
#[path = "server/draw.rs"]
mod draw;
#[path = "server/entry.rs"]
mod entry;
#[path = "server/handover.rs"]
mod handover;
#[path = "server/journal.rs"]
mod journal;
#[path = "server/lanes.rs"]
mod lanes;
#[path = "server/live.rs"]
mod live;
#[path = "server/loss.rs"]
mod loss;
#[path = "server/mail.rs"]
mod mail;
#[path = "server/nodes.rs"]
mod nodes;
#[path = "server/operators.rs"]
mod operators;
#[path = "server/page.rs"]
mod page;
#[path = "server/places.rs"]
mod places;
#[path = "server/renewals.rs"]
mod renewals;
#[path = "server/report.rs"]
mod report;
#[path = "server/steering.rs"]
mod steering;
#[path = "server/turns.rs"]
mod turns;
#[path = "server/world.rs"]
mod world;
