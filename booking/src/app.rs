//! What every handler of booking may use.

use std::ops::Deref;
use std::sync::Arc;

use anyhow::Context;
use shared::browser::BrowserCookie;
use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::keys::{KeyRing, Purpose, Vault};
use shared::limits::{Client, Limit};
use shared::peer::Peer;
use shared::problem::Problem;
use shared::remote_keys::RemoteKeys;
use shared::stop::Stop;
use shared::streams::Streams;
use shared::telemetry::Snapshot;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::bookings::Steps;
use crate::checkin;
use crate::db::Db;
use crate::events;
use crate::guards::Guards;
use crate::health::Vitals;
use crate::jobs::{self, DoneJobs};
use crate::news::News;
use crate::notifications::Mailer;
use crate::notifications::texts::Texter;
use crate::payments::Captures;
use crate::payments::gateway::Gateway;
use crate::payments::simulated::Simulated;
use crate::seats::holds::HeldSeat;
use crate::seats::{SeatChange, SeatMaps};
use crate::users::{self, Guests, Passwords, Provider};
use crate::webhooks::Webhooks;

/// Booking's state. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] holds.
pub struct Parts {
    /// The tables.
    pub db: Db,
    /// The settings, checked.
    pub settings: Settings,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Where randomness and ids come from.
    pub entropy: Entropy,
    /// Signs access and service tokens.
    pub session_keys: KeyRing,
    /// Signs QR codes.
    pub ticket_keys: KeyRing,
    /// Signs heads of the audit log.
    pub audit_keys: KeyRing,
    /// Seals secrets that the tables keep.
    pub vault: Vault,
    /// The waiting room.
    pub waiting_room: Peer,
    /// Verifies admission tokens.
    pub admission_keys: RemoteKeys,
    /// Sends mails.
    pub mailer: Mailer,
    /// Sends texts to phones.
    pub texter: Texter,
    /// The browser's secret.
    pub browser_cookie: BrowserCookie,
    /// Hashes passwords.
    pub passwords: Passwords,
    /// Where people may log in instead.
    pub oidc: Provider,
    /// Limits by network prefix and by account.
    pub limits: Limits,
    /// Streams that are open here, by network.
    pub streams: Streams,
    /// Public answers about events, kept for a moment.
    pub event_pages: events::Pages,
    /// Woken when a job was queued.
    pub jobs_waiting: Notify,
    /// Who wants to hear of what, and how they are called.
    pub webhooks: Webhooks,
    /// The live seat maps of this node.
    pub seat_maps: SeatMaps,
    /// What the other nodes are to be told.
    pub news: News,
    /// Steps of purchases that go together.
    pub steps: Steps,
    /// Entries at the gates, which go together likewise.
    pub entries: checkin::Entries,
    /// Guests who begin, who go together likewise.
    pub guests: Guests,
    /// Payments whose money is taken, which go together likewise.
    pub captures: Captures,
    /// Jobs that are done, which go together likewise.
    pub done_jobs: DoneJobs,
    /// Who moves the money.
    pub gateway: Box<dyn Gateway>,
    /// For `/metrics`: free places of what is on sale, and all places.
    pub stock_free: Arc<Snapshot>,
    /// See [`stock_free`](Self::stock_free).
    pub stock_total: Arc<Snapshot>,
    /// How this node stops: streams say goodbye first.
    pub stop: Stop,
    /// Held while a PDF is drawn.
    pub drawing: tokio::sync::Mutex<()>,
    /// Turns to read an uploaded seating plan.
    pub importing: tokio::sync::Semaphore,
    /// What this node has answered since it last told the waiting room.
    pub vitals: Vitals,
    /// Guards against races; all stand outside of tests.
    pub guards: Guards,
}

/// Logins to one account a minute, from wherever they come: guessing one password stays slow for a whole botnet.
const LOGINS_PER_ACCOUNT: u32 = 10;

/// Codes that one account tries a minute, from wherever it comes.
const CODES_PER_ACCOUNT: u32 = 30;

/// Limits by network prefix and by account.
pub struct Limits {
    /// Logins, registrations and mail links.
    pub logins: Limit,
    /// Logins and mail links of one account, by the hash of its address.
    pub accounts: Limit<Vec<u8>>,
    /// Holds, bookings and payments.
    pub bookings: Limit,
    /// Codes that somebody tries.
    codes: Limit,
    /// Codes that an account tries.
    account_codes: Limit<Uuid>,
}

impl Limits {
    /// Counts a promo code that somebody tries, by her network and by her account, as far as she has one.
    ///
    /// # Errors
    /// 429 `slow-down`.
    pub fn check_code(&self, client: Client, user: Option<Uuid>) -> Result<(), Problem> {
        self.codes.check(client)?;
        user.map_or(Ok(()), |user| self.account_codes.check_key(user, "for this account"))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Opens keys and database as the settings say.
    pub async fn open(
        settings: Settings,
        clock: Clock,
        entropy: Entropy,
        waiting_room: Peer,
    ) -> anyhow::Result<Self> {
        let db = Db::open(&settings, entropy.clone()).await.context("the database could not be opened")?;
        let db = db.with_pulse(&settings.booking, clock.clone());
        let gateway = Simulated::new(db.clone(), clock.clone(), entropy.clone(), settings.payments.clone());
        let keys = |purpose| KeyRing::open(&settings.keys_dir(), purpose, &entropy);
        Ok(Self(Arc::new(Parts {
            steps: Steps::start(&db, &clock),
            entries: checkin::start(&db, &clock),
            captures: Captures::start(&db, &clock),
            done_jobs: jobs::start_done(&db, &clock),
            guests: users::start_guests(&db, &clock),
            webhooks: Webhooks::open(&db, &settings).await?,
            db,
            session_keys: keys(Purpose::Session)?,
            ticket_keys: keys(Purpose::Ticket)?,
            audit_keys: keys(Purpose::Audit)?,
            vault: Vault::open(&settings.keys_dir(), &entropy)?,
            admission_keys: RemoteKeys::new(waiting_room.clone(), shared::admission::JWKS_PATH),
            waiting_room,
            mailer: Mailer::new(&settings)?,
            texter: Texter::new(&settings),
            browser_cookie: BrowserCookie::new(&settings.public_url()),
            passwords: Passwords::default(),
            oidc: Provider::new(&settings),
            limits: Limits {
                accounts: Limit::per_minute(LOGINS_PER_ACCOUNT),
                logins: Limit::per_minute(settings.booking.logins_per_minute),
                bookings: Limit::per_minute(settings.booking.bookings_per_minute),
                codes: Limit::per_minute(settings.booking.logins_per_minute),
                account_codes: Limit::per_minute(CODES_PER_ACCOUNT),
            },
            streams: Streams::of(settings.server.streams_per_network),
            event_pages: events::Pages::default(),
            jobs_waiting: Notify::new(),
            seat_maps: SeatMaps::default(),
            news: News::default(),
            gateway: Box::new(gateway),
            stock_free: Arc::new(Snapshot::of("shop_stock_free")),
            stock_total: Arc::new(Snapshot::of("shop_stock_total")),
            stop: Stop::default(),
            drawing: tokio::sync::Mutex::default(),
            importing: tokio::sync::Semaphore::new(crate::venues::IMPORTS_AT_ONCE),
            vitals: Vitals::default(),
            guards: Guards::default(),
            settings,
            clock,
            entropy,
        })))
    }

    /// The current instant.
    pub fn now(&self) -> Ts {
        self.clock.now()
    }

    /// Lets workers look for jobs at once; call after the commit that queued some.
    pub fn wake_jobs(&self) {
        self.jobs_waiting.notify_one();
    }

    /// Lets seat maps of `session` look at once, here and on the other nodes; call after the commit that changed seats.
    pub fn seats_have_changed(&self, session: i64) {
        let now = self.now();
        self.seat_maps.mark_stale(session, now);
        self.news.seats(session, now);
    }

    /// Shows seats of `session` as held until `until`; call after the commit that held them. Unlike after
    /// [`seats_have_changed`](Self::seats_have_changed) nobody reads the table for it on this node.
    pub fn seats_are_held(&self, session: i64, seats: &[HeldSeat], until: Ts) {
        let now = self.now();
        let held = seats.iter().map(|seat| SeatChange::held(seat.id, until, now)).collect();
        self.seat_maps.take_in(session, held, now);
        self.news.seats(session, now);
    }

    /// Shows seats of `session` as sold; the same.
    pub fn seats_are_sold(&self, session: i64, seats: &[HeldSeat]) {
        let now = self.now();
        let sold = seats.iter().map(|seat| SeatChange::sold(seat.id, now)).collect();
        self.seat_maps.take_in(session, sold, now);
        self.news.seats(session, now);
    }

    /// Lets seat maps of `session` read it whole, here and on the other nodes, and forgets kept answers about events; call
    /// after the commit that added or changed ticket types.
    pub fn plan_has_changed(&self, session: i64) {
        self.seat_maps.mark_replanned(session);
        self.news.plan(session);
        self.events_have_changed();
    }

    /// Forgets kept answers about events, here and on the other nodes; call after the commit that changed one.
    pub fn events_have_changed(&self) {
        self.event_pages.clear();
        self.news.events();
    }
}
