//! One WebSocket: documents out, next to nothing in.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use tokio::time::timeout;

use super::mailbox::{Letter, Subscription};

/// Longest that one frame may take to leave: a browser that does not read is dropped, its place is kept.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// A browser has nothing to say here; the third time it says something it is shown out.
const MESSAGES_MAX: u32 = 2;
/// Pings between two of ours that a well-behaved client stays far below.
const PINGS_MAX: u32 = 20;
/// Close code: the same place watches from too many sockets, and this was the oldest.
pub const TOO_MANY_SOCKETS: u16 = 4409;

/// How a conversation goes on.
enum Next {
    Go,
    Close(u16, &'static str),
    Gone,
}

/// What the browser has sent since we last heard it answer.
#[derive(Default)]
struct Heard {
    messages: u32,
    pings: u32,
    unanswered_pings: u32,
}

/// Serves one socket until either side ends it or `stopping` resolves.
pub async fn serve(mut socket: WebSocket, subscription: Subscription, stopping: impl Future<Output = ()>) {
    tokio::pin!(stopping);
    let mut heard = Heard::default();
    loop {
        let next = tokio::select! {
            letter = subscription.next() => deliver(&mut socket, letter, &mut heard).await,
            message = socket.recv() => heard.judge(message),
            () = &mut stopping => Next::Close(close_code::RESTART, "the server restarts, your place is kept"),
        };
        match next {
            Next::Go => {}
            Next::Gone => return,
            Next::Close(code, reason) => return close(socket, code, reason).await,
        }
    }
}

async fn deliver(socket: &mut WebSocket, letter: Letter, heard: &mut Heard) -> Next {
    let message = match letter {
        Letter::Document(text) => Message::Text(text),
        Letter::Ping if heard.unanswered_pings > 0 => return Next::Gone,
        Letter::Ping => {
            heard.unanswered_pings += 1;
            heard.pings = 0;
            Message::Ping(Default::default())
        }
        Letter::Evicted => return Next::Close(TOO_MANY_SOCKETS, "this place is open in newer tabs"),
    };
    match timeout(SEND_TIMEOUT, socket.send(message)).await {
        Ok(Ok(())) => Next::Go,
        _ => Next::Gone,
    }
}

impl Heard {
    fn judge(&mut self, message: Option<Result<Message, axum::Error>>) -> Next {
        match message {
            None => Next::Gone,
            Some(Err(error)) => refusal(&error),
            Some(Ok(Message::Binary(_))) => Next::Close(close_code::UNSUPPORTED, "text only"),
            Some(Ok(Message::Text(_))) => {
                self.messages += 1;
                if self.messages > MESSAGES_MAX {
                    Next::Close(close_code::POLICY, "nothing to say here")
                } else {
                    Next::Go
                }
            }
            Some(Ok(Message::Ping(_))) => {
                self.pings += 1;
                if self.pings > PINGS_MAX {
                    Next::Close(close_code::POLICY, "too many pings")
                } else {
                    Next::Go
                }
            }
            Some(Ok(Message::Pong(_))) => {
                self.unanswered_pings = 0;
                Next::Go
            }
            // The library has answered it; the stream ends by itself, and reading until then keeps the browser
            // from seeing an error.
            Some(Ok(Message::Close(_))) => Next::Go,
        }
    }
}

/// The close code for what the library refused.
fn refusal(error: &axum::Error) -> Next {
    use std::error::Error;
    use tokio_tungstenite::tungstenite::Error as Refused;
    match error.source().and_then(|cause| cause.downcast_ref::<Refused>()) {
        Some(Refused::Capacity(_)) => Next::Close(close_code::SIZE, "too long"),
        Some(Refused::Utf8(_)) => Next::Close(close_code::INVALID, "not UTF-8"),
        Some(Refused::Protocol(_)) => Next::Close(close_code::PROTOCOL, "not WebSocket"),
        _ => Next::Gone,
    }
}

/// Says why, then reads until the browser has closed too, for as long as a frame may take.
async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    let farewell = async {
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // Whoever does not answer the farewell is dropped.
    let _ = timeout(SEND_TIMEOUT, farewell).await;
}
