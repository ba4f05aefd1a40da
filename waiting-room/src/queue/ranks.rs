//! Exact positions of a whole line in one bit per number.
//!
//! A set bit says "this number is waiting". How many wait ahead of a number is the count of set bits below it:
//! a prefix sum over blocks of 512 bits, refreshed once per batch of changes, plus at most eight population
//! counts. A million waiting take 125 KB of bits and 16 KB of sums; refreshing all of them takes microseconds.
//! The layout is the classic rank directory of Jacobson, "Space-efficient
//! static trees and graphs" (1989), with one level, which suffices at this size.

/// Bits in a block: eight words, one cache line.
const BLOCK_BITS: u64 = 512;
const WORDS: usize = (BLOCK_BITS / 64) as usize;

/// Which numbers of a line are waiting, with a rank directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranks {
    /// Number of the first bit; a multiple of the block size.
    base: u64,
    blocks: Vec<[u64; WORDS]>,
    /// `sums[i]`: set bits in all blocks before block `i`; one entry more than there are blocks.
    sums: Vec<u64>,
}

impl Ranks {
    /// The line in which exactly these numbers wait.
    pub fn of(numbers: impl IntoIterator<Item = u64>) -> Self {
        let mut ranks = Self::default();
        ranks.update(numbers.into_iter().map(|number| (number, true)));
        ranks
    }

    /// The line of a bitmap as Redis keeps it: the first byte's highest bit is number 0.
    pub fn of_bitmap(bytes: &[u8]) -> Self {
        let block_bytes = (BLOCK_BITS / 8) as usize;
        let skipped = bytes.iter().take_while(|byte| **byte == 0).count() / block_bytes;
        let word = |bytes: &[u8]| {
            let bits = |(at, byte): (usize, &u8)| u64::from(byte.reverse_bits()) << (8 * at);
            bytes.iter().enumerate().map(bits).sum()
        };
        let block = |bytes: &[u8]| {
            let mut words = [0; WORDS];
            words.iter_mut().zip(bytes.chunks(8)).for_each(|(to, bytes)| *to = word(bytes));
            words
        };
        let blocks = bytes[skipped * block_bytes..].chunks(block_bytes).map(block).collect();
        let mut ranks = Self { base: skipped as u64 * BLOCK_BITS, blocks, sums: Vec::new() };
        ranks.refresh(0);
        ranks
    }

    /// Applies `(number, waits)` pairs in order, then refreshes the directory once.
    pub fn update(&mut self, changes: impl IntoIterator<Item = (u64, bool)>) {
        let mut dirty = usize::MAX;
        for (number, waits) in changes {
            if let Some(block) = self.put(number, waits) {
                dirty = dirty.min(block);
            }
        }
        if dirty != usize::MAX {
            self.refresh(dirty);
        }
    }

    /// How many wait.
    pub fn waiting(&self) -> u64 {
        self.sums.last().copied().unwrap_or(0)
    }

    /// Whether `number` waits.
    pub fn contains(&self, number: u64) -> bool {
        let Some(bit) = number.checked_sub(self.base) else { return false };
        let block = self.blocks.get((bit / BLOCK_BITS) as usize);
        block.is_some_and(|words| words[(bit % BLOCK_BITS / 64) as usize] >> (bit % 64) & 1 == 1)
    }

    /// How many wait with a number below `number`.
    pub fn ahead_of(&self, number: u64) -> u64 {
        let Some(bit) = number.checked_sub(self.base) else { return 0 };
        let index = (bit / BLOCK_BITS) as usize;
        let Some(words) = self.blocks.get(index) else { return self.waiting() };
        let word = (bit % BLOCK_BITS / 64) as usize;
        let whole: u32 = words[..word].iter().map(|w| w.count_ones()).sum();
        let part = (words[word] & ((1 << (bit % 64)) - 1)).count_ones();
        self.sums[index] + u64::from(whole + part)
    }

    /// The waiting number with so many waiting ones below it; `None` when fewer wait.
    pub fn nth(&self, ahead: u64) -> Option<u64> {
        let index = self.sums.partition_point(|before| *before <= ahead).checked_sub(1)?;
        let mut left = ahead - self.sums[index];
        for (at, word) in self.blocks.get(index)?.iter().enumerate() {
            let ones = u64::from(word.count_ones());
            if left < ones {
                let rest = (0..left).fold(*word, |rest, _| rest & (rest - 1));
                let bit = at as u64 * 64 + u64::from(rest.trailing_zeros());
                return Some(self.base + index as u64 * BLOCK_BITS + bit);
            }
            left -= ones;
        }
        None
    }

    /// Sets or clears a bit; the index of its block if it changed.
    fn put(&mut self, number: u64, waits: bool) -> Option<usize> {
        if self.contains(number) == waits {
            return None;
        }
        if waits {
            self.make_room(number);
        }
        let bit = number - self.base;
        let block = (bit / BLOCK_BITS) as usize;
        self.blocks[block][(bit % BLOCK_BITS / 64) as usize] ^= 1 << (bit % 64);
        Some(block)
    }

    fn make_room(&mut self, number: u64) {
        let start = number - number % BLOCK_BITS;
        if self.blocks.is_empty() {
            self.base = start;
        } else if start < self.base {
            let missing = ((self.base - start) / BLOCK_BITS) as usize;
            self.blocks.splice(0..0, std::iter::repeat_n([0; WORDS], missing));
            self.base = start;
            self.sums.clear();
        }
        let needed = ((number - self.base) / BLOCK_BITS) as usize + 1;
        if self.blocks.len() < needed {
            self.blocks.resize(needed, [0; WORDS]);
        }
    }

    /// Recomputes the sums behind block `from`, and those of blocks that have none yet.
    fn refresh(&mut self, from: usize) {
        let from = from.min(self.sums.len().saturating_sub(1));
        self.sums.resize(self.blocks.len() + 1, 0);
        let mut sum = self.sums[from];
        for (index, block) in self.blocks.iter().enumerate().skip(from) {
            sum += u64::from(block.iter().map(|w| w.count_ones()).sum::<u32>());
            self.sums[index + 1] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_a_sorted_set(
            changes in prop::collection::vec((0u64..5000, any::<bool>()), 0..400),
            asked in prop::collection::vec(0u64..6000, 50),
            batch in 1usize..50,
        ) {
            let mut model = BTreeSet::new();
            let mut ranks = Ranks::default();
            for chunk in changes.chunks(batch) {
                ranks.update(chunk.iter().copied());
                for &(number, waits) in chunk {
                    if waits { model.insert(number); } else { model.remove(&number); }
                }
                prop_assert_eq!(ranks.waiting(), model.len() as u64);
                for (ahead, number) in (0..).zip(&model) {
                    prop_assert_eq!(ranks.nth(ahead), Some(*number));
                }
                prop_assert_eq!(ranks.nth(model.len() as u64), None);
                for &number in &asked {
                    prop_assert_eq!(ranks.contains(number), model.contains(&number));
                    prop_assert_eq!(ranks.ahead_of(number), model.range(..number).count() as u64);
                }
            }
        }
    }

    #[test]
    fn a_bitmap_is_read_as_redis_writes_it() {
        for numbers in [vec![], vec![0], vec![1, 7, 8], vec![513, 600, 5000], vec![1_000_000]] {
            let mut bytes = vec![0u8; numbers.last().map_or(0, |last| last / 8 + 1) as usize];
            numbers.iter().for_each(|n: &u64| bytes[(n / 8) as usize] |= 0x80 >> (n % 8));
            let (read, built) = (Ranks::of_bitmap(&bytes), Ranks::of(numbers.clone()));
            assert_eq!(read.waiting(), numbers.len() as u64);
            numbers
                .iter()
                .for_each(|n| assert!(read.contains(*n) && read.ahead_of(*n) == built.ahead_of(*n)));
        }
    }

    #[test]
    fn a_number_far_below_the_first_one_moves_the_base() {
        let mut ranks = Ranks::of([1_000_000]);
        ranks.update([(3, true)]);
        assert_eq!((ranks.ahead_of(3), ranks.ahead_of(1_000_000), ranks.waiting()), (0, 1, 2));
    }
}
