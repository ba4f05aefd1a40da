//! Answers kept for a moment, so that a crowd looking at one page costs one look into the tables.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use shared::clock::Ts;
use time::Duration;

/// How old a kept answer may be.
const KEPT: Duration = Duration::seconds(1);
/// Answers kept at most; beyond it all are forgotten and made anew.
const ANSWERS_MAX: usize = 2000;

/// One answer, made by one request while the others that want it wait.
type Slot<T> = Arc<tokio::sync::Mutex<Option<(Ts, Arc<T>)>>>;

/// Answers by what was asked.
pub struct Cache<T> {
    slots: Mutex<HashMap<String, Slot<T>>>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { slots: Mutex::default() }
    }
}

impl<T> Cache<T> {
    /// The answer to `key`, at most a second old; `make` makes it, and an error is kept for nobody.
    pub async fn get<E>(
        &self,
        key: &str,
        now: Ts,
        make: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        if let Some((_, answer)) = kept.as_ref().filter(|(at, _)| now - *at < KEPT) {
            return Ok(answer.clone());
        }
        let answer = Arc::new(make.await?);
        *kept = Some((now, answer.clone()));
        Ok(answer)
    }

    /// The answer to `key`, if it is there and at most a second old.
    pub fn fresh(&self, key: &str, now: Ts) -> Option<Arc<T>> {
        let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = slots.get(key)?.try_lock().ok()?;
        kept.as_ref().filter(|(at, _)| now - *at < KEPT).map(|(_, answer)| answer.clone())
    }

    /// Forgets everything: something was changed here and shall be seen at once.
    pub fn clear(&self) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn slot(&self, key: &str) -> Slot<T> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return slot.clone();
        }
        if slots.len() >= ANSWERS_MAX {
            slots.clear();
        }
        slots.entry(key.to_owned()).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_crowd_makes_an_answer_once_and_it_ages() {
        let cache = Cache::<u32>::default();
        let made = AtomicU32::new(0);
        let make = || async {
            tokio::task::yield_now().await;
            Ok::<_, Infallible>(made.fetch_add(1, Ordering::SeqCst))
        };
        let start = Ts::from_seconds(100);
        let crowd = futures_util::future::join_all((0..50).map(|_| cache.get("page", start, make()))).await;
        assert!(crowd.iter().all(|answer| **answer.as_ref().unwrap() == 0));
        assert_eq!(*cache.get("other", start, make()).await.unwrap(), 1);
        assert_eq!(cache.fresh("page", start).as_deref(), Some(&0));
        assert_eq!(cache.fresh("page", start + KEPT).or(cache.fresh("third", start)), None);
        assert_eq!(*cache.get("page", start + KEPT, make()).await.unwrap(), 2);
        cache.clear();
        assert_eq!(*cache.get("page", start + KEPT, make()).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn the_cache_does_not_grow_without_end() {
        let cache = Cache::<u32>::default();
        for i in 0..ANSWERS_MAX + 10 {
            let made = cache.get(&i.to_string(), Ts::from_seconds(1), async { Ok::<_, Infallible>(1) }).await;
            assert_eq!(*made.unwrap(), 1);
        }
        assert!(cache.slots.lock().unwrap().len() <= ANSWERS_MAX);
    }
}
