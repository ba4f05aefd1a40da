//! Keys, by purpose: Ed25519 keys that sign, or seal what nobody else reads ([`KeyRing`]), and the keys that seal secrets ([`Vault`]).
//!
//! A key is a file that all nodes of a role share. `rushline keys --rotate` writes a new one; running servers notice it
//! without a restart, and use it once all of them have had the time to read it ([`PUBLISHED_BEFORE`]).

mod files;
mod public;
mod ring;
mod seal;
mod vault;
mod verified;

pub use jsonwebtoken::jwk::JwkSet;
use time::Duration;

pub use public::{Claims, PublicKeys, TokenError};
pub use ring::KeyRing;
pub use vault::{Sealed, Vault};

/// How often a running server reads its keys again.
pub const RELOADED_EVERY: Duration = Duration::seconds(10);
/// A new key is published for so long before it is used: every node has read it by then, also one whose clock is five
/// seconds ahead.
pub const PUBLISHED_BEFORE: Duration = Duration::seconds(30);

/// What a key may be used for. No key serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Admission tokens; the waiting room signs, booking verifies.
    Admission,
    /// Place tokens; only the waiting room reads them, so they are sealed and not signed.
    Place,
    /// Access tokens of users and of booking itself; booking signs, both verify.
    Session,
    /// QR codes on tickets; gate scanners verify offline.
    Ticket,
    /// Signed heads of the audit log.
    Audit,
    /// Draws and journals of rooms: what the waiting room publishes for everybody to check.
    Journal,
    /// Secrets that booking must be able to read again: see [`Vault`].
    Vault,
}

impl Purpose {
    /// Every purpose, in the order `rushline keys` lists them.
    pub const ALL: [Purpose; 7] = [
        Purpose::Admission,
        Purpose::Place,
        Purpose::Session,
        Purpose::Ticket,
        Purpose::Audit,
        Purpose::Journal,
        Purpose::Vault,
    ];

    /// Name in file names and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Admission => "admission",
            Purpose::Place => "place",
            Purpose::Session => "session",
            Purpose::Ticket => "ticket",
            Purpose::Audit => "audit",
            Purpose::Journal => "journal",
            Purpose::Vault => "vault",
        }
    }
}
