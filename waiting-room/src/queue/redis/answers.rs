//! What the scripts answer about places, in the words of the queue.

use uuid::Uuid;

use super::wire;
use crate::queue::codes::{Code, CodeKey};
use crate::queue::{AccountRefusal, Claimed, Deferred, Joined, Renewed, StoreError};
use crate::rooms::rules::RoomState;

/// An answer to a join, and the code it has used, still without its key.
pub fn joined(answer: &[u8]) -> Result<(Joined, Option<Code>), StoreError> {
    let joined = match answer.split_first() {
        Some((b'N', new)) => {
            let (place, code) = wire::newcomer(new)?;
            let code = (!code.is_empty()).then(|| wire::code(CodeKey(Uuid::nil()), code)).transpose()?;
            return Ok((Joined::New(place), code));
        }
        Some((b'K', known)) => Joined::Known(wire::place(known)?),
        Some((b'R', state)) => Joined::Refused(state_named(state)?),
        Some((b'X', b"A")) => Joined::NoAccount(AccountRefusal::Needed),
        Some((b'X', b"T")) => Joined::NoAccount(AccountRefusal::Taken),
        Some((b'X', [why])) => Joined::NoEntry(wire::code_refusal(*why)?),
        _ => return Err(wire::garbled("an answer to a join")),
    };
    Ok((joined, None))
}

/// An answer to a claim.
pub fn claimed(answer: &[u8]) -> Result<Claimed, StoreError> {
    let (kind, place) = answer.split_first().ok_or_else(|| wire::garbled("an answer to a claim"))?;
    Ok(match kind {
        b'A' => Claimed::Admitted(wire::place(place)?),
        b'D' => Claimed::AtDoor(wire::place(place)?),
        b'W' => Claimed::Waiting(wire::place(place)?),
        b'O' => Claimed::Over(wire::place(place)?),
        b'C' => Claimed::Closed(wire::place(place)?),
        b'U' => Claimed::Unknown,
        _ => return Err(wire::garbled("an answer to a claim")),
    })
}

/// An answer to a deferral.
pub fn deferred(answer: &[u8]) -> Result<Deferred, StoreError> {
    let (kind, place) = answer.split_first().ok_or_else(|| wire::garbled("an answer to a deferral"))?;
    Ok(match kind {
        b'D' => Deferred::Until(wire::place(place)?),
        b'S' => Deferred::Spent(wire::place(place)?),
        b'O' => Deferred::Off(wire::place(place)?),
        b'N' => Deferred::NotCalled(wire::place(place)?),
        b'U' => Deferred::Unknown,
        _ => return Err(wire::garbled("an answer to a deferral")),
    })
}

/// An answer to a renewal.
pub fn renewed(answer: &[u8]) -> Result<Renewed, StoreError> {
    let (kind, place) = answer.split_first().ok_or_else(|| wire::garbled("an answer to a renewal"))?;
    Ok(match kind {
        b'R' => Renewed::Until(wire::place(place)?),
        b'S' => Renewed::Spent(wire::place(place)?),
        b'F' => Renewed::Off(wire::place(place)?),
        b'C' => Renewed::Closed(wire::place(place)?),
        b'N' => Renewed::NotAdmitted(wire::place(place)?),
        b'O' => Renewed::Over(wire::place(place)?),
        b'U' => Renewed::Unknown,
        _ => return Err(wire::garbled("an answer to a renewal")),
    })
}

fn state_named(name: &[u8]) -> Result<RoomState, StoreError> {
    let name = serde_json::Value::from(String::from_utf8_lossy(name));
    serde_json::from_value(name).map_err(|_| wire::garbled("a room's state"))
}
