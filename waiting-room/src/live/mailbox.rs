//! One open socket or stream, and what it is to be told by the [hub](super::hub): never more than the latest document.
//!
//! A socket is written to by the passes; what it does not take is not kept, for the next pass has fresher news. A stream fetches
//! its letters from a mailbox with one slot, and so does a socket until its connection is there.

use std::future::poll_fn;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;
use shared::clock::Ts;
use shared::connection::Placed;
use uuid::Uuid;

use super::document::{RETRY_MAX_S, document};
use super::frames;
use super::hub::{Watched, lock, read};
use super::kept::Kept;
use super::rounds::Round;
use super::screens::Screen;
use super::view::View;
use super::wire::{Sent, Wire};
use crate::queue::{Place, Standing};

/// One open socket or stream of one place.
pub(super) struct Watcher {
    room: Arc<Watched>,
    place: Mutex<Kept>,
    /// The place is another browser's now.
    moved: AtomicBool,
    mail: Mutex<Mail>,
    /// Who waits for a letter, or an end.
    arrived: AtomicWaker,
    /// Where frames are written; never set for a stream.
    socket: OnceLock<Placed>,
}

/// What a browser is to be told, and what it was told last.
#[derive(Default)]
struct Mail {
    /// The latest document, for whoever has no socket.
    letter: Option<Box<str>>,
    end: Option<End>,
    /// The next pass tells it, whatever slot it is in.
    is_hurried: bool,
    /// Fingerprint of the document that was shown last.
    shown: Option<NonZeroU64>,
    shown_at: Option<Round>,
    /// The first round in which it may be told something; `None` when it is due anyhow.
    due_at: Option<Round>,
    /// How often everybody had been urged when it was last looked at.
    urged: u32,
    /// How often it was looked for news.
    edition: u32,
    wire: Wire,
}

/// Why a socket ends from our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The same place watches from too many sockets, and this is the oldest.
    Evicted,
    /// The server stops.
    Restart,
    /// It takes nothing any more.
    Gone,
}

/// One delivery to a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// The place document as JSON.
    Document(Box<str>),
    /// The same place watches from too many sockets, and this is the oldest.
    Evicted,
}

/// A document that is new to a browser: its fingerprint, and the wait it shows.
struct News {
    shown: NonZeroU64,
    screen: Option<Screen>,
}

/// What the watchers of one room are to be sent, each its part. Whoever passes by keeps the space.
#[derive(Default)]
pub(super) struct Sheets {
    frames: Vec<u8>,
    parts: Vec<Part>,
    screens: Vec<Screen>,
}

/// One watcher's part of the [`Sheets`].
pub(super) struct Part {
    /// Where its frames end; they begin where the one's before end.
    end: usize,
    news: Option<News>,
    has_ping: bool,
    /// What came before it is not all sent.
    is_behind: bool,
    /// [`Mail::edition`] as it was written down.
    edition: u32,
}

/// Tells these watchers what is new, if it is time; how many sockets were written to. First all is written down, then all is sent: the
/// view is locked once, and nothing else comes between one send and the next.
pub(super) fn pass(watchers: &[Arc<Watcher>], now: Ts, at: Round, sheets: &mut Sheets) -> usize {
    let mut sends = 0;
    for same in watchers.chunk_by(|one, other| Arc::ptr_eq(&one.room, &other.room)) {
        let Some(first) = same.first() else { continue };
        sheets.frames.clear();
        {
            // The view before the mail, as everywhere.
            let view = read(&first.room.view);
            let part = |watcher: &Arc<Watcher>| watcher.write_down(&view, now, at, &mut sheets.frames);
            sheets.parts.extend(same.iter().map(part));
        }
        let mut start = 0;
        for (watcher, part) in same.iter().zip(sheets.parts.drain(..)) {
            let frames = &sheets.frames[start..part.end];
            start = part.end;
            // Most have nothing to hear: not everybody is told something every second.
            if !frames.is_empty() || part.is_behind {
                sheets.screens.extend(watcher.send(frames, part, at));
                sends += 1;
            }
        }
        first.room.screens.show(sheets.screens.drain(..));
    }
    sends
}

/// A watcher as long as it is held.
pub struct Subscription(pub(super) Arc<Watcher>);

impl Watcher {
    /// One whose mailbox is empty yet.
    pub(super) fn new(room: Arc<Watched>, place: Place) -> Self {
        let (place, mail, arrived) = (Mutex::new(place.into()), Mutex::default(), AtomicWaker::new());
        Self { room, place, moved: AtomicBool::new(false), mail, arrived, socket: OnceLock::new() }
    }

    /// The place it watches, as it is known now.
    pub(super) fn place(&self) -> Place {
        lock(&self.place).place()
    }

    /// Gives the place another number, which it says.
    pub(super) fn renumber(&self, number_of: impl Fn(u64) -> u64) -> u64 {
        let mut place = lock(&self.place);
        place.number = number_of(place.number);
        place.number
    }

    /// Takes the standing; the place's id when that was known before.
    pub(super) fn set_standing(&self, standing: Standing) -> Option<Uuid> {
        lock(&self.place).set_standing(standing)
    }

    pub(super) fn has_moved(&self) -> bool {
        self.moved.load(Ordering::Relaxed)
    }

    /// From now on the browser sees that its place is another one's.
    pub(super) fn tell_it_moved(self: &Arc<Self>, view: &View, now: Ts) {
        self.moved.store(true, Ordering::Relaxed);
        self.tell(view, now);
    }

    /// Tells it what is new at once: a stream now, a socket with the next pass.
    pub(super) fn tell(self: &Arc<Self>, view: &View, now: Ts) {
        let mut mail = lock(&self.mail);
        mail.due_at = None;
        if self.socket.get().is_none() {
            self.put(&mut mail, view, now, self.room.passes.round(), &mut Vec::new());
        } else if !std::mem::replace(&mut mail.is_hurried, true) {
            lock(&self.room.hurried).push(self.clone());
        }
    }

    /// Appends what it is to be sent now. A stream gets its letter.
    pub(super) fn write_down(&self, view: &View, now: Ts, at: Round, frames: &mut Vec<u8>) -> Part {
        let mut mail = lock(&self.mail);
        let (mut news, pings) = (None, mail.wire.pings);
        if self.socket.get().is_none() {
            self.put(&mut mail, view, now, at, frames);
        } else if mail.end.is_none() {
            mail.is_hurried = false;
            if !mail.wire.is_torn() {
                news = frames::text(frames, |text| self.news(&mut mail, view, now, at, text));
            }
            if news.is_some() && mail.wire.ping(frames, at) == Sent::Never {
                self.end(&mut mail, End::Gone);
            }
        }
        let (has_ping, is_behind) = (mail.wire.pings != pings, mail.wire.is_behind());
        Part { end: frames.len(), news, has_ping, is_behind, edition: mail.edition }
    }

    /// Sends what was written down. The wait that is on its screen now, if that is new.
    pub(super) fn send(&self, frames: &[u8], part: Part, at: Round) -> Option<Screen> {
        let socket = self.socket.get()?;
        let mut mail = lock(&self.mail);
        if mail.end.is_some() {
            return None;
        }
        if part.news.is_some() && mail.edition != part.edition {
            // Another pass looked later, and sends what it found new if anything: older news must not follow that.
            if part.has_ping {
                mail.wire.expect_nothing();
            }
            return None;
        }
        self.write(&mut mail, socket, frames, part, at)
    }

    /// Writes the frames to the socket.
    fn write(
        &self,
        mail: &mut Mail,
        socket: &Placed,
        frames: &[u8],
        part: Part,
        at: Round,
    ) -> Option<Screen> {
        match mail.wire.send(frames, at, |bytes| socket.stream().try_write(bytes)) {
            Sent::Yes => {
                let News { shown, screen } = part.news?;
                (mail.shown, mail.shown_at) = (Some(shown), Some(at));
                return screen;
            }
            Sent::NotYet => {
                if part.news.is_some() {
                    mail.due_at = None;
                }
                if part.has_ping {
                    mail.wire.expect_nothing();
                }
            }
            Sent::Never => self.end(mail, End::Gone),
        }
        None
    }

    /// Writes these frames at once, or not at all.
    fn say(&self, mail: &mut Mail, socket: &Placed, frames: &[u8]) {
        let part =
            Part { end: frames.len(), news: None, has_ping: false, is_behind: false, edition: mail.edition };
        self.write(mail, socket, frames, part, self.room.passes.round());
    }

    /// Puts the news into the mailbox, if there are any; they are written at the end of `space` first.
    fn put(&self, mail: &mut Mail, view: &View, now: Ts, at: Round, space: &mut Vec<u8>) {
        let start = space.len();
        if let Some(News { shown, screen }) = self.news(mail, view, now, at, space)
            && let Ok(text) = std::str::from_utf8(&space[start..])
        {
            self.room.screens.show(screen);
            mail.letter = Some(text.into());
            (mail.shown, mail.shown_at) = (Some(shown), Some(at));
            self.arrived.wake();
        }
        space.truncate(start);
    }

    /// Appends the current document if it is due and says something new, or if nothing was said for long.
    fn news(&self, mail: &mut Mail, view: &View, now: Ts, at: Round, text: &mut Vec<u8>) -> Option<News> {
        let urged = self.room.urged.load(Ordering::Relaxed);
        if mail.due_at.is_some_and(|due| at < due) && mail.urged == urged {
            return None;
        }
        mail.urged = urged;
        mail.edition = mail.edition.wrapping_add(1);
        let place = self.place().at(now);
        let fresh = document(view, &place, now);
        let fresh = if self.has_moved() { fresh.moved() } else { fresh };
        mail.due_at = Some(at.after_s(fresh.retry_after_s.max(1)));
        let silent_for_s = mail.shown_at.map(|shown| at.seconds_since(shown));
        let long_silent = silent_for_s.is_none_or(|silent| silent >= RETRY_MAX_S);
        let shown = NonZeroU64::new(fresh.write(text).ok()?).unwrap_or(NonZeroU64::MIN);
        (mail.shown != Some(shown) || long_silent).then(|| News { shown, screen: Screen::of(&place, &fresh) })
    }

    /// The same place watches from too many sockets, and this is the oldest.
    pub(super) fn evict(&self) {
        self.end(&mut lock(&self.mail), End::Evicted);
    }

    /// The server stops. Streams are told by another way.
    pub(super) fn restart(&self) {
        self.end(&mut lock(&self.mail), End::Restart);
    }

    fn end(&self, mail: &mut Mail, end: End) {
        mail.end.get_or_insert(end);
        self.arrived.wake();
    }
}

impl Subscription {
    /// Takes the standing from `seen` to `now_known`, unless news have moved it meanwhile.
    pub fn catch_up(&self, seen: Standing, now_known: Standing, now: Ts) {
        {
            let mut place = lock(&self.0.place);
            if place.standing() != seen || seen == now_known {
                return;
            }
            place.set_standing(now_known);
        }
        self.0.tell(&read(&self.0.room.view), now);
    }

    /// From now on the browser sees that its place is another one's.
    pub fn tell_it_moved(&self, now: Ts) {
        self.0.tell_it_moved(&read(&self.0.room.view), now);
    }

    /// The place has another number than when it was looked up: its order was drawn meanwhile.
    pub fn renumber(&self, number: u64) {
        let mut by_number = lock(&self.0.room.watchers);
        let before = std::mem::replace(&mut lock(&self.0.place).number, number);
        by_number.forget(before, &self.0);
        by_number.add(number, self.0.clone());
    }

    /// The next delivery to a stream. Dropping the future loses nothing.
    pub async fn next(&self) -> Letter {
        poll_fn(|cx| {
            self.0.arrived.register(cx.waker());
            let mut mail = lock(&self.0.mail);
            if mail.end == Some(End::Evicted) {
                return Poll::Ready(Letter::Evicted);
            }
            mail.letter.take().map_or(Poll::Pending, |letter| Poll::Ready(Letter::Document(letter)))
        })
        .await
    }

    /// The socket that news are written to, once there is one.
    pub fn socket(&self) -> Option<&Placed> {
        self.0.socket.get()
    }

    /// From now on news are written to this socket, beginning with what is in the mailbox.
    pub fn write_to(&self, socket: Placed) -> &Placed {
        let mut mail = lock(&self.0.mail);
        let socket = self.0.socket.get_or_init(|| socket);
        let mut frames = Vec::new();
        if let Some(letter) = mail.letter.take() {
            frames::text(&mut frames, |text| {
                text.extend_from_slice(letter.as_bytes());
                Some(())
            });
        }
        self.0.say(&mut mail, socket, &frames);
        socket
    }

    /// Answers a browser's ping, unless the browser is behind with reading.
    pub fn answer(&self, payload: &[u8]) {
        let (Some(socket), mut mail) = (self.0.socket.get(), lock(&self.0.mail)) else { return };
        if !mail.wire.is_torn() {
            let mut frames = Vec::new();
            frames::pong(&mut frames, payload);
            self.0.say(&mut mail, socket, &frames);
        }
    }

    /// The browser has answered a ping.
    pub fn note_answer(&self) {
        lock(&self.0.mail).wire.expect_nothing();
    }

    /// How many pings the socket was sent.
    pub fn pings(&self) -> u32 {
        lock(&self.0.mail).wire.pings
    }

    /// Ready when we end it. One task waits for that.
    pub fn poll_ended(&self, cx: &Context<'_>) -> Poll<End> {
        self.0.arrived.register(cx.waker());
        lock(&self.0.mail).end.map_or(Poll::Pending, Poll::Ready)
    }

    /// From now on nothing is written but by the caller, who begins with what is returned: the rest of a torn frame.
    pub fn stop_writing(&self) -> Vec<u8> {
        let mut mail = lock(&self.0.mail);
        mail.end.get_or_insert(End::Gone);
        mail.wire.take_rest()
    }

    /// The server stops.
    pub fn restart(&self) {
        self.0.restart();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut by_number = lock(&self.0.room.watchers);
        let number = lock(&self.0.place).number;
        by_number.forget(number, &self.0);
    }
}
