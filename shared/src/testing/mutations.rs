//! Input that is almost right, for our own parsers: whatever they are fed, they answer and never panic.
//!
//! Ten thousand mutations for each parser in a normal run, always the same ones; the variable `FUZZ_CASES` asks for more.
//! `scripts/torture` spreads millions over all parsers and counts what they were fed.

use crate::entropy::Entropy;

/// Mutations in a normal run.
const CASES: u64 = 10_000;
/// Longest input that is made, in bytes.
const LONGEST: usize = 16 * 1024;
/// What is slow to feed gets one mutation of so many.
pub const SLOW: u64 = 50;

/// Bytes and words that parsers stumble over.
const STUMBLES: [&[u8]; 26] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\"",
    b"\\",
    b"{",
    b"[",
    b"]",
    b"}",
    b".",
    b"..",
    b"=",
    b"%00",
    b"%",
    b"\xff",
    b"\xc0\xae",
    b"\xed\xa0\x80",
    b"null",
    b"-1",
    b"1e999",
    b"9223372036854775808",
    b"0x",
    "\u{202e}".as_bytes(),
    "e\u{301}".as_bytes(),
    b":",
    b",",
];

/// How many inputs a parser is fed.
#[allow(clippy::disallowed_methods, reason = "asked for by hand, and only in tests")]
pub fn cases() -> u64 {
    std::env::var("FUZZ_CASES").ok().and_then(|wanted| wanted.parse().ok()).unwrap_or(CASES)
}

/// Feeds `parser` with mutations of `good` input. Panics as it does, and names the input.
pub fn feed(good: &[&[u8]], parser: impl FnMut(&[u8])) {
    feed_some(cases(), good, parser);
}

/// The same for a parser that is slow: one mutation of [`SLOW`].
pub fn feed_fewer(good: &[&[u8]], parser: impl FnMut(&[u8])) {
    feed_some(cases() / SLOW, good, parser);
}

/// The same for a parser of text.
pub fn feed_text(good: &[&str], mut parser: impl FnMut(&str)) {
    let good: Vec<&[u8]> = good.iter().map(|text| text.as_bytes()).collect();
    feed(&good, |input| parser(&String::from_utf8_lossy(input)));
}

fn feed_some(cases: u64, good: &[&[u8]], mut parser: impl FnMut(&[u8])) {
    let entropy = Entropy::seeded(1);
    for _ in 0..cases {
        let culprit = Culprit(mutated(&entropy, good));
        parser(&culprit.0);
    }
    tell(cases);
}

/// Says how many inputs a parser is fed, for whoever adds up.
#[allow(clippy::print_stderr, reason = "only tests say it, and only when their output is shown")]
pub fn tell(cases: u64) {
    eprintln!("fed: {cases}");
}

/// Says what it was, if the parser panics.
struct Culprit(Vec<u8>);

impl Drop for Culprit {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("fed with {:?}", String::from_utf8_lossy(&self.0));
        }
    }
}

/// One of `good` after one to six changes.
fn mutated(entropy: &Entropy, good: &[&[u8]]) -> Vec<u8> {
    let pick = |bound: usize| entropy.below(u32::try_from(bound.max(1)).unwrap_or(u32::MAX)) as usize;
    let mut bytes = good[pick(good.len())].to_vec();
    for _ in 0..=pick(6) {
        let at = pick(bytes.len());
        let until = (at + 1 + pick(16)).min(bytes.len());
        match pick(8) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << pick(8),
            1 if !bytes.is_empty() => bytes[at] = entropy.bytes::<1>()[0],
            2 if at < until => drop(bytes.drain(at..until)),
            3 if at < until => {
                let again = bytes[at..until].to_vec();
                (0..=pick(40)).for_each(|_| drop(bytes.splice(at..at, again.iter().copied())));
            }
            4 => bytes.truncate(at),
            5 => {
                let other = good[pick(good.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[pick(other.len())..]);
            }
            _ => drop(bytes.splice(at..at, STUMBLES[pick(STUMBLES.len())].iter().copied())),
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_mutations_come_every_time_and_differ_from_each_other() {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        feed(&[b"{\"n\":1}"], |input| first.push(input.to_vec()));
        feed(&[b"{\"n\":1}"], |input| second.push(input.to_vec()));
        assert_eq!(first, second);
        first.sort();
        first.dedup();
        assert!(first.len() > second.len() / 2, "{} of {}", first.len(), second.len());
    }
}
