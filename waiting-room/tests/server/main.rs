//! The waiting room over HTTP: a real server, real sockets, a clock that the tests turn.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

/// Where the lines are; `tests/server_over_redis.rs` runs the same tests with the other answer.
const OVER_REDIS: bool = false;

mod admission;
mod bad_input;
mod codes;
mod draw;
mod entry;
mod handover;
mod journal;
mod lanes;
mod live;
mod mail;
mod operators;
mod page;
mod places;
mod renewals;
mod report;
mod steering;
mod turns;
mod words;
mod world;
