//! The seat maps this node keeps: loaded at the first look, fed while somebody looks, dropped when nobody does.
//!
//! One task a session reads what changed: at once when this node or the [news](crate::news) of another say so, and every
//! [`POLL`] in case nobody said it.
//! Watchers share its rendered deltas through a bounded channel; one that falls behind is told the difference since
//! what it last got, and nobody waits for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use shared::clock::Ts;
use tokio::sync::{Notify, OnceCell, broadcast};
use tokio::time::{Instant, MissedTickBehavior};

use super::map::{Delta, OVERLAP_US, SKEW_US, SeatMap};
use super::store::{self, SeatChange};
use crate::app::App;
use crate::error::{Error, Result};
use crate::venues;

/// Sessions kept in memory; beyond it the one looked at longest ago goes.
const SESSIONS_MAX: usize = 64;
/// Between two looks for changes that nobody told of: news may be lost.
const POLL: Duration = Duration::from_millis(500);
/// Every so many polls one reaches back as far as clocks may be apart: two seconds.
const WIDE_POLLS: u32 = 4;
/// Between two reads of the table, so that a storm of sales is read in batches.
const BREATH: Duration = Duration::from_millis(40);
/// The same when a read takes long: other clients see a seat turn within a second.
const BREATH_MAX: Duration = Duration::from_millis(500);
/// A map that nobody looked at for so long is dropped.
const IDLE_S: i64 = 120;
/// The whole session is read again this often, whatever the deltas said: 120 polls, a minute.
const RELOAD_POLLS: u32 = 120;
/// Deltas kept for watchers that are busy.
const DELTAS_MAX: usize = 64;

/// The maps of this node.
#[derive(Default)]
pub struct SeatMaps {
    sessions: Mutex<HashMap<i64, Arc<OnceCell<Arc<Watched>>>>>,
}

/// One session's map, fed.
pub struct Watched {
    session: i64,
    map: Mutex<SeatMap>,
    /// Held while the table is read, so that many askers share one read.
    reading: tokio::sync::Mutex<()>,
    /// Changes told of, and how many of them the map has seen: it is stale while the second is behind.
    told: AtomicU64,
    seen: AtomicU64,
    /// The earliest instant of the changes told of and not seen, in microseconds, by the clock of who made them.
    told_from: AtomicI64,
    /// When the newest read of the table began, in microseconds by this node's clock.
    read_at: AtomicI64,
    /// Whether the session has other seats or ticket types than the map.
    is_replanned: AtomicBool,
    /// Wakes the task that feeds the map.
    news: Notify,
    looked_at_s: AtomicI64,
    deltas: broadcast::Sender<Arc<News>>,
}

/// A delta rendered once for all watchers.
pub struct News {
    /// The version it leads to.
    pub version: i64,
    /// JSON.
    pub text: String,
}

impl SeatMaps {
    /// Notes that seats of `session` changed at `at`, or a little earlier: the next look reads the table first.
    pub fn mark_stale(&self, session: i64, at: Ts) {
        if let Some(watched) = self.known(session) {
            watched.mark_stale(at.micros());
            watched.news.notify_one();
        }
    }

    /// Takes in what this node has just committed of `session`: nobody need read the table for it. Watchers are told by the
    /// task that feeds the map, so that a storm of sales reaches them in batches.
    pub fn take_in(&self, session: i64, rows: Vec<SeatChange>, now: Ts) {
        if let Some(watched) = self.known(session) {
            watched.lock().take_in(rows, now);
            watched.news.notify_one();
        }
    }

    /// Notes that `session` has other seats or ticket types: the next look reads it whole.
    pub fn mark_replanned(&self, session: i64) {
        if let Some(watched) = self.known(session) {
            watched.is_replanned.store(true, Ordering::SeqCst);
            watched.mark_stale(watched.read_at.load(Ordering::SeqCst));
            watched.news.notify_one();
        }
    }

    /// The same for every session, when nobody knows which or when.
    pub fn mark_all_stale(&self) {
        for watched in self.lock().values().filter_map(|cell| cell.get()) {
            watched.mark_stale(watched.read_at.load(Ordering::SeqCst) - SKEW_US);
            watched.news.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Arc<OnceCell<Arc<Watched>>>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cell(&self, session: i64) -> Arc<OnceCell<Arc<Watched>>> {
        let mut sessions = self.lock();
        if sessions.len() >= SESSIONS_MAX && !sessions.contains_key(&session) {
            let looked_at = |cell: &Arc<OnceCell<Arc<Watched>>>| {
                cell.get().map_or(i64::MIN, |watched| watched.looked_at_s.load(Ordering::SeqCst))
            };
            let oldest = sessions.iter().min_by_key(|(_, cell)| looked_at(cell)).map(|(id, _)| *id);
            oldest.and_then(|id| sessions.remove(&id));
        }
        sessions.entry(session).or_default().clone()
    }

    fn forget(&self, watched: &Arc<Watched>) {
        let mut sessions = self.lock();
        let is_ours =
            |cell: &Arc<OnceCell<Arc<Watched>>>| cell.get().is_some_and(|w| Arc::ptr_eq(w, watched));
        if sessions.get(&watched.session).is_some_and(is_ours) {
            sessions.remove(&watched.session);
        }
    }

    /// The map of `session`, if it is loaded.
    fn known(&self, session: i64) -> Option<Arc<Watched>> {
        self.lock().get(&session).and_then(|cell| cell.get().cloned())
    }

    /// Whether the map is still fed.
    pub(super) fn keeps(&self, watched: &Arc<Watched>) -> bool {
        self.known(watched.session).is_some_and(|known| Arc::ptr_eq(&known, watched))
    }
}

/// The map of `session`, loaded if need be; it may lag behind the table by a poll. `None` for an unknown session.
pub async fn watch(app: &App, session: i64) -> Result<Option<Arc<Watched>>> {
    let cell = app.seat_maps.cell(session);
    let loaded = cell.get_or_try_init(|| load(app, session)).await;
    match loaded {
        Ok(watched) => {
            watched.looked_at_s.store(app.now().seconds(), Ordering::SeqCst);
            Ok(Some(watched.clone()))
        }
        Err(None) => {
            app.seat_maps.lock().remove(&session);
            Ok(None)
        }
        Err(Some(error)) => Err(error),
    }
}

async fn load(app: &App, session: i64) -> Result<Arc<Watched>, Option<Error>> {
    let began = app.now();
    let map = read_all(app, session).await.map_err(Some)?.ok_or(None)?;
    let watched = Arc::new(Watched {
        session,
        map: Mutex::new(map),
        reading: tokio::sync::Mutex::new(()),
        told: AtomicU64::new(0),
        seen: AtomicU64::new(0),
        told_from: AtomicI64::new(i64::MAX),
        read_at: AtomicI64::new(began.micros()),
        is_replanned: AtomicBool::new(false),
        news: Notify::new(),
        looked_at_s: AtomicI64::new(app.now().seconds()),
        deltas: broadcast::channel(DELTAS_MAX).0,
    });
    tokio::spawn(feed(app.clone(), watched.clone()));
    Ok(watched)
}

async fn read_all(app: &App, session: i64) -> Result<Option<SeatMap>> {
    let types = store::types(&app.db, session).await?;
    if types.is_empty() {
        return Ok(None);
    }
    let seats = store::seats(&app.db, session).await?;
    let seating = store::seating(&app.db, session).await?;
    let frame = match seating.layout_id {
        Some(layout) => venues::frame(app.db.ex(), layout).await?,
        None => None,
    };
    Ok(Some(SeatMap::new(session, types, &seats, frame, app.now()).planned_at(seating.planned_at)))
}

async fn feed(app: App, watched: Arc<Watched>) {
    let mut polls = tokio::time::interval(POLL);
    polls.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut polled = 0;
    loop {
        let was_told = tokio::select! {
            () = watched.news.notified() => true,
            _ = polls.tick() => false,
        };
        if !app.seat_maps.keeps(&watched) {
            return;
        }
        if app.now().seconds() - watched.looked_at_s.load(Ordering::SeqCst) > IDLE_S
            && watched.deltas.receiver_count() == 0
        {
            app.seat_maps.forget(&watched);
            return;
        }
        if !was_told {
            polled += 1;
            let reach = if polled % WIDE_POLLS == 0 { SKEW_US } else { 0 };
            watched.mark_stale(watched.read_at.load(Ordering::SeqCst) - reach);
        }
        let began = Instant::now();
        let outcome = if polled >= RELOAD_POLLS {
            polled = 0;
            watched.reload(&app).await
        } else {
            watched.refresh(&app).await
        };
        watched.tell_untold();
        match outcome {
            // The server is stopping.
            Err(Error::Database(sqlx::Error::PoolClosed)) => return,
            Err(error) => {
                tracing::warn!(%error, session = watched.session, "a seat map could not be refreshed")
            }
            Ok(_) => {}
        }
        if was_told {
            // What a storm changed within the overlap is read again each time: never for more than a tenth of the time.
            tokio::time::sleep(BREATH.max(began.elapsed() * 9).min(BREATH_MAX)).await;
        }
    }
}

/// How many places are free by ticket type, from the map if this node keeps one: while a sale runs, counting a large hall
/// in the table once a second would cost more than the sale. `None` when nobody has looked at the session lately.
pub async fn free_by_type(app: &App, session: i64) -> Result<Option<Vec<(i64, i64)>>> {
    let Some(watched) = app.seat_maps.known(session) else { return Ok(None) };
    let count = |map: &mut SeatMap| {
        let types = map.plan().types.iter().enumerate();
        types.map(|(kind, row)| (row.id, map.free(kind))).collect()
    };
    watched.look(app, count).await.map(Some)
}

/// How many places of a ticket type are free, and the ids of those with labels; also of a hidden one.
pub async fn free_of(app: &App, session: i64, ticket_type: i64) -> Result<(i64, Vec<i64>)> {
    let Some(map) = watch(app, session).await? else { return Ok((0, Vec::new())) };
    map.look(app, |map| match map.plan().type_index(ticket_type) {
        Some(kind) => (map.free(kind), map.free_seats(kind)),
        None => (0, Vec::new()),
    })
    .await
}

impl Watched {
    fn lock(&self) -> MutexGuard<'_, SeatMap> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn mark_stale(&self, from_us: i64) {
        self.told_from.fetch_min(from_us, Ordering::SeqCst);
        self.told.fetch_add(1, Ordering::SeqCst);
    }

    fn is_stale(&self) -> bool {
        self.seen.load(Ordering::SeqCst) < self.told.load(Ordering::SeqCst)
    }

    /// Runs `look` on the map as of now: with this node's own changes and without holds that have expired.
    pub async fn look<T>(&self, app: &App, look: impl FnOnce(&mut SeatMap) -> T) -> Result<T> {
        self.refresh(app).await?;
        Ok(look(&mut self.lock()))
    }

    /// Runs `look` on the map without asking the table: good enough to choose seats by, never to sell by.
    pub fn glance<T>(&self, app: &App, look: impl FnOnce(&mut SeatMap) -> T) -> T {
        let mut map = self.lock();
        let delta = map.expire(app.now());
        self.tell(&map, &delta);
        look(&mut map)
    }

    /// Deltas from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<News>> {
        self.deltas.subscribe()
    }

    async fn refresh(&self, app: &App) -> Result<()> {
        if !self.is_stale() {
            self.glance(app, |_| ());
            return Ok(());
        }
        let _reading = self.reading.lock().await;
        // Another asker may have read while we waited for the lock.
        if !self.is_stale() {
            return Ok(());
        }
        let told = self.told.load(Ordering::SeqCst);
        let from = self.told_from.swap(i64::MAX, Ordering::SeqCst);
        let began = app.now().micros();
        let since = self.read_at.load(Ordering::SeqCst).min(from) - OVERLAP_US;
        self.lock().begin_read();
        let rows = match store::changes(&app.db, self.session, Ts::from_micros(since)).await {
            Ok(rows) => rows,
            Err(error) => {
                self.told_from.fetch_min(from, Ordering::SeqCst);
                return Err(error);
            }
        };
        let is_whole = {
            let now = app.now();
            let mut map = self.lock();
            // First what the table says, then what the clock says: a deadline may have been moved.
            let applied = map.apply(&rows, now);
            let expired = map.expire(now);
            if let Some(delta) = &applied {
                self.tell(&map, delta);
            }
            self.tell(&map, &expired);
            applied.is_some() && !self.is_replanned.swap(false, Ordering::SeqCst)
        };
        if !is_whole && let Err(error) = self.read_anew(app).await {
            self.is_replanned.store(true, Ordering::SeqCst);
            return Err(error);
        }
        self.read_at.fetch_max(began, Ordering::SeqCst);
        self.seen.fetch_max(told, Ordering::SeqCst);
        Ok(())
    }

    async fn reload(&self, app: &App) -> Result<()> {
        let _reading = self.reading.lock().await;
        self.read_anew(app).await
    }

    /// Reads the whole session: its plan may have grown, and a change may have come later than the overlap allows.
    async fn read_anew(&self, app: &App) -> Result<()> {
        self.lock().begin_read();
        let Some(mut fresh) = read_all(app, self.session).await? else { return Ok(()) };
        let mut map = self.lock();
        let untold = map.told();
        self.tell(&map, &untold);
        let has_other_seats = !fresh.plan().has_the_seats_of(map.plan());
        let delta = fresh.follow(&map, app.now());
        *map = fresh;
        if has_other_seats {
            self.tell_all(&mut map);
        } else {
            self.tell(&map, &delta);
        }
        Ok(())
    }

    /// Tells watchers the whole map: a delta cannot name seats that they do not know.
    fn tell_all(&self, map: &mut SeatMap) {
        if self.deltas.receiver_count() > 0 {
            let text = String::from_utf8_lossy(&map.snapshot()).into_owned();
            let _ = self.deltas.send(Arc::new(News { version: map.version(), text }));
        }
    }

    /// Tells watchers what was taken in.
    fn tell_untold(&self) {
        let mut map = self.lock();
        let delta = map.told();
        self.tell(&map, &delta);
    }

    fn tell(&self, map: &SeatMap, delta: &Delta) {
        if delta.is_news && self.deltas.receiver_count() > 0 {
            // No receiver: the last one has just left.
            let _ = self.deltas.send(Arc::new(News { version: delta.version, text: map.render(delta) }));
        }
    }
}
