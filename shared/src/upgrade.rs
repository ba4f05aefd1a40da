//! Taking a connection out of HTTP's hands, for another protocol to go on with.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use bytes::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::downcast;

use crate::connection::Placed;
use crate::problem::Problem;

/// A request whose connection can be had once it is answered with 101. As an extractor it refuses requests that came through no
/// connection, or on one of many streams of it.
pub struct Upgrade(OnUpgrade);

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let connection = parts.extensions.remove::<OnUpgrade>().map(Self);
        connection.ok_or_else(|| upgrade_required("This request has no connection of its own. Use HTTP/1.1."))
    }
}

impl Upgrade {
    /// The connection after the 101 has gone out, and what the client has said since; `None` when it ended instead.
    ///
    /// The library's buffers and its task are left behind. Wait for words with
    /// [`poll_read_ready`](tokio::net::TcpStream::poll_read_ready): it takes the place of the library's waker, which would
    /// otherwise hold the finished task, some kilobytes, for as long as the connection lasts.
    pub async fn taken(self) -> Option<(Placed, Bytes)> {
        let connection = downcast::<TokioIo<Placed>>(self.0.await.ok()?).ok()?;
        Some((connection.io.into_inner().without_http(), connection.read_buf))
    }
}

/// 426: this address speaks another protocol. Says how to begin.
pub fn upgrade_required(detail: &str) -> Problem {
    Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade-required", "This address speaks another protocol")
        .detail(detail)
}
