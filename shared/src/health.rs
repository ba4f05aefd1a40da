//! Reports of the shop's health and stock, by which rooms may steer how many they let in.
//!
//! Each node of booking reports every few seconds for each room before a sale. A report may be lost: what was told holds
//! for a while, and then the operator's own pace does.

use serde::{Deserialize, Serialize};

/// Path of the call for one room.
pub fn path(room: &str) -> String {
    format!("/internal/v1/rooms/{room}/health")
}

/// Body of the call: how one node of the shop has done since its last report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Answers given.
    pub answers: u64,
    /// Of these, failures of the server (5xx).
    pub failed: u64,
    /// Nineteen of twenty answers took at most so long, milliseconds.
    pub p95_ms: u64,
    /// Whether transactions wait for the database, or it does not answer.
    pub is_queueing: bool,
    /// What is left to sell, if it was counted.
    #[serde(default)]
    pub stock: Option<Stock>,
}

/// What is left to sell behind a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    /// Seats that somebody could hold now.
    pub free: u64,
    /// Seats that are held and not sold yet.
    pub held: u64,
}

/// Answer of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Heard {
    /// Most admissions in any sliding minute from now on.
    pub rate_per_minute: u32,
    /// Most visits at the same time from now on.
    pub cap: u32,
    /// Whether the next report should say what is left to sell; counting it costs the shop something.
    pub wants_stock: bool,
}
