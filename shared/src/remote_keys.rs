//! The other service's public keys.

use std::sync::Arc;

use crate::clock::Ts;
use crate::keys::{JwkSet, PublicKeys};
use crate::peer::Peer;

/// The other service's public keys: fetched from its JWK set, kept, and fetched again when a token names a key
/// that is not among them or after [`RemoteKeys::REFRESH_S`] seconds.
pub struct RemoteKeys {
    peer: Peer,
    path: &'static str,
    cached: tokio::sync::Mutex<(Arc<PublicKeys>, Option<Ts>)>,
}

impl RemoteKeys {
    /// A removed key is refused by the other service's clients at the latest after this time.
    pub const REFRESH_S: i64 = 60;
    /// A stranger who makes up key ids causes at most one fetch in this time.
    const RETRY_S: i64 = 1;

    /// Keys published by `peer` at `path`.
    pub fn new(peer: Peer, path: &'static str) -> Self {
        Self { peer, path, cached: tokio::sync::Mutex::new((Arc::default(), None)) }
    }

    /// Keys to verify `token` with. Yesterday's keys when the peer does not answer.
    pub async fn for_token(&self, token: &str, now: Ts) -> Arc<PublicKeys> {
        let mut cached = self.cached.lock().await;
        let age_s = cached.1.map(|at| (now - at).whole_seconds());
        let enough = if cached.0.knows(token) { Self::REFRESH_S } else { Self::RETRY_S };
        if age_s.is_none_or(|age| age >= enough) {
            cached.1 = Some(now);
            match self.peer.get_json::<JwkSet>(self.path).await {
                Ok(set) => cached.0 = Arc::new(PublicKeys::from_jwks(set)),
                Err(error) => {
                    tracing::warn!(%error, path = self.path, "the other service's keys could not be fetched")
                }
            }
        }
        cached.0.clone()
    }
}
