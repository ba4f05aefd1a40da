//! One WebSocket's own task: it hears what the browser says, which is next to nothing, and says goodbye. News are written by the
//! [passes](super::jobs), not here: to wake a task for each frame costs as much as the frame.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::task::{Context, Poll};

use shared::streams::Stream;
use shared::upgrade::Upgrade;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::frames::{self, Frames, Refusal, Said};
use super::mailbox::{End, Subscription};
use super::wire::STALLED_MAX;

/// A browser has nothing to say here; the third time it says something it is shown out.
const MESSAGES_MAX: u8 = 2;
/// Pings between two of ours that a well-behaved client stays far below.
const PINGS_MAX: u8 = 20;
/// Bytes between two pings of ours; what they say counts besides.
const BYTES_MAX: u32 = 8 * 1024;
/// Bytes that are listened to after our farewell.
const LAST_WORDS_MAX: usize = 64 * 1024;
/// Bytes read at a time.
const READ_MAX: usize = 512;
/// Close code: the same place watches from too many sockets, and this was the oldest.
pub const TOO_MANY_SOCKETS: u16 = 4409;
/// Close codes of RFC 6455 §7.4.1 and its registry.
const PROTOCOL: u16 = 1002;
const UNSUPPORTED: u16 = 1003;
const INVALID: u16 = 1007;
const POLICY: u16 = 1008;
const SIZE: u16 = 1009;
const RESTART: u16 = 1012;

/// How a conversation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Go,
    /// We close, and listen until the browser has closed too.
    Close(u16, &'static str),
    /// We close, and what comes cannot be understood any more.
    Refuse(u16, &'static str),
    /// The browser has closed, and is told the same.
    Answer(Option<u16>),
    Gone,
}

/// What the browser has said so far.
#[derive(Default)]
struct Heard {
    frames: Frames,
    messages: u8,
    /// Our pings when we last counted …
    our_pings: u32,
    /// … and what came since.
    pings: u8,
    bytes: u32,
}

/// Serves one socket until either side ends it; `counted` for as long.
#[allow(clippy::manual_async_fn, reason = "an async function keeps its arguments twice")]
pub fn serve(
    upgrade: Upgrade,
    subscription: Subscription,
    counted: Stream,
) -> impl Future<Output = ()> + Send {
    // Whatever is needed for a moment only is in boxes: a task is there for hours, thousands of times.
    async move {
        let _counted = &counted;
        let Some(mut heard) = Box::pin(begin(upgrade, &subscription)).await else { return };
        let next = poll_fn(|cx| heard.poll(cx, &subscription)).await;
        Box::pin(close(&subscription, next, heard.frames)).await;
    }
}

/// Takes the connection over; nothing if that has ended it.
async fn begin(upgrade: Upgrade, subscription: &Subscription) -> Option<Heard> {
    let (socket, words) = upgrade.taken().await?;
    subscription.write_to(socket);
    let mut heard = Heard::default();
    match heard.take_in(&words, subscription) {
        Next::Go => Some(heard),
        next => {
            close(subscription, next, heard.frames).await;
            None
        }
    }
}

impl Heard {
    /// Hears what the browser says, until either side ends the conversation.
    fn poll(&mut self, cx: &mut Context<'_>, subscription: &Subscription) -> Poll<Next> {
        let Some(socket) = subscription.socket() else { return Poll::Ready(Next::Gone) };
        if let Poll::Ready(end) = subscription.poll_ended(cx) {
            return Poll::Ready(end.into());
        }
        while let Poll::Ready(ready) = socket.stream().poll_read_ready(cx) {
            let next = ready.map_or(Next::Gone, |()| self.read(socket.stream(), subscription));
            if next != Next::Go {
                return Poll::Ready(next);
            }
        }
        Poll::Pending
    }

    /// Reads what is there.
    fn read(&mut self, stream: &TcpStream, subscription: &Subscription) -> Next {
        let mut words = [0; READ_MAX];
        loop {
            let next = match stream.try_read(&mut words) {
                Ok(0) => Next::Gone,
                Ok(n) => self.take_in(&words[..n], subscription),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Next::Go,
                Err(_) => Next::Gone,
            };
            if next != Next::Go {
                return next;
            }
        }
    }

    fn take_in(&mut self, mut words: &[u8], subscription: &Subscription) -> Next {
        let our_pings = subscription.pings();
        if our_pings != self.our_pings {
            (self.our_pings, self.pings, self.bytes) = (our_pings, 0, 0);
        }
        self.bytes = self.bytes.saturating_add(words.len() as u32);
        loop {
            let next = match self.frames.next(&mut words) {
                Ok(None) if self.bytes > BYTES_MAX => Next::Close(POLICY, "nothing to say here"),
                Ok(None) => return Next::Go,
                Ok(Some(said)) => self.judge(said, subscription),
                Err(refusal) => refusal.into(),
            };
            if next != Next::Go {
                return next;
            }
        }
    }

    fn judge(&mut self, said: Said, subscription: &Subscription) -> Next {
        match said {
            Said::Text => {
                self.messages += 1;
                if self.messages > MESSAGES_MAX {
                    return Next::Close(POLICY, "nothing to say here");
                }
            }
            Said::Ping(payload) => {
                self.pings += 1;
                if self.pings > PINGS_MAX {
                    return Next::Close(POLICY, "too many pings");
                }
                subscription.answer(&payload);
            }
            Said::Pong => subscription.note_answer(),
            Said::Close(code) => return Next::Answer(code),
        }
        Next::Go
    }
}

impl From<Refusal> for Next {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Protocol => Self::Refuse(PROTOCOL, "not WebSocket"),
            Refusal::TooLong => Self::Refuse(SIZE, "too long"),
            Refusal::NotUtf8 => Self::Refuse(INVALID, "not UTF-8"),
            Refusal::NotText => Self::Refuse(UNSUPPORTED, "text only"),
        }
    }
}

impl From<End> for Next {
    fn from(end: End) -> Self {
        match end {
            End::Evicted => Self::Close(TOO_MANY_SOCKETS, "this place is open in newer tabs"),
            End::Restart => Self::Close(RESTART, "the server restarts, your place is kept"),
            End::Gone => Self::Gone,
        }
    }
}

/// Writes what is left of a torn frame and why it ends, then reads until the browser has closed too, for as long as one may
/// stall. Whoever does not answer the farewell is dropped.
async fn close(subscription: &Subscription, why: Next, frames: Frames) {
    let Some(socket) = subscription.socket() else { return };
    let mut last = subscription.stop_writing();
    match why {
        Next::Close(code, reason) | Next::Refuse(code, reason) => {
            frames::close(&mut last, Some(code), reason);
        }
        Next::Answer(code) => frames::close(&mut last, code, ""),
        Next::Go | Next::Gone => return,
    }
    let farewell = async {
        let is_told = write_all(socket.stream(), &last).await;
        match why {
            Next::Close(..) if is_told => listen_on(socket.stream(), Some(frames)).await,
            Next::Refuse(..) if is_told => {
                // Closed with words unread, the connection would be reset, and the reason lost.
                socket.end_writing();
                listen_on(socket.stream(), None).await;
            }
            _ => {}
        }
    };
    drop(timeout(STALLED_MAX, farewell).await);
}

/// Whether the browser has taken it all.
async fn write_all(stream: &TcpStream, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        if stream.writable().await.is_err() {
            return false;
        }
        match stream.try_write(bytes) {
            Ok(taken) => bytes = &bytes[taken..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return false,
        }
    }
    true
}

/// Reads until the browser closes. It may say this and that before, for it has not heard us yet; `frames` is `None` when that
/// cannot be understood.
async fn listen_on(stream: &TcpStream, mut frames: Option<Frames>) {
    let (mut words, mut left) = ([0; READ_MAX], LAST_WORDS_MAX);
    while left > 0 && stream.readable().await.is_ok() {
        let mut heard = match stream.try_read(&mut words) {
            Ok(0) => return,
            Ok(n) => &words[..n],
            Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
            Err(_) => return,
        };
        left = left.saturating_sub(heard.len());
        while let Some(understood) = &mut frames {
            match understood.next(&mut heard) {
                Ok(Some(Said::Close(_))) => return,
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) => frames = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use serde_json::Value;
    use shared::config::Settings;
    use shared::connection::{Placed, Slots};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;
    use crate::live::hub::Hub;
    use crate::live::hub::tests::{hub, left, now, place, serve_all, step};
    use crate::live::mailbox::{Sheets, Watcher, pass};
    use crate::live::rounds::Round;
    use crate::live::view::View;
    use crate::queue::Standing;
    use crate::rooms::rules::Room;
    use crate::rooms::rules::tests::open_room;

    /// A browser that watches the place with this number, and its connection here, both with small buffers.
    async fn watched(hub: &Hub, number: u64) -> (TcpStream, Placed, Subscription) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let browser = TcpSocket::new_v4().unwrap();
        browser.set_recv_buffer_size(4096).unwrap();
        let browser = browser.connect(listener.local_addr().unwrap());
        let (browser, accepted) = tokio::join!(browser, listener.accept());
        let slot = Slots::open(&Settings::for_test(std::path::Path::new("unused"))).try_take().unwrap();
        let subscription = hub.subscribe(&open_room().id, place(number), 3, now()).unwrap();
        (browser.unwrap(), Placed::new(accepted.unwrap().0, slot), subscription)
    }

    /// The next document that the browser reads, whatever pings come before it.
    async fn document(browser: &mut TcpStream) -> Value {
        let mut head = [0; 4];
        browser.read_exact(&mut head[..2]).await.unwrap();
        while head[0] == 0x89 {
            browser.read_exact(&mut head[..2]).await.unwrap();
        }
        browser.read_exact(&mut head[2..]).await.unwrap();
        assert_eq!(head[..2], [0x81, 126], "a text frame of some length");
        let mut text = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
        browser.read_exact(&mut text).await.unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn size_of_output<A, B, C, F>(_: impl Fn(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_socket_takes_little_memory() {
        let task = size_of_output(serve);
        assert!(task <= 160, "the task: {task} bytes, and with what the runtime adds a multiple of 128");
        assert!(size_of::<Watcher>() <= 280, "the watcher: {} bytes", size_of::<Watcher>());
    }

    #[tokio::test]
    async fn the_own_turn_is_told_with_the_next_pass_whatever_slot_it_serves() {
        let hub = hub(2);
        let (mut browser, socket, subscription) = watched(&hub, 2).await;
        subscription.write_to(socket);
        assert_eq!(document(&mut browser).await["position"], 2, "the first is written with the connection");
        let claim_by = now() + time::Duration::seconds(60);
        step(&hub, 2, 1, left());
        step(&hub, 3, 2, Standing::Called { called_at: now(), claim_by, knock: None });
        let turn = hub.turn(50);
        assert_eq!(turn.len(), 1, "once, for both pieces of news, though her slot is another");
        pass(&turn, now(), Round::FIRST, &mut Sheets::default());
        assert_eq!(document(&mut browser).await["state"], "called", "the latest, and nothing else");
        assert!(hub.turn(50).is_empty());
        drop((turn, subscription));
        assert_eq!(browser.read(&mut [0]).await.unwrap(), 0, "and no more after it");
    }

    #[tokio::test]
    async fn of_two_passes_at_once_the_older_is_not_sent_after_the_newer() {
        let hub = hub(3);
        let (mut browser, socket, subscription) = watched(&hub, 3).await;
        subscription.write_to(socket);
        document(&mut browser).await;
        let look = |message: &str, frames: &mut Vec<u8>| {
            hub.set_room(Room { message: Some(message.to_owned()), ..open_room() }, now());
            let write = |view: &View| subscription.0.write_down(view, now(), Round::FIRST, frames);
            hub.look(&open_room().id, write).unwrap()
        };
        let (mut older, mut newer, mut last) = (Vec::new(), Vec::new(), Vec::new());
        let (first, second) = (look("older", &mut older), look("newer", &mut newer));
        subscription.0.send(&newer, second, Round::FIRST);
        subscription.0.send(&older, first, Round::FIRST);
        assert_eq!(document(&mut browser).await["message"], "newer");
        let third = look("last", &mut last);
        subscription.0.send(&last, third, Round::FIRST);
        assert_eq!(document(&mut browser).await["message"], "last", "and not the older");
    }

    #[tokio::test]
    async fn who_does_not_read_is_dropped_and_nothing_is_kept_for_her() {
        let hub = hub(2);
        let (mut reads, socket, reading) = watched(&hub, 1).await;
        reading.write_to(socket);
        let (_stalls, socket, stalling) = watched(&hub, 2).await;
        stalling.write_to(socket);
        let mut told = 0;
        document(&mut reads).await;
        // What fills the buffers of the kernel depends on the machine; that it ends does not.
        for second in 1..20_000 {
            let message = format!("News of second {second}, and {}", "much more ".repeat(40));
            hub.set_room(Room { message: Some(message.clone()), ..open_room() }, now());
            serve_all(&hub, second);
            reading.note_answer();
            assert_eq!(document(&mut reads).await["message"], message.as_str(), "nobody else is late");
            if poll_fn(|cx| stalling.poll_ended(cx)).now_or_never() == Some(End::Gone) {
                told = second;
                break;
            }
        }
        assert!(told > STALLED_MAX.as_secs(), "she was given her time: {told} s");
        assert!(stalling.stop_writing().len() < 1024, "no more than the rest of one frame");
    }

    #[tokio::test]
    async fn a_browser_that_answers_no_ping_is_gone() {
        let hub = hub(1);
        let (mut browser, socket, subscription) = watched(&hub, 1).await;
        subscription.write_to(socket);
        let conversation = tokio::spawn(async move {
            let mut heard = Heard::default();
            poll_fn(|cx| heard.poll(cx, &subscription)).await
        });
        document(&mut browser).await;
        let mut frame = [0; 2];
        for second in [16, 31, 46] {
            serve_all(&hub, second);
            document(&mut browser).await;
        }
        browser.read_exact(&mut frame).await.unwrap();
        assert_eq!(frame, [0x89, 0], "a ping");
        // Its answer, and a ping: once that is answered, the answer was heard.
        browser.write_all(&[0x8a, 0x80, 1, 2, 3, 4, 0x89, 0x80, 1, 2, 3, 4]).await.unwrap();
        browser.read_exact(&mut frame).await.unwrap();
        assert_eq!(frame, [0x8a, 0], "an answer");
        for second in [61, 76] {
            serve_all(&hub, second);
            document(&mut browser).await;
        }
        browser.read_exact(&mut frame).await.unwrap();
        assert_eq!(frame, [0x89, 0], "another ping");
        serve_all(&hub, 91);
        document(&mut browser).await;
        serve_all(&hub, 106);
        assert_eq!(conversation.await.unwrap(), Next::Gone);
        assert_eq!(browser.read(&mut frame).await.unwrap(), 0);
    }
}
