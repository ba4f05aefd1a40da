//! The connection to Redis, behind a circuit breaker.
//!
//! One multiplexed connection carries all calls. A call that is not answered in time opens the breaker: from then
//! on calls fail at once, while one probe at a time connects anew and closes it again. So a frozen Redis costs
//! the calls under way a quarter of a second, and those after them nothing.
//!
//! On a Redis Cluster the breaker stays closed: a node that does not answer holds up the rooms it keeps and no others, and
//! the cluster's own client finds out who follows it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use deadpool_redis::{Connection, Manager, Pool};
use redis::aio::MultiplexedConnection;
use redis::cluster::ClusterClient;
use redis::cluster_async::ClusterConnection;
use redis::{AsyncConnectionConfig, Cmd, ErrorKind, RedisError, RedisResult, ServerErrorKind, Value};

use super::scripts::Loaded;
use crate::queue::StoreError;

/// Between two probes.
const PROBE_EVERY: Duration = Duration::from_millis(150);
/// Times a call follows a room that has moved to another node of the cluster.
const REDIRECTIONS_MAX: u32 = 3;

/// Where connections come from.
enum Source {
    One(Pool),
    Cluster(Box<ClusterClient>),
}

/// A connection that calls share.
#[derive(Clone)]
enum Live {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// The connection. Cheap to call from any number of tasks.
pub struct Link {
    source: Source,
    answer_timeout: Duration,
    live: Mutex<Option<Live>>,
    /// Counts connections, so that a late failure of an old one does not end its successor.
    generation: AtomicU64,
    probing: AtomicBool,
}

impl Link {
    /// Connects to the Redis at `url`, or to the cluster that its addresses (see [`cluster_nodes`]) belong to; a call not
    /// answered in time is given up.
    ///
    /// # Errors
    /// When the address is not one of Redis, or nothing answers there.
    pub async fn open(url: &str, answer_timeout: Duration) -> anyhow::Result<Arc<Self>> {
        let source = Source::at(url, answer_timeout)
            .map_err(|error| anyhow::anyhow!("redis_url is not an address of Redis: {error}"))?;
        let link = Arc::new(Self {
            source,
            answer_timeout,
            live: Mutex::default(),
            generation: AtomicU64::new(0),
            probing: AtomicBool::new(false),
        });
        link.connect().await.map_err(|error| {
            anyhow::anyhow!("Redis does not answer ({error}). Start it, or correct redis_url; without redis_url the queue lives in this process.")
        })?;
        Ok(link)
    }

    /// Calls a script on the keys of one room, loading it if Redis does not know it (any more).
    pub async fn script(
        self: &Arc<Self>,
        script: &Loaded,
        keys: &[String],
        args: &[Vec<u8>],
    ) -> Result<Value, Failure> {
        match self.ask(&evalsha(script, keys, args)).await {
            Err(Failure::NoScript) => {
                let mut load = redis::cmd("SCRIPT");
                load.arg("LOAD").arg(&script.text);
                self.ask(&load).await?;
                self.ask(&evalsha(script, keys, args)).await
            }
            outcome => outcome,
        }
    }

    /// Sends one command.
    pub async fn ask(self: &Arc<Self>, command: &Cmd) -> Result<Value, Failure> {
        let generation = self.generation.load(Ordering::SeqCst);
        let live = self.live.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(mut connection) = live else {
            return Err(Failure::Unavailable(
                "Redis did not answer a moment ago; it is being tried again".into(),
            ));
        };
        let outcome = connection.ask(command).await;
        outcome.map_err(|error| {
            let failure = Failure::of(&error);
            if matches!(connection, Live::One(_)) && breaks(&error) {
                self.open_breaker(generation, &error);
            }
            failure
        })
    }

    /// Starts looking for a new connection in the background, unless it has been found or is being looked for.
    fn open_breaker(self: &Arc<Self>, generation: u64, error: &RedisError) {
        if self.generation.load(Ordering::SeqCst) != generation || self.probing.swap(true, Ordering::SeqCst) {
            return;
        }
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = None;
        metrics::counter!("queue_redis_failures_total").increment(1);
        tracing::error!(%error, "Redis does not answer; joins and admissions wait until it does");
        tokio::spawn(Self::probe(Arc::downgrade(self)));
    }

    /// Probes until connected, as long as the link is in use.
    async fn probe(link: Weak<Self>) {
        while let Some(link) = link.upgrade() {
            if link.connect().await.is_ok() {
                tracing::info!("Redis answers again");
                return;
            }
            drop(link);
            tokio::time::sleep(PROBE_EVERY).await;
        }
    }

    async fn connect(&self) -> anyhow::Result<()> {
        let mut connection = tokio::time::timeout(self.answer_timeout, self.source.connect()).await??;
        connection.ask(&redis::cmd("PING")).await?;
        *self.live.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.probing.store(false, Ordering::SeqCst);
        Ok(())
    }
}

impl Source {
    fn at(url: &str, answer_timeout: Duration) -> anyhow::Result<Self> {
        if let Some(nodes) = cluster_nodes(url) {
            let client = ClusterClient::builder(nodes)
                .connection_timeout(answer_timeout)
                .response_timeout(answer_timeout)
                .retries(REDIRECTIONS_MAX);
            return Ok(Self::Cluster(Box::new(client.build()?)));
        }
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(Some(answer_timeout))
            .set_connection_timeout(Some(answer_timeout));
        let manager = Manager::new_with_config(url, config)?;
        Ok(Self::One(Pool::builder(manager).max_size(1).build()?))
    }

    async fn connect(&self) -> anyhow::Result<Live> {
        Ok(match self {
            Self::One(pool) => Live::One(Connection::take(pool.get().await?)),
            Self::Cluster(client) => Live::Cluster(client.get_async_connection().await?),
        })
    }
}

impl Live {
    async fn ask(&mut self, command: &Cmd) -> RedisResult<Value> {
        match self {
            Self::One(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }
}

/// Addresses of a cluster's nodes, of which some suffice: `redis+cluster://[user:password@]host:port[,host:port…]`, with
/// TLS `rediss+cluster://…`; `None` for any other address.
fn cluster_nodes(url: &str) -> Option<Vec<String>> {
    let (scheme, rest) = url.split_once("+cluster://")?;
    let (login, hosts) = rest.rsplit_once('@').map_or(("", rest), |(login, hosts)| (login, hosts));
    let at = if login.is_empty() { String::new() } else { format!("{login}@") };
    Some(hosts.split(',').map(|host| format!("{scheme}://{at}{host}")).collect())
}

/// Why a call brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is no such room.
    NoRoom,
    /// The store has lost a room that was there, or what happened to it lately.
    Lost,
    /// The room has other lanes.
    Lanes,
    /// The room is somebody else's.
    Owner,
    /// Redis does not know the script.
    NoScript,
    /// No answer, or not now.
    Unavailable(String),
}

impl Failure {
    fn of(error: &RedisError) -> Self {
        match error.code() {
            Some("NOROOM") => Self::NoRoom,
            Some("LOST") => Self::Lost,
            Some("LANES") => Self::Lanes,
            Some("OWNER") => Self::Owner,
            Some("NOSCRIPT") => Self::NoScript,
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NoRoom => StoreError::NoRoom,
            Failure::Lanes => StoreError::Lanes,
            Failure::Owner => StoreError::Owner,
            Failure::Lost => StoreError::Unavailable("Redis lost the line".into()),
            Failure::NoScript => StoreError::Unavailable("Redis does not keep scripts".into()),
            Failure::Unavailable(cause) => StoreError::Unavailable(cause),
        }
    }
}

/// Whether calls on this connection are hopeless for a while: no answer, or one that says so.
fn breaks(error: &RedisError) -> bool {
    use ServerErrorKind::{BusyLoading, ClusterDown, MasterDown, ReadOnly};
    match error.kind() {
        ErrorKind::Server(kind) => matches!(kind, BusyLoading | ClusterDown | MasterDown | ReadOnly),
        ErrorKind::Extension => false,
        _ => true,
    }
}

fn evalsha(script: &Loaded, keys: &[String], args: &[Vec<u8>]) -> Cmd {
    let mut command = redis::cmd("EVALSHA");
    command.arg(&script.hash).arg(keys.len()).arg(keys).arg(args);
    command
}
