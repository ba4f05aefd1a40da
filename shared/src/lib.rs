//! What both services of Rushline must agree on, and nothing else.
//!
//! Time, randomness and keys are values that are handed in ([`clock`], [`entropy`], [`keys`]); the two
//! threads between the services are [`admission`] and [`departures`], with [`revocations`] as the word that takes an
//! admission back; the rest is how every HTTP answer
//! of Rushline looks and is limited ([`problem`], [`json`], [`query`], [`limits`], [`browser`], [`edge`], [`serve`], [`openapi`]), how both
//! tell what they found when they look into themselves ([`verify`]), and how they watch their clocks ([`skew`]).
//! [`guard`] puts a site that is not ours behind a waiting room.
//! A thing that only one service needs does not belong here.

pub mod access;
pub mod admission;
pub mod assets;
pub mod browser;
pub mod clock;
pub mod config;
pub mod connection;
pub mod departures;
pub mod edge;
pub mod entropy;
pub mod folder;
pub mod guard;
pub mod health;
pub mod json;
pub mod keys;
pub mod limits;
#[cfg(all(test, feature = "testing"))]
mod mutated;
pub mod openapi;
pub mod peer;
pub mod problem;
pub mod query;
pub mod remote_keys;
pub mod renewals;
pub mod revocations;
pub mod serve;
pub mod skew;
pub mod stop;
pub mod streams;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod traces;
pub mod turns;
pub mod upgrade;
pub mod verify;
mod wire;
