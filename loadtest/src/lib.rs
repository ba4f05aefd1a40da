//! A crowd of simulated fans that measures *and* asserts, a simulator in virtual time, and the benchmarks.
//!
//! Nothing here knows more than a browser could: fans are honest clients of the public API ([`api`]), and what
//! they assert ([`crowd::ledger`]) is what an honest fan may expect. Only [`simulate`] looks inside: it runs the waiting room's
//! own line.

pub mod api;
#[cfg(feature = "faults")]
pub mod bench;
pub mod crowd;
pub mod farm;
#[cfg(feature = "faults")]
pub mod faults;
pub mod histogram;
pub mod process;
pub mod push;
pub mod server;
pub mod simulate;
pub mod stage;
mod wire;
