//! One reader at a time for all who need to be up to date.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

/// Lets any number of tasks ask for a read that begins after they asked, at the price of one read at a time.
///
/// Whoever waited while a read began and ended has what it asked for and reads nothing itself.
#[derive(Debug, Default)]
pub struct Reading {
    begun: AtomicU64,
    turn: Mutex<()>,
}

impl Reading {
    /// Returns after a read that began after this call: `read`, or another task's.
    ///
    /// # Errors
    /// Those of `read`; who waited for another task's read does not hear of its failure.
    pub async fn newer<E>(&self, read: impl Future<Output = Result<(), E>>) -> Result<(), E> {
        let asked = self.begun.load(Ordering::SeqCst);
        let _turn = self.turn.lock().await;
        if self.begun.load(Ordering::SeqCst) > asked {
            return Ok(());
        }
        self.begun.fetch_add(1, Ordering::SeqCst);
        read.await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::future::join_all;
    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn a_crowd_shares_one_read_and_late_comers_get_a_newer_one() {
        let (reading, reads) = (Arc::new(Reading::default()), Arc::new(AtomicU64::new(0)));
        let (started, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let ask = |first: bool| {
            let (reading, reads, started, go_on) =
                (reading.clone(), reads.clone(), started.clone(), go_on.clone());
            tokio::spawn(async move {
                let read = async {
                    reads.fetch_add(1, Ordering::SeqCst);
                    if first {
                        started.notify_one();
                        go_on.notified().await;
                    }
                    Ok::<(), ()>(())
                };
                reading.newer(read).await
            })
        };
        let first = ask(true);
        started.notified().await;
        let late: Vec<_> = (0..50).map(|_| ask(false)).collect();
        tokio::task::yield_now().await;
        go_on.notify_one();
        assert_eq!(first.await.unwrap(), Ok(()));
        assert!(join_all(late).await.into_iter().all(|done| done.unwrap() == Ok(())));
        assert_eq!(reads.load(Ordering::SeqCst), 2, "the first read had begun before the others asked");
    }
}
