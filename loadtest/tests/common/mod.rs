//! Both services as one real server in this process: own data, free port, either database engine.

pub mod fan;

use loadtest::api::Api;
use loadtest::stage::{ADMIN_EMAIL, ADMIN_PASSWORD, Stage};
use secrecy::SecretString;
use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::peer::Peer;
use shared::serve;
use shared::testing::{Postgres, TestServer};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};
use waiting_room::verify::Used;

/// Which database booking runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A clock that a test turns, somewhere in January 2027.
#[allow(dead_code, reason = "not all turn the clock")]
pub fn clock() -> Clock {
    Clock::manual(Ts::from_seconds(1_800_000_000))
}

/// A running installation.
pub struct Whole {
    pub stage: Stage,
    #[allow(dead_code, reason = "only crowds go by the address")]
    pub url: String,
    #[allow(dead_code, reason = "not all look into the shop")]
    pub shop: booking::app::App,
    rooms: waiting_room::app::App,
    _server: TestServer,
    _tickers: JoinSet<()>,
    _stop: DropGuard,
    _dir: TempDir,
}

impl Whole {
    /// Starts one whose gateway answers at once and always; `None` where the engine is not installed.
    #[allow(dead_code, reason = "not all turn the clock")]
    pub async fn start(engine: Engine) -> Option<Self> {
        Self::start_on(engine, Clock::system()).await
    }

    /// The same by another clock.
    pub async fn start_on(engine: Engine, clock: Clock) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_test(dir.path());
        let listener = serve::bind(settings.listen).unwrap();
        settings.public_url_setting = format!("http://{}", listener.local_addr().unwrap());
        settings.payments.delay_min_ms = 0;
        settings.payments.delay_max_ms = 0;
        settings.payments.success_percent = 100;
        settings.waiting_room.joins_per_minute = 1_000_000;
        settings.waiting_room.tick_ms = 20;
        settings.booking.logins_per_minute = 1_000_000;
        // Everybody at once, in a debug build beside their server: the shop may take its time, and must refuse nobody.
        settings.booking.connection_wait_ms = 30_000;
        settings.booking.bookings_per_minute = 1_000_000;
        settings.admin.email = ADMIN_EMAIL.to_owned();
        settings.admin.password = SecretString::from(ADMIN_PASSWORD);
        if engine == Engine::Postgres {
            let url =
                tokio::task::spawn_blocking(|| Postgres::shared().map(|server| server.database("whole")));
            settings.database_url = SecretString::from(url.await.unwrap()?);
        }
        let entropy = Entropy::system();
        let (to_shop, to_rooms) = (Peer::in_process(), Peer::in_process());
        let shop =
            booking::app::App::open(settings.clone(), clock.clone(), entropy.clone(), to_rooms.clone());
        let shop = shop.await.unwrap();
        let rooms =
            waiting_room::app::App::open(settings.clone(), clock, entropy, to_shop.clone()).await.unwrap();
        to_shop.connect(booking::router(shop.clone()));
        to_rooms.connect(waiting_room::router(rooms.clone()));
        booking::users::ensure_admin(&shop).await.unwrap();
        let stop = CancellationToken::new();
        drop(booking::jobs::spawn_workers(shop.clone(), stop.clone()));
        let tickers = waiting_room::start(&rooms);
        let routes = booking::router(shop.clone()).merge(waiting_room::router(rooms.clone()));
        let server = TestServer::start_on(listener, routes, &settings);
        let url = server.url.clone();
        let stage = Stage::open(Api::new(&url).unwrap()).await.unwrap();
        Some(Self {
            stage,
            url,
            shop,
            rooms,
            _server: server,
            _tickers: tickers,
            _stop: stop.drop_guard(),
            _dir: dir,
        })
    }

    /// The mails that were sent so far, as they went out.
    #[allow(dead_code, reason = "not all read mails")]
    pub fn mails(&self) -> Vec<String> {
        let files = std::fs::read_dir(self._dir.path().join("mails")).into_iter().flatten().flatten();
        let mails = files.filter(|file| file.path().extension().is_some_and(|ext| ext == "eml"));
        mails.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect()
    }

    /// Panics with every promise that is broken, in the shop, in the lines or between the two.
    pub async fn verify(&self) {
        let (shop, store) = (&self.shop, &*self.rooms.store);
        let mut tx = shop.db.snapshot().await.unwrap();
        let mut report =
            booking::verify::look_into(&mut tx, Some(&shop.audit_keys), shop.now()).await.unwrap();
        report.extend(waiting_room::verify::verify(store, shop.now()).await.unwrap());
        let used = booking::verify::admissions(&mut tx, None, 10_000).await.unwrap();
        let used: Vec<Used> = used
            .into_iter()
            .map(|a| Used { room: a.room, place: a.place_id, jti: a.jti, at: a.opened_at })
            .collect();
        report.push(waiting_room::verify::admissions(store, &used, shop.now()).await.unwrap());
        report.assert_clean();
    }
}
