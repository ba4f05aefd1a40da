//! The waiting room over HTTP: a real server, real sockets, a clock that the tests turn.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod admission;
mod live;
mod operators;
mod page;
mod places;
mod world;
