//! This node's copy of the entries, where the lines are in Redis.
//!
//! An append waits for the disk, which takes milliseconds, and on a busy disk hundreds of them: on a thread that serves sockets that
//! would make all of theirs late. So every access to the file is a blocking task. One that nobody waits for any more is
//! carried out all the same, and whoever comes next asks how long the copy is.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::spawn_blocking;

use crate::scroll::Scroll;

/// The copy.
#[derive(Debug, Clone)]
pub struct Copy(Arc<Mutex<Scroll>>);

impl Copy {
    /// Opens or creates the file.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Scroll::open(path)?))))
    }

    /// How many entries it has.
    ///
    /// # Errors
    /// When the task cannot be run: the server ends.
    pub async fn len(&self) -> io::Result<u64> {
        self.with(|scroll| Ok(scroll.len())).await
    }

    /// Entries from number `from` on, `limit` at most.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn read(&self, from: u64, limit: usize) -> io::Result<Vec<String>> {
        self.with(move |scroll| scroll.read(from, limit)).await
    }

    /// Takes in entries from number `from` on, as far as it does not have them.
    ///
    /// # Errors
    /// When they cannot be written.
    pub async fn take(&self, from: u64, entries: Vec<String>) -> io::Result<()> {
        self.with(move |scroll| match scroll.len().checked_sub(from) {
            Some(known) => scroll.append(entries.get(known as usize..).unwrap_or_default()),
            None => Ok(()),
        })
        .await
    }

    async fn with<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Scroll) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let scroll = self.0.clone();
        spawn_blocking(move || act(&mut scroll.lock().unwrap_or_else(PoisonError::into_inner))).await?
    }
}
