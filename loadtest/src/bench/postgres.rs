//! The shop on PostgreSQL, in the store and over HTTP, beside `pgbench` running bare statements on the same server.
//!
//! The server is a private one with the settings of production: every commit waits for the disk. `pgbench` runs on the
//! shop's own tables, with their indexes and references.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Context;
use booking::app::App;
use booking::bookings::straight;
use booking::seats::holds::NewHold;
use secrecy::SecretString;
use shared::clock::Clock;
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::peer::Peer;
use shared::testing::Postgres;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::client::{self, Connection as Http};
use super::report::{Report, name};
use super::work::{Depth, Shopper};
use super::{Options, Part, REST};
use crate::api::Api;
use crate::server::{self, Launch, Server};
use crate::stage::{Show, Stage};

/// The private server; the rest is as Debian ships it.
const SETTINGS: &str = "fsync = on\nsynchronous_commit = on\nshared_buffers = 512MB\nmax_wal_size = 4GB\n";
/// Accounts that buy.
const SHOPPERS: u64 = 10_000;
/// Tickets of one show: more than a round can sell.
const STOCK: u32 = 100_000;
/// Sizes of the sessions whose holds are compared, and how many holds each is asked for.
const SMALL: u32 = 1_000;
const HOLDS_OF_A_SIZE: u64 = 400;

/// A server with a shop on it.
struct Bench {
    options: Options,
    database: Postgres,
    url: String,
    server: Server,
    stage: Stage,
    tokens: Vec<String>,
    app: App,
    dir: TempDir,
    entropy: Entropy,
}

/// Runs the rounds; says so and measures nothing where PostgreSQL is not installed.
///
/// # Errors
/// When anything fails.
pub async fn run(options: &Options, report: &mut Report) -> anyhow::Result<()> {
    let bench = Bench::start(options.clone()).await?;
    for round in 1..=options.rounds {
        eprintln!("PostgreSQL, round {round} of {}", options.rounds);
        if options.wants(Part::Postgres) {
            bench.holds(round, report).await?;
            bench.sizes(round, report).await?;
        }
        bench.bookings(round, report).await?;
    }
    Ok(())
}

impl Bench {
    async fn start(options: Options) -> anyhow::Result<Self> {
        let database = start_postgres()?;
        let url = database.database("bench");
        let binary = options.binary.clone().map_or_else(server::binary, Ok)?;
        let dir = tempfile::tempdir()?;
        let launch = Launch { variables: variables(&url), ..Launch::default() };
        let server =
            Server::launch(&binary, &dir.path().join("data"), &server::free_address()?, launch).await?;
        let stage = Stage::open(Api::new(&server.url)?).await?;
        let mut tokens = Vec::new();
        for shopper in 0..options.clients {
            tokens.push(stage.shopper(&format!("bench-{shopper}")).await?);
        }
        let mut connection = PgConnection::connect(&url).await?;
        sqlx::query(
            "INSERT INTO users (id, name, email, email_key, password_hash, role, created_at, updated_at)
             SELECT CAST('00000000-0000-4000-8000-' || lpad(CAST(n AS TEXT), 12, '0') AS UUID), 'A Shopper', n || '@bench.example',
                    n || '@bench.example', 'none', 'guest', now(), now() FROM generate_series(1, $1) n",
        )
        .bind(SHOPPERS as i64)
        .execute(&mut connection)
        .await?;
        let mut settings = Settings::for_test(&dir.path().join("store"));
        settings.database_url = SecretString::from(url.clone());
        settings.booking.connections = options.clients as u32;
        (settings.payments.delay_min_ms, settings.payments.delay_max_ms) = (0, 0);
        let entropy = Entropy::system();
        let app = App::open(settings, Clock::system(), entropy.clone(), Peer::in_process()).await?;
        Ok(Self { options, database, url, server, stage, tokens, app, dir, entropy })
    }

    fn length(&self) -> Duration {
        Duration::from_secs_f64(self.options.seconds)
    }

    /// A show for each name and number of ticket types, ready to be sold.
    async fn shows<const N: usize>(
        &self,
        wanted: [(&str, u32); N],
        round: u32,
    ) -> anyhow::Result<[Vec<Show>; N]> {
        let mut shows = [const { Vec::new() }; N];
        for (made, (called, types)) in shows.iter_mut().zip(wanted) {
            *made = self.stage.general_admissions(&format!("{called} {round}"), STOCK / types, types).await?;
        }
        let mut connection = PgConnection::connect(&self.url).await?;
        // As autovacuum would have done by the time a sale opens. It leaves alone what is still empty, and so do we: plans
        // made for tables that are known to be empty search them by any index.
        sqlx::query("VACUUM ANALYZE users, events, sessions, ticket_types, seats")
            .execute(&mut connection)
            .await?;
        sleep(REST).await;
        Ok(shows)
    }

    async fn holds(&self, round: u32, report: &mut Report) -> anyhow::Result<()> {
        let wanted = [("pgbench holds", 1), ("Hot", 1), ("Ten", 10), ("HTTP holds", 1)];
        let [bare, hot, ten, http] = self.shows(wanted, round).await?;
        report.add_bare(name::PG_HOLDS, "holds/s", self.pgbench(include_str!("pgbench/hold.sql"), bare[0])?);
        report.add_bare(name::STORE_HOLDS, "holds/s", self.store(hot, Depth::Hold).await?);
        report.add_bare(name::STORE_HOLDS_TEN, "holds/s", self.store(ten, Depth::Hold).await?);
        report.add(name::PG_HTTP_HOLDS, "holds/s", self.http(http[0], Depth::Hold, round).await?);
        Ok(())
    }

    async fn bookings(&self, round: u32, report: &mut Report) -> anyhow::Result<()> {
        let wanted =
            ["pgbench bookings", "Bookings", "Orders", "HTTP bookings", "Keyed bookings", "HTTP orders"];
        let [bare, calls, orders, http_calls, keyed, http_orders] =
            self.shows(wanted.map(|name| (name, 1)), round).await?;
        let per_s = self.pgbench(include_str!("pgbench/booking.sql"), bare[0])?;
        report.add_bare(name::PG_BOOKINGS, "bookings/s", per_s);
        report.add_bare(name::STORE_BOOKINGS, "bookings/s", self.store(calls, Depth::Booking).await?);
        self.forget_jobs().await?;
        report.add_bare(name::STORE_ORDERS, "bookings/s", self.store(orders, Depth::Order).await?);
        self.forget_jobs().await?;
        let http = self.http(http_calls[0], Depth::Booking, round).await?;
        report.add(name::PG_HTTP_BOOKINGS, "bookings/s", http);
        self.forget_jobs().await?;
        let http = self.http(keyed[0], Depth::KeyedBooking, round).await?;
        report.add(name::PG_KEYED, "bookings/s", http);
        self.forget_jobs().await?;
        let http = self.http(http_orders[0], Depth::Order, round).await?;
        report.add(name::PG_HTTP_ORDERS, "bookings/s", http);
        self.forget_jobs().await
    }

    /// A hold in a small session and in a large one: so many of each, by a few clients.
    async fn sizes(&self, round: u32, report: &mut Report) -> anyhow::Result<()> {
        let mut shows = Vec::new();
        for (name, size) in [(name::SMALL_HOLDS, SMALL), (name::LARGE_HOLDS, STOCK)] {
            shows.push((name, self.stage.general_admission(&format!("{name} {round}"), size, None).await?));
        }
        sleep(REST).await;
        for (name, show) in shows {
            report.add_bare(name, "holds/s", self.some_holds(show).await?);
        }
        Ok(())
    }

    async fn some_holds(&self, show: Show) -> anyhow::Result<f64> {
        // The first one makes the node load the session's map, which it does once.
        once(&self.app, &self.entropy, 0, show, Depth::Hold).await?;
        let taken = Arc::new(AtomicU64::new(0));
        let (began, mut running) = (Instant::now(), JoinSet::new());
        for client in 0..8 {
            let (app, entropy, taken) = (self.app.clone(), self.entropy.clone(), taken.clone());
            running.spawn(async move {
                while taken.fetch_add(1, Ordering::Relaxed) < HOLDS_OF_A_SIZE {
                    once(&app, &entropy, client, show, Depth::Hold).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(ended) = running.join_next().await {
            ended??;
        }
        Ok(HOLDS_OF_A_SIZE as f64 / began.elapsed().as_secs_f64())
    }

    /// What follows bookings is measured elsewhere; here it would run beside the next measurement.
    async fn forget_jobs(&self) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(&self.url).await?;
        sqlx::query("DELETE FROM jobs WHERE status = 'ready'").execute(&mut connection).await?;
        Ok(())
    }

    /// Operations a second of this process's own shop, without HTTP; the clients share the shows among them. The server
    /// stands still meanwhile: its workers would send the mails of what is sold here, which `pgbench` need not do.
    async fn store(&self, shows: Vec<Show>, depth: Depth) -> anyhow::Result<f64> {
        self.server.signal("STOP")?;
        let per_s = self.store_alone(shows, depth).await;
        self.server.signal("CONT")?;
        per_s
    }

    async fn store_alone(&self, shows: Vec<Show>, depth: Depth) -> anyhow::Result<f64> {
        let done = Arc::new(AtomicU64::new(0));
        let (began, length, mut running) = (Instant::now(), self.length(), JoinSet::new());
        for client in 0..self.options.clients {
            let (app, entropy, done) = (self.app.clone(), self.entropy.clone(), done.clone());
            let show = shows[client % shows.len()];
            running.spawn(async move {
                while began.elapsed() < length {
                    once(&app, &entropy, client as u64, show, depth).await?;
                    done.fetch_add(1, Ordering::Relaxed);
                }
                anyhow::Ok(())
            });
        }
        while let Some(ended) = running.join_next().await {
            ended??;
        }
        Ok(done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64())
    }

    async fn http(&self, show: Show, depth: Depth, round: u32) -> anyhow::Result<client::Round> {
        let authority = Api::new(&self.server.url)?.authority();
        let mut clients = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            let connection = Http::open(&authority, Some(token)).await?;
            clients.push(Shopper {
                connection,
                show,
                depth,
                name: format!("pg-{depth:?}-{round}-{at}"),
                count: 0,
            });
        }
        client::run(clients, self.length(), || self.server.usage()).await
    }

    /// Transactions a second of a script of `pgbench`.
    fn pgbench(&self, script: &str, show: Show) -> anyhow::Result<f64> {
        let file = self.dir.path().join("script.sql");
        std::fs::write(&file, script)?;
        tokio::task::block_in_place(|| {
            pgbench(self.database.bin(), &file, self.database.socket_dir(), &self.options, show)
        })
    }
}

/// The shop's settings: its database, and time to make a session of [`STOCK`] seats on a busy machine.
fn variables(url: &str) -> Vec<(String, String)> {
    let settings = [
        ("RUSHLINE_DATABASE_URL", url),
        ("RUSHLINE_BOOKING_CONNECTIONS", "64"),
        ("RUSHLINE_BOOKING_STATEMENT_MAX_MS", "60000"),
        ("RUSHLINE_SERVER_ANSWER_TIMEOUT_S", "60"),
    ];
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// Starts the server on a thread that lives as long as this process: it would end with a thread that ends.
fn start_postgres() -> anyhow::Result<Postgres> {
    let (send, receive) = std::sync::mpsc::sync_channel(1);
    std::thread::spawn(move || {
        let _ = send.send(Postgres::start_with(SETTINGS));
        loop {
            std::thread::park();
        }
    });
    receive.recv()?
}

/// One hold, or one whole purchase, by one of the client's own hundred shoppers: nobody buys twice at the same instant.
async fn once(app: &App, entropy: &Entropy, client: u64, show: Show, depth: Depth) -> anyhow::Result<()> {
    let shopper = 1 + (client * 100 + u64::from(entropy.below(100))) % SHOPPERS;
    let user = Uuid::parse_str(&format!("00000000-0000-4000-8000-{shopper:012}"))?;
    let wanted = NewHold { quantity: Some(2), ticket_type: Some(show.ticket_type), ..NewHold::default() };
    match depth {
        Depth::Hold => straight::hold(app, user, show.session, &wanted).await.map(|_| ())?,
        Depth::Booking | Depth::KeyedBooking => straight::buy(app, user, show.session, &wanted).await?,
        Depth::Order => straight::order(app, user, show.session, &wanted).await?,
    }
    Ok(())
}

fn pgbench(bin: &Path, script: &Path, socket: &Path, options: &Options, show: Show) -> anyhow::Result<f64> {
    let ran = Command::new(bin.join("pgbench"))
        .args(["-n", "-M", "prepared", "-j", "2", "-U", "postgres", "-h"])
        .arg(socket)
        .args(["-c", &options.clients.to_string(), "-T", &options.seconds.ceil().max(1.0).to_string(), "-f"])
        .arg(script)
        .args(["-D", &format!("shoppers={SHOPPERS}"), "-D", &format!("event={}", show.event)])
        .args([
            "-D",
            &format!("session={}", show.session),
            "-D",
            &format!("ticket_type={}", show.ticket_type),
        ])
        .arg("bench")
        .output()?;
    let said = String::from_utf8_lossy(&ran.stdout);
    let complaint = String::from_utf8_lossy(&ran.stderr);
    let tps =
        said.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    tps.filter(|_| ran.status.success()).with_context(|| format!("pgbench failed: {said}{complaint}"))
}
