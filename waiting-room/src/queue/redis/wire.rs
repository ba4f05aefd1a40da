//! How places and replies are written; the other side is `scripts/prelude.lua`.

use redis::Value;
use shared::clock::Ts;
use uuid::Uuid;

use crate::queue::codes::{Code, CodeKey, CodeRefusal};
use crate::queue::lanes::LANES_MAX;
use crate::queue::{AccountKey, BrowserKey, Ending, HandedOver, Place, Standing, StoreError};

/// Bytes of an id.
const ID: usize = 16;
/// Bytes of a packed place that waits: kind, lane, number (7 bytes), joined, browser.
const HEAD: usize = 1 + 8 + 8 + ID;

/// Set in the byte of the lane when the turn was put off.
const DEFERRED: u8 = 0x80;
/// Set in the byte of the lane when an account follows at the end.
const TIED: u8 = 0x40;
/// The lane itself in its byte; between it and the flags stands how often the visit was lengthened.
const LANE: u8 = 0x07;
/// How far up that count stands.
const RENEWALS: u32 = 3;
/// Bytes of a packed code before its label: lane, uses at most, uses so far, expiry, whether it was taken back.
const CODE_HEAD: usize = 1 + 4 + 4 + 8 + 1;
/// Numbers have 7 bytes; the one before them is the lane.
const NUMBER_MAX: u64 = (1 << 56) - 1;

/// What every script answers first, and the rest of its reply.
#[derive(Debug)]
pub struct Reply {
    /// Generation of the room.
    pub epoch: i64,
    /// Version of the line.
    pub version: u64,
    /// When that version was made, microseconds by the clock of the node that made it.
    pub made_at: i64,
    /// The line's clock.
    pub clock: Ts,
    /// What the script's head says.
    pub rest: std::vec::IntoIter<Value>,
}

impl Reply {
    /// Takes a script's reply apart.
    pub fn read(value: Value) -> Result<Self, StoreError> {
        let Value::Array(values) = value else { return Err(garbled("the reply is no list")) };
        let mut rest = values.into_iter();
        let mut next = || int(rest.next());
        let (epoch, version, made_at, clock) = (next()?, next()?, next()?, next()?);
        Ok(Self { epoch, version: version as u64, made_at, clock: Ts::from_micros(clock), rest })
    }

    /// The next value, a number.
    pub fn number(&mut self) -> Result<u64, StoreError> {
        Ok(int(self.rest.next())? as u64)
    }

    /// The next value, bytes.
    pub fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        bytes(self.rest.next())
    }

    /// All that follows, as places with their ids.
    pub fn places(self) -> Result<Vec<Place>, StoreError> {
        self.rest.map(|value| place(&bytes(Some(value))?)).collect()
    }
}

/// A whole number, also when Redis writes it as text.
pub fn int(value: Option<Value>) -> Result<i64, StoreError> {
    match value {
        Some(Value::Int(n)) => Ok(n),
        Some(Value::BulkString(text)) => {
            let text = std::str::from_utf8(&text).ok();
            text.and_then(|text| text.parse().ok()).ok_or_else(|| garbled("not a number"))
        }
        _ => Err(garbled("not a number")),
    }
}

/// One number a lane, between commas; lanes at the end may be missing.
pub fn numbers(text: &[u8]) -> Result<[u64; LANES_MAX], StoreError> {
    let mut numbers = [0; LANES_MAX];
    let texts = text.split(|byte| *byte == b',').filter(|text| !text.is_empty());
    for (number, text) in numbers.iter_mut().zip(texts) {
        let text = std::str::from_utf8(text).ok();
        *number = text.and_then(|text| text.parse().ok()).ok_or_else(|| garbled("not a number"))?;
    }
    Ok(numbers)
}

/// Bytes.
pub fn bytes(value: Option<Value>) -> Result<Vec<u8>, StoreError> {
    match value {
        Some(Value::BulkString(bytes)) => Ok(bytes),
        _ => Err(garbled("not a string")),
    }
}

/// A place from its id and its packed rest.
pub fn place(bytes: &[u8]) -> Result<Place, StoreError> {
    let (id, packed) = bytes.split_at_checked(ID).ok_or_else(|| garbled("a place is too short"))?;
    unpacked(Uuid::from_slice(id).map_err(|_| garbled("an id"))?, packed)
}

/// The answer to a handover.
pub fn handed_over(answer: &[u8]) -> Result<HandedOver, StoreError> {
    match answer.split_first() {
        Some((b'M', moved)) => Ok(HandedOver::Moved(place(moved)?)),
        Some((b'B', own)) => Ok(HandedOver::Better(place(own)?)),
        Some((b'R', [])) => Ok(HandedOver::Refused),
        _ => Err(garbled("a handover")),
    }
}

/// A place that has just joined, waiting or called at once, and what follows it.
pub fn newcomer(bytes: &[u8]) -> Result<(Place, &[u8]), StoreError> {
    let instants = if bytes.get(ID) == Some(&b'C') { 16 } else { 0 };
    let account = if bytes.get(ID + 1).is_some_and(|byte| byte & TIED != 0) { ID } else { 0 };
    let (own, rest) = bytes
        .split_at_checked(ID + HEAD + instants + account)
        .ok_or_else(|| garbled("a place is too short"))?;
    Ok((place(own)?, rest))
}

/// A place from its packed form.
pub fn unpacked(id: Uuid, packed: &[u8]) -> Result<Place, StoreError> {
    let (head, tail) = packed.split_at_checked(HEAD).ok_or_else(|| garbled("a place is too short"))?;
    let browser = Uuid::from_slice(&head[17..]).map_err(|_| garbled("a browser"))?;
    let is_tied = head[1] & TIED != 0;
    let end = tail.len().saturating_sub(if is_tied { ID } else { 0 });
    let (tail, account) = tail.split_at(end);
    let account =
        is_tied.then(|| Uuid::from_slice(account).map_err(|_| garbled("an account"))).transpose()?;
    Ok(Place {
        id,
        number: micros(head, 1)? as u64 & NUMBER_MAX,
        lane: head[1] & LANE,
        account: account.map(AccountKey),
        is_deferred: head[1] & DEFERRED != 0,
        browser: BrowserKey(browser),
        joined_at: Ts::from_micros(micros(head, 9)?),
        standing: standing(head, tail)?,
    })
}

/// A place as the scripts write it, its id first.
pub fn packed(place: &Place) -> Vec<u8> {
    let mut bytes = place.id.as_bytes().to_vec();
    let (kind, instants, jti) = match place.standing {
        Standing::Waiting => (b'W', vec![], None),
        Standing::Called { called_at, claim_by, knock: None } => (b'C', vec![called_at, claim_by], None),
        Standing::Called { called_at, claim_by, knock } => (b'D', vec![called_at, claim_by], knock),
        Standing::Admitted { jti, at, until, .. } => (b'A', vec![at, until], Some(jti)),
        Standing::Ended { at, .. } => (b'E', vec![at], None),
    };
    bytes.push(kind);
    let deferred = if place.is_deferred { DEFERRED } else { 0 };
    let tied = if place.account.is_some() { TIED } else { 0 };
    bytes.push(place.lane | place.standing.renewals() << RENEWALS | deferred | tied);
    bytes.extend(&place.number.to_be_bytes()[1..]);
    bytes.extend(place.joined_at.micros().to_be_bytes());
    bytes.extend(place.browser.0.as_bytes());
    instants.iter().for_each(|at| bytes.extend(at.micros().to_be_bytes()));
    bytes.extend(jti.iter().flat_map(|jti| jti.as_bytes()));
    if let Standing::Ended { how, .. } = place.standing {
        bytes.extend(letter(how).as_bytes());
    }
    bytes.extend(place.account.iter().flat_map(|account| account.0.as_bytes()));
    bytes
}

fn standing(head: &[u8], tail: &[u8]) -> Result<Standing, StoreError> {
    let instant = |at| micros(tail, at).map(Ts::from_micros);
    let jti = || tail.get(16..32).and_then(|bytes| Uuid::from_slice(bytes).ok());
    let jti = || jti().ok_or_else(|| garbled("an admission without an id"));
    Ok(match head[0] {
        b'W' => Standing::Waiting,
        b'C' => Standing::Called { called_at: instant(0)?, claim_by: instant(8)?, knock: None },
        b'D' => Standing::Called { called_at: instant(0)?, claim_by: instant(8)?, knock: Some(jti()?) },
        b'A' => {
            let renewals = (head[1] & !(DEFERRED | TIED)) >> RENEWALS;
            Standing::Admitted { jti: jti()?, at: instant(0)?, until: instant(8)?, renewals }
        }
        b'E' => {
            let how = tail.get(8).and_then(|letter| ending(*letter));
            Standing::Ended { how: how.ok_or_else(|| garbled("an ending"))?, at: instant(0)? }
        }
        _ => return Err(garbled("a standing")),
    })
}

/// A code as the scripts write it.
pub fn packed_code(code: &Code) -> Vec<u8> {
    let mut bytes = vec![code.lane];
    bytes.extend(code.uses_max.to_be_bytes());
    bytes.extend(code.uses.to_be_bytes());
    bytes.extend(code.expires_at.map_or(0, |at| at.micros()).to_be_bytes());
    bytes.push(code.revoked.into());
    bytes.extend(code.label.as_bytes());
    bytes
}

/// A code from its packed form.
pub fn code(key: CodeKey, packed: &[u8]) -> Result<Code, StoreError> {
    let (head, label) = packed.split_at_checked(CODE_HEAD).ok_or_else(|| garbled("a code is too short"))?;
    let expires = micros(head, 9)?;
    let count = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    Ok(Code {
        key,
        lane: head[0],
        uses_max: count(1),
        uses: count(5),
        expires_at: (expires != 0).then(|| Ts::from_micros(expires)),
        revoked: head[17] != 0,
        label: String::from_utf8_lossy(label).into_owned(),
    })
}

/// Why a code brought no place, as the join script says it.
pub fn code_refusal(letter: u8) -> Result<CodeRefusal, StoreError> {
    Ok(match letter {
        b'N' => CodeRefusal::Needed,
        b'U' => CodeRefusal::Unknown,
        b'F' => CodeRefusal::UsedUp,
        b'E' => CodeRefusal::Expired,
        b'R' => CodeRefusal::Revoked,
        b'L' => CodeRefusal::Restoring,
        _ => return Err(garbled("an answer to a code")),
    })
}

fn micros(bytes: &[u8], at: usize) -> Result<i64, StoreError> {
    let word = bytes.get(at..at + 8).and_then(|word| word.try_into().ok());
    word.map(i64::from_be_bytes).ok_or_else(|| garbled("a place is too short"))
}

/// The letter of an ending.
pub fn letter(how: Ending) -> &'static str {
    match how {
        Ending::Left => "L",
        Ending::Revoked => "R",
        Ending::Missed => "M",
        Ending::Finished => "F",
        Ending::Abandoned => "A",
        Ending::RanOut => "O",
    }
}

fn ending(letter: u8) -> Option<Ending> {
    Some(match letter {
        b'L' => Ending::Left,
        b'R' => Ending::Revoked,
        b'M' => Ending::Missed,
        b'F' => Ending::Finished,
        b'A' => Ending::Abandoned,
        b'O' => Ending::RanOut,
        _ => return None,
    })
}

/// Redis holds something that these scripts did not write.
pub fn garbled(what: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "Redis answered something unexpected ({what}); does another program use the keys “rushline:…”?"
    ))
}
