//! One open socket or stream, and the mailbox between it and the [hub](super::hub): never more than the latest of each kind.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLockReadGuard};
use std::time::{Duration, Instant};

use axum::extract::ws::Utf8Bytes;
use shared::clock::Ts;
use tokio::sync::Notify;
use uuid::Uuid;

use super::document::{RETRY_MAX_S, document};
use super::hub::{Watched, lock, read};
use super::view::View;
use crate::queue::{Place, Standing};

/// A browser that is still there answers a ping within this time; one that does not is gone after twice as long.
const PING_EVERY: Duration = Duration::from_secs(14);

/// One open socket or stream of one place.
pub(super) struct Watcher {
    room: Arc<Watched>,
    place: Mutex<Place>,
    /// The place is another browser's now.
    moved: AtomicBool,
    mail: Mutex<Mail>,
    arrived: Notify,
}

/// What waits for a browser: never more than the latest of each kind.
#[derive(Default)]
struct Mail {
    frame: Option<Utf8Bytes>,
    ping: bool,
    evicted: bool,
    /// Fingerprint of what was last put into `frame`.
    shown: Option<u64>,
    shown_at: Option<Instant>,
    due_at: Option<Instant>,
    pinged_at: Option<Instant>,
}

/// One delivery to a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// The place document as JSON.
    Document(Utf8Bytes),
    /// Show that you are there.
    Ping,
    /// The same place watches from too many sockets, and this is the oldest.
    Evicted,
}

/// A watcher as long as it is held.
pub struct Subscription(pub(super) Arc<Watcher>);

impl Watcher {
    /// One whose mailbox is empty yet.
    pub(super) fn new(room: Arc<Watched>, place: Place) -> Self {
        let (place, mail, arrived) = (Mutex::new(place), Mutex::default(), Notify::new());
        Self { room, place, moved: AtomicBool::new(false), mail, arrived }
    }

    /// The view of the room it watches.
    pub(super) fn view(&self) -> RwLockReadGuard<'_, View> {
        read(&self.room.view)
    }

    /// The place it watches, as it is known now.
    pub(super) fn place(&self) -> Place {
        lock(&self.place).clone()
    }

    /// The place has another number.
    pub(super) fn set_number(&self, number: u64) {
        lock(&self.place).number = number;
    }

    /// The next document is due at the next pass.
    pub(super) fn hurry(&self) {
        lock(&self.mail).due_at = None;
    }

    /// Takes the standing; the place's id when that was known before.
    pub(super) fn set_standing(&self, standing: Standing) -> Option<Uuid> {
        let mut place = lock(&self.place);
        let before = std::mem::replace(&mut place.standing, standing);
        (before == standing).then_some(place.id)
    }

    pub(super) fn has_moved(&self) -> bool {
        self.moved.load(Ordering::Relaxed)
    }

    /// From now on the browser sees that its place is another one's.
    pub(super) fn tell_it_moved(&self, view: &View, now: Ts) {
        self.moved.store(true, Ordering::Relaxed);
        self.show(view, now, Instant::now(), true);
    }

    /// Puts the current document into the mailbox if it is due (or `urgent`) and says something new, or if
    /// nothing was said for long.
    pub(super) fn show(&self, view: &View, now: Ts, at: Instant, urgent: bool) {
        let mut mail = lock(&self.mail);
        let pinged = mail.pinged_at.get_or_insert(at);
        if at.saturating_duration_since(*pinged) >= PING_EVERY {
            *pinged = at;
            mail.ping = true;
            self.arrived.notify_one();
        }
        if !urgent && mail.due_at.is_some_and(|due| at < due) {
            return;
        }
        let place = lock(&self.place).clone().at(now);
        let fresh = document(view, &place, now);
        let fresh = if self.has_moved() { fresh.moved() } else { fresh };
        mail.due_at = Some(at + Duration::from_secs(fresh.retry_after_s.max(1)));
        let silent_for = mail.shown_at.map(|shown| at.saturating_duration_since(shown));
        let long_silent = silent_for.is_none_or(|silent| silent >= Duration::from_secs(RETRY_MAX_S));
        let shown = Some(fresh.fingerprint());
        if mail.shown == shown && !long_silent {
            return;
        }
        let Ok(text) = serde_json::to_string(&fresh) else { return };
        self.room.screens.show(&place, &fresh);
        mail.frame = Some(text.into());
        (mail.shown, mail.shown_at) = (shown, Some(at));
        self.arrived.notify_one();
    }

    pub(super) fn evict(&self) {
        lock(&self.mail).evicted = true;
        self.arrived.notify_one();
    }
}

impl Subscription {
    /// Takes the standing from `seen` to `now_known`, unless news have moved it meanwhile.
    pub fn catch_up(&self, seen: Standing, now_known: Standing, now: Ts) {
        {
            let mut place = lock(&self.0.place);
            if place.standing != seen || seen == now_known {
                return;
            }
            place.standing = now_known;
        }
        self.0.show(&read(&self.0.room.view), now, Instant::now(), true);
    }

    /// From now on the browser sees that its place is another one's.
    pub fn tell_it_moved(&self, now: Ts) {
        self.0.tell_it_moved(&read(&self.0.room.view), now);
    }

    /// The place has another number than when it was looked up: its order was drawn meanwhile.
    pub fn renumber(&self, number: u64) {
        let mut by_number = lock(&self.0.room.watchers);
        let before = std::mem::replace(&mut lock(&self.0.place).number, number);
        forget(&mut by_number, before, &self.0);
        by_number.entry(number).or_default().push(self.0.clone());
    }

    /// The next delivery. Dropping the future loses nothing.
    pub async fn next(&self) -> Letter {
        loop {
            {
                let mut mail = lock(&self.0.mail);
                if mail.evicted {
                    return Letter::Evicted;
                }
                if let Some(frame) = mail.frame.take() {
                    return Letter::Document(frame);
                }
                if std::mem::take(&mut mail.ping) {
                    return Letter::Ping;
                }
            }
            self.0.arrived.notified().await;
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut by_number = lock(&self.0.room.watchers);
        let number = lock(&self.0.place).number;
        forget(&mut by_number, number, &self.0);
    }
}

fn forget(by_number: &mut HashMap<u64, Vec<Arc<Watcher>>>, number: u64, watcher: &Arc<Watcher>) {
    if let Some(same) = by_number.get_mut(&number) {
        same.retain(|other| !Arc::ptr_eq(other, watcher));
        if same.is_empty() {
            by_number.remove(&number);
        }
    }
}
