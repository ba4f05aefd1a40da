//! The call itself: to an address that was looked up once, judged and then connected to, without redirects, proxies or
//! patience.

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url, header};
use shared::config::Settings;

use super::target::{self, Allowed};
use crate::error::{Error, Result};

/// Longest that connecting may take, and the whole call.
const CONNECT_MAX: Duration = Duration::from_secs(5);
const CALL_MAX: Duration = Duration::from_secs(10);
/// Octets of an answer that are read, and characters of it that are kept.
const ANSWER_MAX: usize = 4096;
const KEPT_CHARS: usize = 512;

/// Makes calls to endpoints.
pub struct Wire {
    allowed: Allowed,
    names: Arc<Names>,
    /// Made at the first call: most installations make none.
    client: OnceLock<Client>,
}

/// A message as it goes out.
pub struct Sent<'m> {
    /// Where to.
    pub url: &'m str,
    /// `webhook-id`.
    pub id: &'m str,
    /// `webhook-timestamp`, seconds.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: &'m str,
    /// The bytes that are signed.
    pub body: &'m str,
}

/// What came of a call.
#[derive(Debug, Clone, Default)]
pub struct Answered {
    /// The status, when there was an answer.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: i64,
    /// Why it counts as failed.
    pub error: Option<String>,
    /// The first characters of the answer.
    pub answer: String,
    /// How long the endpoint wants to be left alone.
    pub retry_after: Option<time::Duration>,
}

impl Wire {
    /// As the settings allow.
    pub fn new(settings: &Settings) -> Self {
        let private = settings.webhooks.allow_private;
        let allowed = Allowed { http: private || !settings.is_production(), private };
        Self { allowed, names: Arc::new(Names::new(private)), client: OnceLock::new() }
    }

    /// What may be called.
    pub fn allowed(&self) -> Allowed {
        self.allowed
    }

    /// Lets names resolve as a test says.
    #[cfg(feature = "testing")]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Posts a message. Whatever the endpoint does is in the answer; `Err` is our own failure.
    pub async fn post(&self, message: &Sent<'_>) -> Result<Answered> {
        // Settings may have become stricter since it was registered; and an address in place of a name is never looked up.
        let Ok(url) = target::url(message.url, self.allowed) else {
            let error = Some("this address may not be called".to_owned());
            return Ok(Answered { error, ..Answered::default() });
        };
        let started = Instant::now();
        let mut answered = match self.call(url, message).await {
            Ok(answered) => answered,
            Err(error) => Answered { error: Some(reason(&error)), ..Answered::default() },
        };
        answered.duration_ms = started.elapsed().as_millis() as i64;
        Ok(answered)
    }

    async fn call(&self, url: Url, message: &Sent<'_>) -> Result<Answered, CallError> {
        #[cfg(feature = "testing")]
        self.names.look_first(&url).await.map_err(CallError::Setup)?;
        let request = self
            .client()?
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.timestamp)
            .header("webhook-signature", message.signature)
            .body(message.body.to_owned());
        let mut response = request.send().await?;
        let status = response.status();
        let retry_after =
            response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let mut bytes = Vec::new();
        // What the answer says is for the log: that it breaks off takes nothing back.
        while let Ok(Some(piece)) = response.chunk().await {
            bytes.extend_from_slice(&piece[..piece.len().min(ANSWER_MAX - bytes.len())]);
            if bytes.len() >= ANSWER_MAX {
                break;
            }
        }
        let error = (!status.is_success()).then(|| match status.as_u16() {
            code @ 300..=399 => {
                format!("answered {code}: redirects are not followed, register the address itself")
            }
            code => format!("answered {code}"),
        });
        Ok(Answered {
            status: Some(status.as_u16()),
            duration_ms: 0,
            error,
            answer: readable(&bytes),
            retry_after: retry_after.map(time::Duration::seconds),
        })
    }

    fn client(&self) -> Result<&Client, CallError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .dns_resolver(self.names.clone())
            .redirect(Policy::none())
            // A proxy would look names up for itself.
            .no_proxy()
            // Each call looks its name up anew, and is judged anew.
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT_MAX)
            .timeout(CALL_MAX)
            .https_only(!self.allowed.http)
            .user_agent(concat!("Rushline-Webhooks/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(self.client.get_or_init(|| client))
    }
}

/// Why a call brought no answer.
enum CallError {
    Call(reqwest::Error),
    #[cfg(feature = "testing")]
    Setup(io::Error),
}

impl From<reqwest::Error> for CallError {
    fn from(error: reqwest::Error) -> Self {
        CallError::Call(error)
    }
}

/// In words for the endpoint's owner.
fn reason(error: &CallError) -> String {
    match error {
        CallError::Call(error) => what_happened(error),
        #[cfg(feature = "testing")]
        CallError::Setup(error) => error.to_string(),
    }
}

/// Without the address: it may hold a secret.
fn what_happened(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no answer within {} s", CALL_MAX.as_secs());
    }
    // The last cause says what happened: a refused connection, an unknown name, a certificate.
    let mut cause: &dyn StdError = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    format!("no connection: {cause}").chars().take(300).collect()
}

/// The first characters of an answer, as far as they are text that can be shown and stored.
fn readable(bytes: &[u8]) -> String {
    let shown = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    String::from_utf8_lossy(bytes).chars().filter(shown).take(KEPT_CHARS).collect()
}

/// Looks names up, and gives out addresses that may be called only. What it gives out is what is connected to: a name
/// that resolves to something else a moment later changes nothing.
pub struct Names {
    private: bool,
    #[cfg(feature = "testing")]
    script: testing::Script,
}

impl Names {
    fn new(private: bool) -> Self {
        Self {
            private,
            #[cfg(feature = "testing")]
            script: testing::Script::default(),
        }
    }

    /// Every address of a name; one that may not be called condemns them all, for nobody mixes the two by accident.
    fn judged(private: bool, found: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
        if private || found.iter().all(|address| target::is_public(address.ip())) {
            Ok(found)
        } else {
            Err(io::Error::other("this name leads to an address that is not on the public internet"))
        }
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        #[cfg(feature = "testing")]
        if let Some(found) = self.script.next(name.as_str()) {
            let judged = if self.script.is_unguarded() { Ok(found) } else { Self::judged(private, found) };
            return Box::pin(async move { Ok(Box::new(judged?.into_iter()) as Addrs) });
        }
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(Self::judged(private, found)?.into_iter()) as Addrs)
        })
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        Error::Internal(reason(&error))
    }
}

/// Names that resolve as a test says, and the mistake that the guard prevents: judging one answer and calling another.
#[cfg(feature = "testing")]
mod testing {
    use std::collections::{HashMap, VecDeque};
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError};

    use super::*;

    #[derive(Default)]
    pub struct Script {
        answers: Mutex<HashMap<String, VecDeque<Vec<SocketAddr>>>>,
        unguarded: AtomicBool,
        asked: AtomicUsize,
    }

    impl Script {
        pub fn next(&self, name: &str) -> Option<Vec<SocketAddr>> {
            let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            let left = answers.get_mut(name)?;
            self.asked.fetch_add(1, Ordering::SeqCst);
            // The last answer stands.
            if left.len() > 1 { left.pop_front() } else { left.front().cloned() }
        }

        pub fn is_unguarded(&self) -> bool {
            self.unguarded.load(Ordering::SeqCst)
        }
    }

    impl Names {
        /// Lets `name` resolve to each of these in turn, and to the last from then on.
        pub fn resolve_as(&self, name: &str, answers: Vec<Vec<SocketAddr>>) {
            let mut known = self.script.answers.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(name.to_owned(), answers.into());
        }

        /// Judges one look-up and connects to what another one says.
        pub fn take_guard_away(&self) {
            self.script.unguarded.store(true, Ordering::SeqCst);
        }

        /// How often a scripted name was looked up.
        pub fn asked(&self) -> usize {
            self.script.asked.load(Ordering::SeqCst)
        }

        pub(super) async fn look_first(&self, url: &Url) -> io::Result<()> {
            if !self.script.is_unguarded() {
                return Ok(());
            }
            let found = url.host_str().and_then(|host| self.script.next(host)).unwrap_or_default();
            Self::judged(self.private, found).map(|_| ())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_private_address_condemns_a_name() {
        let address = |ip: &str| SocketAddr::new(ip.parse().unwrap(), 0);
        let mixed = vec![address("8.8.8.8"), address("127.0.0.1")];
        assert!(Names::judged(false, mixed.clone()).is_err());
        assert!(Names::judged(true, mixed).is_ok());
        assert!(Names::judged(false, vec![address("8.8.8.8"), address("2606:4700::1111")]).is_ok());
    }

    #[test]
    fn answers_are_kept_as_text_that_any_table_takes() {
        assert_eq!(readable(b"fine\0\x1b[31m\n"), "fine[31m\n");
        assert_eq!(readable(&[0xff, b'a']), "\u{fffd}a");
        assert_eq!(readable(&[b'x'; 4000]).len(), KEPT_CHARS);
    }
}
