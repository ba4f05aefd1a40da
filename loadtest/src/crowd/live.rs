//! A fan's live connection: place documents as they are pushed.

use std::time::Duration;

use futures_util::StreamExt;
use serde::Deserialize;
use shared::clock::Ts;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::http::header::{COOKIE, ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::api::{Api, Jar};

/// Subprotocol of the live connection.
const SUBPROTOCOL: &str = "rushline.v1";
/// Longest wait for the connection.
const OPEN_TIMEOUT: Duration = Duration::from_secs(20);
/// A line this silent is dead: the server speaks at least each 20 seconds.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Where a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceState {
    /// Before the opening.
    Lobby,
    /// In the line.
    Waiting,
    /// It is this place's turn.
    Called,
    /// In the shop.
    Admitted,
    /// Given up, or the visit is over.
    Left,
    /// The turn or the visit ran out.
    Expired,
}

/// What a fan reads of a place document.
#[derive(Debug, Clone, Deserialize)]
pub struct PlaceDoc {
    /// Where the place stands.
    pub state: PlaceState,
    /// Order of the line.
    pub number: u64,
    /// People ahead, plus one; 0 when called or later.
    pub position: u64,
    /// Highest number called so far.
    pub serving: u64,
    /// When called: until when to claim.
    pub claim_by: Option<Ts>,
    /// Claimed, and about to go in without doing anything.
    #[serde(default)]
    pub at_door: bool,
}

/// An open connection. The buffers are small: a crowd holds thousands.
pub struct Live(WebSocketStream<TcpStream>);

impl Live {
    /// Connects with the fan's cookies.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses; [`Error::Http`] carries its answer.
    pub async fn open(api: &Api, room: &str, jar: &Jar) -> Result<Self, Error> {
        let opened = tokio::time::timeout(OPEN_TIMEOUT, Self::connect(api, room, jar)).await;
        opened.unwrap_or(Err(Error::Io(std::io::ErrorKind::TimedOut.into())))
    }

    async fn connect(api: &Api, room: &str, jar: &Jar) -> Result<Self, Error> {
        let authority = api.authority();
        let mut request = format!("ws://{authority}/api/v1/rooms/{room}/live").into_client_request()?;
        let cookies = HeaderValue::from_str(&jar.header()).map_err(|e| Error::HttpFormat(e.into()))?;
        // What a browser on the queue page would send: the page's own address.
        let origin = HeaderValue::from_str(&api.origin()).map_err(|e| Error::HttpFormat(e.into()))?;
        request.headers_mut().insert(ORIGIN, origin);
        request.headers_mut().insert(COOKIE, cookies);
        request.headers_mut().insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        let stream = TcpStream::connect(&authority).await?;
        let config = WebSocketConfig::default()
            .read_buffer_size(1024)
            .write_buffer_size(0)
            .max_write_buffer_size(4096)
            .max_message_size(Some(16 * 1024));
        let opened = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await?;
        Ok(Self(opened.0))
    }

    /// The next document; `None` when the connection has ended, gone silent or speaks nonsense.
    pub async fn next(&mut self) -> Option<PlaceDoc> {
        loop {
            match tokio::time::timeout(SILENCE_MAX, self.0.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => return serde_json::from_str(&text).ok(),
                Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
                _ => return None,
            }
        }
    }
}
