//! What every handler of the waiting room may use.

use std::ops::Deref;
use std::sync::Arc;

use axum::http::StatusCode;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::access;
use shared::admission;
use shared::browser::BrowserCookie;
use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::departures::ServiceClaims;
use shared::entropy::Entropy;
use shared::keys::{KeyRing, Purpose};
use shared::limits::{Limit, Stepped};
use shared::peer::{Peer, PeerError};
use shared::problem::Problem;
use shared::remote_keys::RemoteKeys;
use shared::stop::Stop;
use shared::streams::Streams;

use crate::draw::Draws;
use crate::draw::beacon::Beacon;
use crate::live::Hub;
use crate::log::Logs;
use crate::places::captcha::Captcha;
use crate::places::toll::Toll;
use crate::queue::memory::MemoryStore;
use crate::queue::redis::{self, RedisStore};
use crate::queue::{QueueStore, StoreError};

/// The waiting room's state. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] holds.
pub struct Parts {
    /// The lines.
    pub store: Arc<dyn QueueStore>,
    /// This node's views of the lines, and the browsers that watch them.
    pub hub: Hub,
    /// The settings, checked.
    pub settings: Settings,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Where randomness and ids come from.
    pub entropy: Entropy,
    /// Seals place tokens, which only the waiting room reads, and signs what else it gives out to itself.
    pub place_keys: KeyRing,
    /// Signs admission tokens, which booking verifies.
    pub admission_keys: KeyRing,
    /// Booking.
    pub booking: Peer,
    /// Signs what is published of draws and journals.
    pub journal_keys: KeyRing,
    /// The drawn orders that this node knows.
    pub draws: Draws,
    /// The journals as this node has read them.
    pub logs: Logs,
    /// Public randomness.
    pub beacon: Beacon,
    /// Verifies operators' access tokens and booking's service tokens.
    pub booking_keys: RemoteKeys,
    /// The browser's secret.
    pub browser_cookie: BrowserCookie,
    /// Joins by network prefix, in two steps: a customer's, and a provider's.
    pub joins: Stepped,
    /// What joins cost in work, and who has paid.
    pub toll: Toll,
    /// The CAPTCHA service, if one is set.
    pub captcha: Option<Captcha>,
    /// Access codes tried, by network prefix.
    pub codes: Limit,
    /// Wishes for a mail, by network prefix.
    pub mails: Limit,
    /// Sockets and streams that are open here, by network.
    pub streams: Streams,
    /// How this node stops: first streams say goodbye, then tickers end.
    pub stop: Stop,
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens keys and lines as the settings say. `booking` verifies operators' tokens and hears of revocations.
    ///
    /// # Errors
    /// When keys or journal cannot be read, another process uses the data folder, or Redis does not answer.
    pub async fn open(
        settings: Settings,
        clock: Clock,
        entropy: Entropy,
        booking: Peer,
    ) -> anyhow::Result<Self> {
        let keys = |purpose| KeyRing::open(&settings.keys_dir(), purpose, &entropy);
        Ok(Self(Arc::new(Parts {
            store: open_store(&settings, clock.now()).await?,
            hub: Hub::default(),
            place_keys: keys(Purpose::Place)?,
            admission_keys: keys(Purpose::Admission)?,
            journal_keys: keys(Purpose::Journal)?,
            draws: Draws::default(),
            logs: Logs::new(&entropy, &settings),
            beacon: Beacon::open(&settings.waiting_room)?,
            booking_keys: RemoteKeys::new(booking.clone(), access::JWKS_PATH),
            booking,
            browser_cookie: BrowserCookie::new(&settings.public_url()),
            joins: Stepped::per_minute(settings.waiting_room.joins_per_minute),
            toll: Toll::default(),
            captcha: Captcha::of(&settings.waiting_room)?,
            codes: Limit::per_minute(settings.waiting_room.codes_per_minute),
            mails: Limit::per_minute(settings.waiting_room.mails_per_minute),
            streams: Streams::of(settings.server.streams_per_network),
            stop: Stop::default(),
            settings,
            clock,
            entropy,
        })))
    }

    /// Calls booking as the waiting room.
    ///
    /// # Errors
    /// When it does not answer, or not with success.
    pub async fn ask_booking<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, PeerError> {
        let claims = ServiceClaims::new(admission::AUDIENCE, self.now());
        let token = self.admission_keys.sign(&claims).map_err(|e| PeerError::Unreachable(e.to_string()))?;
        self.booking.post_json(path, &token, body).await
    }

    /// The current instant.
    pub fn now(&self) -> Ts {
        self.clock.now()
    }
}

/// The lines of a node that serves, as the settings say: in Redis, or in this process with a journal in the data folder. `now` names the
/// generation of lines that are new.
///
/// # Errors
/// When Redis does not answer, or another process uses the data folder; the message says what to do.
pub async fn open_store(settings: &Settings, now: Ts) -> anyhow::Result<Arc<dyn QueueStore>> {
    let redis_url = settings.redis_url.expose_secret();
    if !redis_url.is_empty() {
        let node = redis::Node {
            data_dir: &settings.data_dir,
            answer_timeout: std::time::Duration::from_millis(settings.waiting_room.redis_answer_ms),
            rebuild_window: time::Duration::seconds(settings.waiting_room.rebuild_window_s.into()),
            now,
        };
        return Ok(Arc::new(RedisStore::open_as_node(redis_url, &node).await?));
    }
    let data_dir = settings.data_dir.clone();
    let store = tokio::task::spawn_blocking(move || MemoryStore::open(&data_dir, now)).await??;
    Ok(Arc::new(store))
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoRoom => Problem::not_found(),
            StoreError::Lanes => Problem::new(StatusCode::CONFLICT, "lanes-in-use", "People stand in these lanes").detail(
                "Send all lanes that the room has, in their order; weights may change, and new lanes come after them.",
            ),
            StoreError::Owner => crate::rooms::not_yours(),
            StoreError::Unavailable(cause) => {
                tracing::warn!(%cause, "the queue did not answer");
                Problem::unavailable(2)
            }
        }
    }
}
