//! What the counts of answers say. Pure.

use std::time::Duration;

use shared::health::{Report, Stock};

/// Upper bounds of how long answers take, milliseconds; whatever takes longer counts as the last.
const TOOK_MS: [u64; BUCKETS] = [10, 20, 50, 100, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 10_000];
/// How many there are.
pub const BUCKETS: usize = 14;
/// So many of a hundred answers took at most what is reported.
const SHARE: u64 = 95;
/// With fewer answers nobody queues.
const QUEUED_MIN: u64 = 20;

/// Answers counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Failures of the server.
    pub failed: u64,
    /// Answers at whose end transactions were waiting for the database.
    pub queued: u64,
    /// How many took so long, by [`bucket`].
    pub took: [u64; BUCKETS],
}

/// Where an answer that took so long is counted.
pub fn bucket(took: Duration) -> usize {
    TOOK_MS.iter().position(|bound| took <= Duration::from_millis(*bound)).unwrap_or(BUCKETS - 1)
}

impl Counts {
    /// The report of these counts. The database answers, or not; what is left to sell, if it was counted.
    pub fn report(&self, is_database_up: bool, stock: Option<Stock>) -> Report {
        let answers: u64 = self.took.iter().sum();
        let is_queueing = answers >= QUEUED_MIN && self.queued * 2 > answers;
        Report {
            answers,
            failed: self.failed,
            p95_ms: self.p95_ms(answers),
            is_queueing: is_queueing || !is_database_up,
            stock,
        }
    }

    fn p95_ms(&self, answers: u64) -> u64 {
        let (wanted, mut seen) = ((answers * SHARE).div_ceil(100), 0);
        let reached = self.took.iter().zip(TOOK_MS).find(|(count, _)| {
            seen += *count;
            seen >= wanted
        });
        if answers == 0 { 0 } else { reached.map_or(TOOK_MS[BUCKETS - 1], |(_, bound)| bound) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(took_ms: &[u64]) -> Counts {
        let mut counts = Counts::default();
        took_ms.iter().for_each(|ms| counts.took[bucket(Duration::from_millis(*ms))] += 1);
        counts
    }

    #[test]
    fn nineteen_of_twenty_took_at_most_what_is_reported() {
        let p95 = |took_ms: &[u64]| counts(took_ms).report(true, None).p95_ms;
        assert_eq!(p95(&[]), 0);
        assert_eq!(p95(&[&[8; 19][..], &[4000]].concat()), 10);
        assert_eq!(p95(&[&[8; 18][..], &[700, 4000]].concat()), 750);
        assert_eq!(p95(&[90_000]), 10_000);
    }

    #[test]
    fn transactions_queue_when_most_answers_saw_it_or_the_database_is_away() {
        let queued = |answers: usize, queued| Counts { queued, ..counts(&vec![1; answers]) };
        let reports =
            [queued(40, 20), queued(40, 21), queued(19, 19)].map(|c| c.report(true, None).is_queueing);
        assert_eq!(reports, [false, true, false]);
        assert!(queued(0, 0).report(false, None).is_queueing);
    }
}
