//! Latencies in constant memory: buckets that grow by an eighth, so a quantile is right to about 6 %.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Buckets per doubling.
const FINE: usize = 8;
/// Covers 1 µs to over an hour.
const BUCKETS: usize = 33 * FINE;

/// Counts of durations; recording takes `&self`, so that tasks share one.
pub struct Histogram {
    counts: Vec<AtomicU64>,
    max_us: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(), max_us: AtomicU64::new(0) }
    }
}

impl Histogram {
    /// Counts one duration.
    pub fn record(&self, took: Duration) {
        let us = took.as_micros() as u64;
        self.counts[bucket(us)].fetch_add(1, Ordering::Relaxed);
        self.max_us.fetch_max(us, Ordering::Relaxed);
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().map(|c| c.load(Ordering::Relaxed)).sum()
    }

    /// The counts of all buckets, to be [`merge`](Self::merge)d elsewhere.
    pub fn counts(&self) -> Vec<u64> {
        self.counts.iter().map(|count| count.load(Ordering::Relaxed)).collect()
    }

    /// Adds counts of another process; the longest is then known to a bucket.
    pub fn merge(&self, counts: &[u64]) {
        for (index, (own, count)) in self.counts.iter().zip(counts).enumerate() {
            own.fetch_add(*count, Ordering::Relaxed);
            if *count > 0 {
                self.max_us.fetch_max(upper_us(index), Ordering::Relaxed);
            }
        }
    }

    /// The longest, exactly, in milliseconds.
    pub fn max_ms(&self) -> f64 {
        self.max_us.load(Ordering::Relaxed) as f64 / 1000.0
    }

    /// The duration that the share `q` (0 to 1) does not exceed, in milliseconds; 0 when nothing was counted.
    pub fn quantile_ms(&self, q: f64) -> f64 {
        let total = self.count();
        let wanted = ((total as f64) * q).ceil().max(1.0) as u64;
        let mut seen = 0;
        for (index, count) in self.counts.iter().enumerate() {
            seen += count.load(Ordering::Relaxed);
            if seen >= wanted {
                return (upper_us(index) as f64 / 1000.0).min(self.max_ms());
            }
        }
        0.0
    }
}

/// Exact below [`FINE`] µs; then the doubling and the eighth within it.
fn bucket(us: u64) -> usize {
    if us < FINE as u64 {
        return us as usize;
    }
    let doubling = us.ilog2() as usize;
    let eighth = ((us >> (doubling - 3)) & 7) as usize;
    ((doubling - 2) * FINE + eighth).min(BUCKETS - 1)
}

/// Upper end of a bucket.
fn upper_us(bucket: usize) -> u64 {
    if bucket < FINE {
        return bucket as u64;
    }
    let (doubling, eighth) = (bucket / FINE + 2, bucket % FINE);
    ((FINE + eighth + 1) as u64) << (doubling - 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_ends_at_most_an_eighth_above_what_it_holds() {
        for us in (0..5000).chain([65_535, 65_536, 1_000_003, 3_600_000_000]) {
            let upper = upper_us(bucket(us));
            assert!(upper >= us && upper as f64 <= us as f64 * 1.126, "{us} ends at {upper}");
        }
    }

    #[test]
    fn quantiles_are_read_off() {
        let all = Histogram::default();
        for ms in 1..=100 {
            all.record(Duration::from_millis(ms));
        }
        assert_eq!(all.count(), 100);
        assert_eq!(all.max_ms(), 100.0);
        let median = all.quantile_ms(0.5);
        assert!((50.0..57.0).contains(&median), "{median}");
        assert_eq!(Histogram::default().quantile_ms(0.5), 0.0);
    }
}
