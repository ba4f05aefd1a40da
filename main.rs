//! The role switch: which of Rushline's roles this process plays, and nothing else.

mod verify;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::get;
use booking::app::App;
use booking::audit::chain::Head;
use booking::db::patiently;
use clap::{Args, Parser, Subcommand};
use shared::clock::Clock;
use shared::config::Settings;
use shared::connection;
use shared::entropy::Entropy;
use shared::keys::{KeyRing, Purpose, RELOADED_EVERY};
use shared::peer::Peer;
use shared::stop::Stop;
use shared::telemetry::Metrics;
use shared::{edge, serve, telemetry};
use tikv_jemallocator::Jemalloc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use waiting_room::draw::verify as draw;
use waiting_room::log::verify as log;

/// Gives back what a rush has taken; the system's allocator keeps it (docs/decisions/0101).
#[global_allocator]
static MEMORY: Jemalloc = Jemalloc;
/// Beyond the grace period: what was cut off at its end still says goodbye.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A virtual waiting room and a booking service in one binary.
#[derive(Parser)]
#[command(name = "rushline", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    verb: Option<Verb>,
}

/// Flags of every role; each overrides its variable and the settings file.
#[derive(Args)]
struct Flags {
    /// Settings file; every key and default stands in config.default.toml.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to serve on.
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Folder of database, queue journal, keys and mails.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// postgres://…; empty for SQLite in the data folder.
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// redis://…; empty for the queue in this process.
    #[arg(long, global = true, value_name = "URL")]
    redis_url: Option<String>,
    /// The address people type.
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
}

#[derive(Subcommand)]
enum Verb {
    /// Both services on one port (the default).
    All,
    /// Only the waiting room.
    WaitingRoom,
    /// Only the shop.
    Booking,
    /// Bring the database up to date and stop.
    Migrate,
    /// Fill an installation with the demo: people, events, one hot on-sale with its room. Safe to repeat.
    Seed,
    /// Print the OpenAPI document of both services.
    Openapi,
    /// List the signing keys, or make a new one that takes over without a restart.
    Keys {
        /// Make a new key for this purpose: admission, place, session, ticket, audit, journal or vault.
        #[arg(long, value_name = "PURPOSE")]
        rotate: Option<String>,
    },
    /// Check every promise over database, queue and audit log, beside a running server; fails when one is broken.
    Verify {
        /// A head of the audit log that an earlier run printed, to see whether it is still there.
        #[arg(long, value_name = "NUMBER:HASH")]
        audit_head: Option<Head>,
    },
    /// Recompute the draw of a room from what was published, in a folder or at https://…/api/v1/rooms/ROOM; fails when
    /// anything does not fit.
    VerifyDraw {
        /// A folder with draw.json, list.ndjson and keys.json, or the address of a room.
        from: String,
    },
    /// Check a room's journal against its signed heads, in a folder or at https://…/api/v1/rooms/ROOM; fails when anything
    /// was put in, taken out, moved or taken back.
    VerifyLog {
        /// A folder with entries.ndjson, head.json, keys.json and perhaps heads.ndjson, or the address of a room.
        from: String,
    },
    /// Ask the server of this machine whether it can do its work; fails when not. For container health checks.
    Healthy,
    /// Say which settings are in force and everything that is wrong with them.
    CheckConfig,
    /// Run a whole sale in virtual time and say how right the shown waits were and who got the early places.
    Simulate(loadtest::simulate::Options),
    /// Send simulated fans through a running sale, which fails when it was unfair; or measure pushed positions.
    Crowd(loadtest::crowd::Call),
}

#[tokio::main]
async fn main() -> ExitCode {
    match play(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn play(cli: Cli) -> anyhow::Result<()> {
    let verb = cli.verb.unwrap_or(Verb::All);
    // Simulated fans and verifiers are clients: they need no settings of a server.
    let verb = match verb {
        Verb::Crowd(call) => return call.play(cli.flags.redis_url).await,
        Verb::Simulate(options) => {
            say(&loadtest::simulate::told(&options));
            return Ok(());
        }
        Verb::Openapi => return print_openapi(),
        Verb::VerifyDraw { from } => return judge(draw::verify(draw::read(&from).await?)),
        Verb::VerifyLog { from } => return judge(log::verify(&log::read(&from).await?)),
        verb => verb,
    };
    let settings = Settings::read(cli.flags.config.as_deref(), std::env::vars(), &cli.flags.overrides())?;
    telemetry::start_logging(&settings.server.log, settings.server.log_json);
    match verb {
        Verb::All => serve_all(settings).await,
        Verb::WaitingRoom => serve_waiting_room(settings).await,
        Verb::Booking => serve_booking(settings).await,
        Verb::Migrate => migrate(settings).await,
        Verb::Seed => seed(settings).await,
        Verb::Keys { rotate } => keys(&settings, rotate.as_deref()),
        Verb::Verify { audit_head } => verify::run(&settings, audit_head).await,
        Verb::Healthy => healthy(&settings).await,
        Verb::CheckConfig => check_config(&settings),
        Verb::Crowd(_)
        | Verb::Simulate(_)
        | Verb::Openapi
        | Verb::VerifyDraw { .. }
        | Verb::VerifyLog { .. } => unreachable!("answered above"),
    }
}

impl Flags {
    fn overrides(&self) -> Vec<(&'static str, String)> {
        let flags = [
            ("listen", &self.listen),
            ("data_dir", &self.data_dir),
            ("database_url", &self.database_url),
            ("redis_url", &self.redis_url),
            ("public_url", &self.public_url),
        ];
        flags.into_iter().filter_map(|(key, value)| Some((key, value.clone()?))).collect()
    }
}

/// What this process runs.
#[derive(Default)]
struct Roles {
    shop: Option<App>,
    rooms: Option<waiting_room::app::App>,
}

async fn serve_all(settings: Settings) -> anyhow::Result<()> {
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let (to_shop, to_rooms) = (Peer::in_process(), Peer::in_process());
    let shop = App::open(settings.clone(), clock.clone(), entropy.clone(), to_rooms.clone()).await?;
    let rooms =
        waiting_room::app::App::open(settings.clone(), clock, entropy.clone(), to_shop.clone()).await?;
    let (shop_routes, room_routes) = (booking::router(shop.clone()), waiting_room::router(rooms.clone()));
    to_shop.connect(shop_routes.clone());
    to_rooms.connect(room_routes.clone());
    let roles = Roles { shop: Some(shop), rooms: Some(rooms) };
    run(settings, entropy, shop_routes.merge(room_routes), roles).await
}

async fn serve_waiting_room(settings: Settings) -> anyhow::Result<()> {
    let entropy = Entropy::system();
    let booking = Peer::http(&settings.waiting_room.booking_url)?;
    let rooms =
        waiting_room::app::App::open(settings.clone(), Clock::system(), entropy.clone(), booking).await?;
    let routes = waiting_room::router(rooms.clone());
    run(settings, entropy, routes, Roles { rooms: Some(rooms), shop: None }).await
}

async fn serve_booking(settings: Settings) -> anyhow::Result<()> {
    let entropy = Entropy::system();
    let waiting_room = Peer::http(&settings.booking.waiting_room_url)?;
    let shop = App::open(settings.clone(), Clock::system(), entropy.clone(), waiting_room).await?;
    let routes = booking::router(shop.clone());
    run(settings, entropy, routes, Roles { shop: Some(shop), rooms: None }).await
}

/// Serves until told to stop: first it drains, then what is open is finished, then the rest is dropped.
async fn run(settings: Settings, entropy: Entropy, routes: Router, roles: Roles) -> anyhow::Result<()> {
    let listener = serve::bind(settings.listen)?;
    let mut metrics = telemetry::start_metrics()?;
    metrics.include(roles.shop.iter().flat_map(|shop| [shop.stock_free.clone(), shop.stock_total.clone()]));
    let stop = Stop::on_signals(settings.drain())?;
    if let Some(shop) = &roles.shop
        && let Some(password) = patiently(async || booking::users::ensure_admin(shop).await).await?
    {
        tracing::warn!(
            "the first admin is {} with the password {password}; it is shown only now",
            settings.admin.email
        );
    }
    let roles = Arc::new(roles);
    let mut work = roles.start(&stop);
    work.spawn(metrics.clone().keep_small(stop.ending()));
    let public = operations(&settings, metrics, &roles, &stop)?;
    tracing::info!("Rushline listens on http://{} for {}", listener.local_addr()?, settings.public_url());
    connection::say_how_many(&settings);
    let router = edge::harden(routes.merge(public), &settings, entropy, stop.clone());
    let served = async {
        serve::run(listener, router, &settings, stop.ending()).await;
        work.join_all().await;
        if let Some(shop) = &roles.shop {
            shop.db.close().await;
        }
    };
    let too_late = async {
        stop.ended().await;
        tokio::time::sleep(Duration::from_secs(settings.server.stop_grace_s) + LAST_WORDS).await;
    };
    tokio::select! {
        () = served => tracing::info!("stopped: everything that was open is finished"),
        () = stop.abandoned() => tracing::warn!("stopped at once: what was open is dropped"),
        () = too_late => tracing::warn!("stopped: what was still open after the grace period is dropped"),
    }
    Ok(())
}

/// Routes for operators: on a port of their own if the settings name one. Returns those for the public port, where
/// metrics show in development only.
fn operations(
    settings: &Settings,
    metrics: Metrics,
    roles: &Arc<Roles>,
    stop: &Stop,
) -> anyhow::Result<Router> {
    let (roles, draining) = (roles.clone(), stop.clone());
    let health = Router::new().route("/healthz", get(async || "ok")).route(
        "/readyz",
        get(async move || {
            draining.admit_stream()?;
            roles.check().await
        }),
    );
    let with_metrics = health.clone().route("/metrics", get(async move || metrics.render()));
    let Some(address) = settings.operations_listen() else {
        return Ok(if settings.is_production() { health } else { with_metrics });
    };
    let listener = serve::bind(address)?;
    tracing::info!("health and metrics answer on http://{}", listener.local_addr()?);
    let (settings, stop) = (settings.clone(), stop.ending());
    tokio::spawn(async move { serve::run(listener, with_metrics, &settings, stop).await });
    Ok(health)
}

impl Roles {
    /// Starts what the roles do besides answering. It ends with `stop`, when leased work is finished.
    fn start(&self, stop: &Stop) -> JoinSet<()> {
        let mut work = JoinSet::new();
        if let Some(shop) = &self.shop {
            stop.lead(&shop.stop);
            let workers = booking::jobs::spawn_workers(shop.clone(), stop.ending());
            work.spawn(async move {
                // A panic there was logged by its task; there is nothing left to wait for.
                let _ = workers.await;
            });
            work.spawn(reload_keys(shop.clone(), stop.ending()));
            // Hints between nodes: nothing is lost with them, so nobody waits for them either.
            booking::news::spawn(shop.clone(), stop.ending());
        }
        if let Some(rooms) = &self.rooms {
            stop.lead(&rooms.stop);
            let tickers = waiting_room::start(rooms);
            work.spawn(async move {
                tickers.join_all().await;
            });
        }
        work
    }

    /// Whether every role of this process can do its work.
    async fn check(&self) -> Result<&'static str, shared::problem::Problem> {
        if let Some(shop) = &self.shop {
            booking::ready(shop).await?;
        }
        if let Some(rooms) = &self.rooms {
            waiting_room::ready(rooms).await?;
        }
        Ok("ready")
    }
}

/// Notices session, ticket, audit and vault keys that `rushline keys --rotate` made, and files that were deleted. The waiting
/// room looks after its own.
async fn reload_keys(shop: App, stop: CancellationToken) {
    let mut rounds = tokio::time::interval(RELOADED_EVERY.unsigned_abs());
    while stop.run_until_cancelled(rounds.tick()).await.is_some() {
        for ring in [&shop.session_keys, &shop.ticket_keys, &shop.audit_keys] {
            if let Err(error) = ring.reload(shop.now()) {
                tracing::error!(%error, "the keys could not be read again; those in use stay");
            }
        }
        if let Err(error) = shop.vault.reload() {
            tracing::error!(%error, "the vault's keys could not be read again; those in use stay");
        }
    }
}

async fn migrate(settings: Settings) -> anyhow::Result<()> {
    booking::db::Db::open(&settings, Entropy::system()).await?.close().await;
    say("The database is up to date.");
    Ok(())
}

async fn seed(settings: Settings) -> anyhow::Result<()> {
    let shop = App::open(settings.clone(), Clock::system(), Entropy::system(), Peer::in_process()).await?;
    let event = booking::seed_demo(&shop).await?;
    let room = waiting_room::demo_room(&event, shop.now())?;
    waiting_room::add_rooms(&settings, vec![room], shop.now())
        .await
        .context("the demo's room could not be written; without Redis, stop the server before seeding")?;
    shop.db.close().await;
    say("The demo is in place.");
    Ok(())
}

fn keys(settings: &Settings, rotate: Option<&str>) -> anyhow::Result<()> {
    let entropy = Entropy::system();
    for purpose in Purpose::ALL {
        let ring = KeyRing::open(&settings.keys_dir(), purpose, &entropy)?;
        if rotate == Some(purpose.name()) {
            ring.rotate(&entropy, Clock::system().now())?;
        }
        say(&format!("{:10} {}", purpose.name(), ring.kids().join("  ")));
    }
    let known = |name| Purpose::ALL.iter().any(|p| p.name() == name);
    anyhow::ensure!(rotate.is_none_or(known), "there is no such purpose; choose one of those above");
    Ok(())
}

async fn healthy(settings: &Settings) -> anyhow::Result<()> {
    let mut address = settings.operations_listen().unwrap_or(settings.listen);
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    let server = Peer::http(&format!("http://{address}"))?;
    anyhow::ensure!(server.answers("/readyz").await, "the server at {address} is not ready");
    Ok(())
}

/// Prints what a verifier found, and fails when something does not fit.
fn judge(verdict: draw::Verdict) -> anyhow::Result<()> {
    say(verdict.to_string().trim_end());
    match verdict.broken.first() {
        None => {
            say("Everything fits that was published.");
            Ok(())
        }
        Some((name, said)) => Err(anyhow::anyhow!("broken: {name}: {said}")),
    }
}

fn check_config(settings: &Settings) -> anyhow::Result<()> {
    say(&format!("{settings:#?}"));
    say("The settings are valid. Secrets are not shown.");
    Ok(())
}

fn print_openapi() -> anyhow::Result<()> {
    let mut document = booking::openapi();
    document.merge(waiting_room::openapi());
    say(&document.to_pretty_json()?);
    Ok(())
}

/// Prints for people or pipes; everything else goes to the log.
#[allow(clippy::print_stdout)]
fn say(text: &str) {
    println!("{text}");
}

/// What went wrong and why, without a backtrace: it is meant for operators.
#[allow(clippy::print_stderr)]
fn complain(error: &anyhow::Error) {
    eprintln!("rushline: {error:#}");
}
