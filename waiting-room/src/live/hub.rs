//! Who watches which place, and when each is told.
//!
//! Watchers are spread over [`SLOTS`] slots; a pass serves one slot ([`rounds`](super::rounds)), so a second's work is spread evenly
//! over the second instead of bursting, which makes the late ones of 10,000 sockets some 20 times less late. Changes of a visitor's
//! own standing are told at once, positions at an interval that grows with the distance to the turn.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, Weak};

use metrics::Counter;
use shared::clock::Ts;
use uuid::Uuid;

use super::document::{PlaceDocument, own_document};
use super::kept::ByNumber;
use super::mailbox::{Subscription, Watcher};
use super::reading::Reading;
use super::rounds::{Passes, SLOTS};
use super::screens::{Screen, Screens};
use super::view::View;
use crate::eta::tally::Tally;
use crate::queue::{Change, Changes, Place, Standing};
use crate::rooms::rules::{Room, RoomId};

/// This node's views and watchers. Empty at first; a room appears with its first tick or look.
pub struct Hub {
    rooms: RwLock<HashMap<RoomId, Arc<Watched>>>,
    slots: [Mutex<Vec<Weak<Watcher>>>; SLOTS],
    next_slot: AtomicUsize,
    hurried: Hurried,
    pub(super) passes: Arc<Passes>,
}

/// Sockets with urgent news, each once, until the next pass takes them.
pub(super) type Hurried = Arc<Mutex<Vec<Arc<Watcher>>>>;

/// One room with its watchers.
pub struct Watched {
    pub(super) view: RwLock<View>,
    /// What this node's visitors were shown, and what came of it.
    pub(super) screens: Screens,
    /// By the numbers of their places.
    pub(super) watchers: Mutex<ByNumber>,
    pub(super) hurried: Hurried,
    pub(super) passes: Arc<Passes>,
    /// How often everybody had news at once; it changes with the view, while that is locked.
    pub(super) urged: AtomicU32,
    reading: Arc<Reading>,
    /// New places given by this node.
    joins: Counter,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            rooms: RwLock::default(),
            slots: std::array::from_fn(|_| Mutex::default()),
            next_slot: AtomicUsize::new(0),
            hurried: Hurried::default(),
            passes: Arc::default(),
        }
    }
}

impl Hub {
    /// Brings the settings of a room up to date, making its view if there is none. The version to ask changes
    /// for.
    pub fn set_room(&self, room: Room, now: Ts) -> u64 {
        let known = read(&self.rooms).get(&room.id).cloned();
        let Some(watched) = known else {
            let (id, mut view) = (room.id.clone(), View::new(room.clone(), now));
            view.set_room(room, now);
            let fresh = Arc::new(Watched {
                view: RwLock::new(view),
                screens: Screens::default(),
                watchers: Mutex::default(),
                hurried: self.hurried.clone(),
                passes: self.passes.clone(),
                urged: AtomicU32::new(0),
                reading: Arc::default(),
                joins: joins_of(&id),
            });
            let mut rooms = self.rooms.write().unwrap_or_else(PoisonError::into_inner);
            return read(&rooms.entry(id).or_insert(fresh).view).version();
        };
        let mut view = watched.view.write().unwrap_or_else(PoisonError::into_inner);
        watched.screens.set_room(&view.room, &room, now);
        if view.set_room(room, now) {
            watched.urge_all();
        }
        view.version()
    }

    /// Takes in what has happened to a line, and tells those whom it concerns at once. The watched places of which the
    /// line has said again what was known: they may be other browsers' now.
    pub fn apply(&self, room: &RoomId, changes: Changes, now: Ts) -> Vec<Uuid> {
        let Some(watched) = read(&self.rooms).get(room).cloned() else { return Vec::new() };
        let is_whole = matches!(changes, Changes::Whole(_));
        let news = {
            let mut view = watched.view.write().unwrap_or_else(PoisonError::into_inner);
            let was_restoring = view.restoring.is_some();
            let news = view.apply(changes, now);
            watched.screens.compare(&news, is_whole, view.room.opens_at);
            if view.restoring.is_some() != was_restoring {
                watched.screens.disturb(now);
                watched.urge_all();
            }
            news
        };
        let watchers: Vec<_> = {
            let by_number = lock(&watched.watchers);
            let concerned = |change: &Change| {
                let watchers = by_number.of(change.number);
                (!watchers.is_empty()).then(|| (change.to, watchers.to_vec()))
            };
            news.iter().filter_map(concerned).collect()
        };
        let view = read(&watched.view);
        let mut doubtful = Vec::new();
        for (standing, watchers) in watchers {
            for watcher in watchers {
                match watcher.set_standing(standing) {
                    Some(place) => doubtful.push(place),
                    None => watcher.tell(&view, now),
                }
            }
        }
        doubtful
    }

    /// Tells whoever watches a place from a browser that no longer holds it.
    pub fn tell_former_holders(&self, room: &RoomId, place: &Place, now: Ts) {
        let Some(watched) = read(&self.rooms).get(room).cloned() else { return };
        let watchers = lock(&watched.watchers).of(place.number).to_vec();
        for watcher in watchers {
            let theirs = watcher.place();
            if theirs.id == place.id && theirs.browser != place.browser {
                watcher.tell_it_moved(&read(&watched.view), now);
            }
        }
    }

    /// Who reads a room's line into its view; `None` for a room this node has not seen yet.
    pub fn reading(&self, room: &RoomId) -> Option<Arc<Reading>> {
        Some(read(&self.rooms).get(room)?.reading.clone())
    }

    /// This node has given a new place.
    pub fn count_join(&self, room: &RoomId) {
        match read(&self.rooms).get(room) {
            Some(watched) => watched.joins.increment(1),
            None => joins_of(room).increment(1),
        }
    }

    /// What has come of the waits shown on this node so far.
    pub fn tally(&self, room: &RoomId) -> Tally {
        let watched = read(&self.rooms).get(room).cloned();
        watched.map_or_else(Tally::default, |watched| watched.screens.tally())
    }

    /// The document of a place, which is shown to its visitor now.
    pub fn show(&self, room: &RoomId, place: &Place, now: Ts) -> Option<PlaceDocument<'static>> {
        let watched = read(&self.rooms).get(room).cloned()?;
        let document = own_document(&read(&watched.view), place, now);
        watched.screens.show(Screen::of(place, &document));
        Some(document)
    }

    /// What `look` makes of a room's view; `None` for a room this node has not seen yet.
    pub fn look<T>(&self, room: &RoomId, look: impl FnOnce(&View) -> T) -> Option<T> {
        let watched = read(&self.rooms).get(room).cloned()?;
        let view = read(&watched.view);
        Some(look(&view))
    }

    /// Watches a place, whose first document is in the mailbox at once. At most `sockets_max` watch one place;
    /// the oldest makes way.
    pub fn subscribe(&self, room: &RoomId, place: Place, sockets_max: u32, now: Ts) -> Option<Subscription> {
        let watched = read(&self.rooms).get(room).cloned()?;
        let number = place.number;
        let watcher = Arc::new(Watcher::new(watched.clone(), place));
        {
            let mut by_number = lock(&watched.watchers);
            let others_max = sockets_max.max(1) as usize - 1;
            by_number.keep(number, others_max).iter().for_each(|oldest| oldest.evict());
            by_number.add(number, watcher.clone());
        }
        let slot = self.next_slot.fetch_add(1, Ordering::Relaxed) % SLOTS;
        lock(&self.slots[slot]).push(Arc::downgrade(&watcher));
        watcher.tell(&read(&watched.view), now);
        Some(Subscription(watcher))
    }

    /// Who is to be passed by now: those of one slot, and before them whoever has urgent news.
    pub(super) fn turn(&self, slot: usize) -> Vec<Arc<Watcher>> {
        let mut turn = std::mem::take(&mut *lock(&self.hurried));
        lock(&self.slots[slot % SLOTS]).retain(|watcher| {
            let watcher = watcher.upgrade();
            let is_there = watcher.is_some();
            turn.extend(watcher);
            is_there
        });
        turn
    }

    /// Says goodbye to the sockets of one slot.
    pub fn restart(&self, slot: usize) {
        let watchers: Vec<_> = lock(&self.slots[slot % SLOTS]).iter().filter_map(Weak::upgrade).collect();
        watchers.iter().for_each(|watcher| watcher.restart());
    }

    /// Gives those who watch a room their drawn numbers: `number_of` says which, by the number in the lobby; drawn
    /// numbers begin at `first`.
    pub fn take_order(&self, room: &RoomId, first: u64, number_of: impl Fn(u64) -> u64, now: Ts) {
        let Some(watched) = read(&self.rooms).get(room).cloned() else { return };
        {
            let mut by_number = lock(&watched.watchers);
            let lobby = std::mem::take(&mut *by_number);
            for watcher in lobby.places().flatten() {
                by_number.add(watcher.renumber(&number_of), watcher.clone());
            }
        }
        watched.view.write().unwrap_or_else(PoisonError::into_inner).take_order(first, now);
        let watchers: Vec<_> = lock(&watched.watchers).places().flatten().cloned().collect();
        let view = read(&watched.view);
        watchers.iter().for_each(|watcher| watcher.tell(&view, now));
    }

    /// The places that are watched on this node and wait.
    pub fn waiting_places(&self, room: &RoomId) -> Vec<Place> {
        let Some(watched) = read(&self.rooms).get(room).cloned() else { return Vec::new() };
        let by_number = lock(&watched.watchers);
        let places = by_number
            .places()
            .filter_map(|same| same.iter().find(|one| !one.has_moved()))
            .map(|watcher| watcher.place());
        places.filter(|place| place.standing == Standing::Waiting).collect()
    }

    /// How many watch a room on this node.
    pub fn watchers_of(&self, room: &RoomId) -> usize {
        let watched = read(&self.rooms).get(room).cloned();
        watched.map_or(0, |room| lock(&room.watchers).places().map(<[_]>::len).sum())
    }
}

impl Watched {
    /// Everybody's next document is due, and within half a round. The view is locked by the caller.
    fn urge_all(&self) {
        self.urged.fetch_add(1, Ordering::Relaxed);
        self.passes.hasten();
    }
}

/// Kept by whoever counts often: to find it takes longer than to count.
fn joins_of(room: &RoomId) -> Counter {
    metrics::counter!("queue_joins_total", "room" => room.to_string())
}

/// Locks; what a panic left behind is as good as before.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same to read.
pub(super) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
pub(super) mod tests {
    use futures_util::FutureExt;
    use serde_json::Value;

    use super::*;
    use crate::live::mailbox::{Letter, Sheets, pass};
    use crate::live::rounds::Round;
    use crate::queue::BrowserKey;
    use crate::rooms::rules::tests::open_room;

    pub fn now() -> Ts {
        Ts::from_seconds(1_800_000_000)
    }

    pub fn place(number: u64) -> Place {
        let browser = BrowserKey::of_hash(&number.to_string());
        Place {
            id: Uuid::nil(),
            number,
            lane: 0,
            is_deferred: false,
            account: None,
            browser,
            joined_at: now(),
            standing: Standing::Waiting,
        }
    }

    /// A hub that has seen `count` people join an open room that calls one a second.
    pub fn hub(count: u64) -> Hub {
        let hub = Hub::default();
        hub.set_room(Room { rate_per_minute: 60, ..open_room() }, now());
        let steps = (1..=count).map(|number| Change { number, lane: 0, to: Standing::Waiting }).collect();
        hub.apply(&open_room().id, Changes::Steps { since: 0, version: count, steps }, now());
        hub
    }

    pub fn step(hub: &Hub, since: u64, number: u64, to: Standing) {
        let steps = vec![Change { number, lane: 0, to }];
        hub.apply(&open_room().id, Changes::Steps { since, version: since + 1, steps }, now());
    }

    pub fn left() -> Standing {
        Standing::Ended { how: crate::queue::Ending::Left, at: now() }
    }

    /// A whole round of passes, so many seconds after the server's start.
    pub fn serve_all(hub: &Hub, after_s: u64) {
        let everybody: Vec<_> = (0..SLOTS).flat_map(|slot| hub.turn(slot)).collect();
        pass(&everybody, now(), Round::FIRST.after_s(after_s), &mut Sheets::default());
    }

    /// What is in the mailbox, if anything.
    pub fn letter(subscription: &Subscription) -> Option<Letter> {
        subscription.next().now_or_never()
    }

    fn position(letter: Option<Letter>) -> Option<u64> {
        let Some(Letter::Document(text)) = letter else { return None };
        serde_json::from_str::<Value>(&text).unwrap()["position"].as_u64()
    }

    #[test]
    fn a_mailbox_holds_the_latest_document_and_nothing_else() {
        let hub = hub(3);
        let subscription = hub.subscribe(&open_room().id, place(3), 3, now()).unwrap();
        step(&hub, 3, 1, left());
        serve_all(&hub, 1);
        step(&hub, 4, 2, left());
        serve_all(&hub, 2);
        assert_eq!(position(letter(&subscription)), Some(1));
        assert_eq!(letter(&subscription), None);
    }

    #[test]
    fn nothing_new_is_not_said_until_it_doubles_as_a_sign_of_life() {
        let hub = hub(1);
        let subscription = hub.subscribe(&open_room().id, place(1), 3, now()).unwrap();
        assert_eq!(position(letter(&subscription)), Some(1));
        serve_all(&hub, 13);
        assert_eq!(letter(&subscription), None);
        serve_all(&hub, 16);
        assert_eq!(position(letter(&subscription)), Some(1));
        assert_eq!(letter(&subscription), None);
    }

    #[test]
    fn far_back_news_are_rarer_and_the_own_turn_is_told_at_once() {
        let hub = hub(2000);
        let [near, far] = [2, 2000].map(|n| hub.subscribe(&open_room().id, place(n), 3, now()).unwrap());
        assert_eq!([position(letter(&near)), position(letter(&far))], [Some(2), Some(2000)]);
        step(&hub, 2000, 1, left());
        serve_all(&hub, 2);
        assert_eq!([position(letter(&near)), position(letter(&far))], [Some(1), None]);
        let claim_by = now() + time::Duration::seconds(60);
        step(&hub, 2001, 2000, Standing::Called { called_at: now(), claim_by, knock: None });
        assert_eq!(position(letter(&far)), Some(0));
    }

    #[test]
    fn news_between_a_look_and_the_subscription_are_caught_up_with() {
        let hub = hub(1);
        let subscription = hub.subscribe(&open_room().id, place(1), 3, now()).unwrap();
        let claim_by = now() + time::Duration::seconds(60);
        let called = Standing::Called { called_at: now(), claim_by, knock: None };
        subscription.catch_up(Standing::Waiting, called, now());
        assert_eq!(position(letter(&subscription)), Some(0));
        step(&hub, 1, 1, left());
        subscription.catch_up(Standing::Waiting, called, now());
        let Some(Letter::Document(text)) = letter(&subscription) else { panic!("no news") };
        assert!(text.contains("\"state\":\"left\""), "an old look does not undo the news: {text}");
    }

    #[test]
    fn who_is_gone_is_forgotten() {
        let hub = hub(1);
        let subscriptions: Vec<_> =
            (0..3).map(|_| hub.subscribe(&open_room().id, place(1), 2, now()).unwrap()).collect();
        assert_eq!(hub.watchers_of(&open_room().id), 2);
        assert_eq!(letter(&subscriptions[0]), Some(Letter::Evicted));
        drop(subscriptions);
        assert_eq!(hub.watchers_of(&open_room().id), 0);
        serve_all(&hub, 0);
        assert!(hub.slots.iter().all(|slot| lock(slot).is_empty()));
    }
}
