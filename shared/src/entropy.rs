//! Randomness as a value: the system's, or a seeded one that a test can repeat.

use std::sync::{Arc, Mutex, PoisonError};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

use crate::clock::Ts;

/// Letters of codes that people read aloud or type: no 0/O, 1/I/L, and no vowels that spell words.
const CODE_LETTERS: &[u8; 27] = b"BCDFGHJKMNPQRSTVWXYZ2345679";

/// A shared source of random bytes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Entropy(Arc<Mutex<ChaCha12Rng>>);

impl Entropy {
    /// Seeded once from the operating system; the only place that asks it.
    #[allow(clippy::disallowed_methods)]
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(ChaCha12Rng::from_rng(&mut rand::rng()))))
    }

    /// The same stream for the same seed. For tests and simulations only.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))))
    }

    /// `N` unpredictable bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out);
        out
    }

    /// A number in `0..bound`, without modulo bias worth speaking of (64 bits drawn for a small bound).
    pub fn below(&self, bound: u32) -> u32 {
        (u64::from_le_bytes(self.bytes()) % u64::from(bound.max(1))) as u32
    }

    /// A version 7 UUID: time-ordered for index locality, 74 random bits against guessing.
    pub fn uuid_v7(&self, now: Ts) -> Uuid {
        let millis = (now.micros() / 1000).max(0) as u64;
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes::<10>()).into_uuid()
    }

    /// `len` letters that are easy to read aloud, about 4.75 bits each.
    pub fn code(&self, len: usize) -> String {
        let mut source = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut letter = || {
            let mut drawn = [0; 8];
            source.fill_bytes(&mut drawn);
            CODE_LETTERS[(u64::from_le_bytes(drawn) % CODE_LETTERS.len() as u64) as usize] as char
        };
        (0..len).map(|_| letter()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_the_system_does_not() {
        assert_eq!(Entropy::seeded(7).bytes::<16>(), Entropy::seeded(7).bytes::<16>());
        assert_ne!(Entropy::system().bytes::<16>(), Entropy::system().bytes::<16>());
    }

    #[test]
    fn uuids_sort_by_time() {
        let entropy = Entropy::seeded(1);
        let early = entropy.uuid_v7(Ts::from_seconds(10));
        let late = entropy.uuid_v7(Ts::from_seconds(11));
        assert!(early < late && early.get_version_num() == 7);
    }
}
