#![doc = include_str!("../../../docs/qr-code.md")]

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use shared::keys::KeyRing;
use uuid::Uuid;

use super::model::TicketFacts;

/// First letters of the text: the layout's version, readable before decoding.
const PREFIX: &str = "RL1.";
const VERSION: u8 = 1;
const STATEMENT: usize = 70;
const WHOLE: usize = STATEMENT + 64;

/// What a genuine QR code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The event.
    pub event: i64,
    /// The performance.
    pub session: i64,
    /// The seat.
    pub seat: i64,
    /// The booking.
    pub booking: Uuid,
    /// The ticket.
    pub ticket: Uuid,
    /// Opaque id of the holder.
    pub holder: Uuid,
    /// Counts the transfers.
    pub generation: u16,
}

impl Statement {
    /// What the QR code of `ticket` says.
    pub fn of(ticket: &TicketFacts) -> anyhow::Result<Self> {
        Ok(Self {
            event: ticket.event_id,
            session: ticket.session_id,
            seat: ticket.seat_id,
            booking: ticket.booking_id,
            ticket: ticket.id,
            holder: ticket.holder,
            generation: u16::try_from(ticket.generation)?,
        })
    }

    /// Whether the stored ticket is the one this speaks of; after a transfer it no longer is.
    pub fn speaks_of(&self, ticket: &TicketFacts) -> bool {
        Self::of(ticket).is_ok_and(|current| current == *self)
    }

    /// The text of the QR code, signed with the newest key.
    pub fn sign(&self, keys: &KeyRing) -> anyhow::Result<String> {
        let kid = keys.kids().pop().ok_or_else(|| anyhow::anyhow!("there is no ticket key"))?;
        let mut bytes = self.bytes(&kid)?;
        let (signed_by, signature) = keys.sign_bytes(&bytes)?;
        anyhow::ensure!(signed_by == kid, "the ticket key was rotated just now");
        bytes.extend(signature);
        Ok(format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes)))
    }

    /// Reads the text of a QR code; `None` when it is not one of ours, altered, or signed by a key no longer live.
    pub fn verify(text: &str, keys: &KeyRing) -> Option<Self> {
        let bytes = BASE32_NOPAD.decode(text.strip_prefix(PREFIX)?.as_bytes()).ok()?;
        if bytes.len() != WHOLE || bytes[0] != VERSION {
            return None;
        }
        let (statement, signature) = bytes.split_at(STATEMENT);
        let kid = keys.kids().into_iter().find(|kid| key_hint(kid) == statement[1..5])?;
        keys.verify_bytes(&kid, statement, signature).then(|| Self::read(statement))
    }

    fn bytes(&self, kid: &str) -> anyhow::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(WHOLE);
        bytes.push(VERSION);
        bytes.extend(key_hint(kid));
        for number in [self.event, self.session, self.seat] {
            let number = u64::try_from(number)?.to_be_bytes();
            anyhow::ensure!(number[..3] == [0; 3], "an id is too large for a QR code");
            bytes.extend(&number[3..]);
        }
        for id in [self.booking, self.ticket, self.holder] {
            bytes.extend(id.as_bytes());
        }
        bytes.extend(self.generation.to_be_bytes());
        Ok(bytes)
    }

    /// From the signed bytes, whose length was checked.
    fn read(bytes: &[u8]) -> Self {
        let number = |at: usize| bytes[at..at + 5].iter().fold(0, |n, b| n << 8 | i64::from(*b));
        let id = |at: usize| Uuid::from_slice(&bytes[at..at + 16]).unwrap_or_default();
        Self {
            event: number(5),
            session: number(10),
            seat: number(15),
            booking: id(20),
            ticket: id(36),
            holder: id(52),
            generation: u16::from_be_bytes([bytes[68], bytes[69]]),
        }
    }
}

fn key_hint(kid: &str) -> [u8; 4] {
    let hash = Sha256::digest(kid);
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use shared::entropy::Entropy;
    use shared::keys::Purpose;

    use super::*;

    fn statement() -> Statement {
        Statement {
            event: 12,
            session: 34_567,
            seat: (1 << 40) - 1,
            booking: Uuid::from_u128(1),
            ticket: Uuid::from_u128(u128::MAX - 7),
            holder: Uuid::from_u128(99),
            generation: 3,
        }
    }

    #[test]
    fn reads_what_was_signed_and_refuses_every_flipped_bit() {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(dir.path(), Purpose::Ticket, &Entropy::seeded(1)).unwrap();
        let text = statement().sign(&keys).unwrap();
        assert_eq!(text.len(), 219);
        assert_eq!(Statement::verify(&text, &keys), Some(statement()));
        let bytes = BASE32_NOPAD.decode(&text.as_bytes()[4..]).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let text = format!("RL1.{}", BASE32_NOPAD.encode(&flipped));
            assert_eq!(Statement::verify(&text, &keys), None, "bit {bit}");
        }
        for at in 0..text.len() {
            for bit in 0..7 {
                let mut letters = text.clone().into_bytes();
                letters[at] ^= 1 << bit;
                let altered = String::from_utf8(letters).unwrap();
                assert_eq!(Statement::verify(&altered, &keys), None, "letter {at}, bit {bit}");
            }
        }
        for cut in 0..text.len() {
            assert_eq!(Statement::verify(&text[..cut], &keys), None);
        }
        assert_eq!(Statement::verify(&format!("{text}A"), &keys), None);
    }

    #[test]
    fn a_foreign_key_signs_nothing_and_a_rotated_one_still_reads() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let entropy = Entropy::seeded(1);
        let keys = KeyRing::open(here.path(), Purpose::Ticket, &entropy).unwrap();
        let foreign = KeyRing::open(there.path(), Purpose::Ticket, &entropy).unwrap();
        assert_eq!(Statement::verify(&statement().sign(&foreign).unwrap(), &keys), None);
        let text = statement().sign(&keys).unwrap();
        keys.rotate(&entropy, shared::clock::Ts::from_seconds(0)).unwrap();
        assert_eq!(Statement::verify(&text, &keys), Some(statement()));
        keys.rotate(&entropy, shared::clock::Ts::from_seconds(0)).unwrap();
        assert_eq!(Statement::verify(&text, &keys), None);
    }

    #[test]
    fn an_id_too_large_is_refused_and_not_cut() {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(dir.path(), Purpose::Ticket, &Entropy::seeded(1)).unwrap();
        for seat in [1 << 40, -1] {
            assert!(Statement { seat, ..statement() }.sign(&keys).is_err());
        }
    }

    #[test]
    fn mutated_codes_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(dir.path(), Purpose::Ticket, &Entropy::seeded(1)).unwrap();
        let good = statement().sign(&keys).unwrap();
        shared::testing::mutations::feed_text(&[&good], |text| {
            assert!(text == good || Statement::verify(text, &keys).is_none(), "accepted: {text}");
        });
    }
}
