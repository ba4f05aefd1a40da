//! Settings: what they are, where they come from, and whether they make sense.
//!
//! The manual is `config.default.toml`, which is embedded and read first. Every key there has one environment
//! variable (`RUSHLINE_` + section + key). All mistakes are reported together.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use config::{Config, File, FileFormat, Value, ValueKind};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::limits::Block;

/// The manual of settings, with every default.
pub const DEFAULTS: &str = include_str!("../../config.default.toml");
/// Prefix of the environment variables.
const PREFIX: &str = "RUSHLINE_";
/// Variables that start like settings but belong to development tools.
const NOT_SETTINGS: [&str; 1] = ["RUSHLINE_BIN"];
/// Passwords of the demo data, never accepted in production.
pub const DEMO_PASSWORD: &str = "rushline-demo";

/// All settings, checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address and port to serve on.
    pub listen: SocketAddr,
    /// Address people type; see [`Settings::public_url`] for the value in force.
    #[serde(rename = "public_url")]
    pub public_url_setting: String,
    /// Folder of the embedded default.
    pub data_dir: PathBuf,
    /// Folder of the signing keys; see [`Settings::keys_dir`] for the value in force.
    #[serde(rename = "keys_dir")]
    pub keys_dir_setting: PathBuf,
    /// Empty for SQLite in the data folder.
    pub database_url: SecretString,
    /// Empty for the queue in this process.
    pub redis_url: SecretString,
    /// How connections are served.
    pub server: Server,
    /// The waiting room.
    pub waiting_room: WaitingRoom,
    /// The shop.
    pub booking: Booking,
    /// The simulated payment gateway.
    pub payments: Payments,
    /// Outgoing mail.
    pub mail: Mail,
    /// Messages to endpoints of organisers.
    pub webhooks: Webhooks,
    /// Logging in at somebody else's.
    pub oidc: Oidc,
    /// The first admin.
    pub admin: Admin,
}

/// Development forgives what production refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// On one's own machine.
    Development,
    /// Before the public.
    Production,
}

/// `[server]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Server {
    pub mode: Mode,
    pub connections_max: usize,
    pub header_timeout_s: u64,
    pub body_timeout_s: u64,
    pub answer_timeout_s: u64,
    pub drain_s: u64,
    pub stop_grace_s: u64,
    pub operations_listen: String,
    pub trusted_proxies: Vec<String>,
    pub cors_origins: Vec<String>,
    pub allowed_hosts: Vec<String>,
    pub log: String,
    pub log_json: bool,
}

/// `[waiting_room]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WaitingRoom {
    pub booking_url: String,
    pub tick_ms: u64,
    pub joins_per_minute: u32,
    pub codes_per_minute: u32,
    pub mails_per_minute: u32,
    pub sockets_per_place: u32,
    pub captcha_verify_url: String,
    pub captcha_secret: SecretString,
    pub captcha_page: String,
    pub redis_answer_ms: u64,
    pub rebuild_window_s: u32,
    pub draw_beacon: String,
    pub draw_beacon_urls: Vec<String>,
    pub draw_beacon_wait_s: u32,
}

/// `[booking]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Booking {
    pub waiting_room_url: String,
    pub connections: u32,
    pub readers: u32,
    pub connection_wait_ms: u64,
    pub lock_wait_ms: u64,
    pub statement_max_ms: u64,
    pub idle_transaction_max_ms: u64,
    pub database_answer_ms: u64,
    pub hold_minutes: i64,
    pub hold_extension_minutes: i64,
    pub waiting_list_offer_minutes: i64,
    pub per_person_limit: i64,
    pub currency: String,
    pub require_verified_email: bool,
    pub access_token_minutes: i64,
    pub refresh_days: i64,
    pub logins_per_minute: u32,
    pub bookings_per_minute: u32,
    pub job_poll_ms: u64,
}

/// `[payments]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Payments {
    pub success_percent: u32,
    pub delay_min_ms: u64,
    pub delay_max_ms: u64,
}

/// `[mail]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Mail {
    pub smtp_url: SecretString,
    pub from: String,
}

/// `[webhooks]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Webhooks {
    pub allow_private: bool,
}

/// `[oidc]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Oidc {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: SecretString,
    pub name: String,
}

/// `[admin]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Admin {
    pub email: String,
    pub password: SecretString,
}

/// Everything that is wrong with the settings, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("the settings have {} mistake(s):\n  - {}", .0.len(), .0.join("\n  - "))]
pub struct Mistakes(pub Vec<String>);

impl Settings {
    /// Reads defaults, then `file`, then `env` (all of the process's variables), then `flags` as dotted keys
    /// such as `("server.mode", "production")`, and checks the result.
    pub fn read(
        file: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, Mistakes> {
        let fail = |e: config::ConfigError| Mistakes(vec![e.to_string()]);
        let defaults = File::from_str(DEFAULTS, FileFormat::Toml);
        let known = leaves(&Config::builder().add_source(defaults.clone()).build().map_err(fail)?);
        let mut mistakes = Vec::new();
        let mut builder = Config::builder().add_source(defaults);
        if let Some(path) = file {
            builder = builder.add_source(File::from(path).format(FileFormat::Toml));
        }
        for (name, text) in env {
            if !name.starts_with(PREFIX) || NOT_SETTINGS.contains(&name.as_str()) {
                continue;
            }
            match known.iter().find(|leaf| leaf.variable == name) {
                Some(leaf) => builder = builder.set_override(&leaf.key, leaf.value(text)).map_err(fail)?,
                None => {
                    mistakes.push(format!("{name} is not a setting. `rushline check-config` lists them all."))
                }
            }
        }
        for (key, text) in flags {
            builder = builder.set_override(*key, text.clone()).map_err(fail)?;
        }
        match builder.build().and_then(Config::try_deserialize::<Settings>) {
            Ok(settings) => {
                mistakes.extend(settings.mistakes());
                if mistakes.is_empty() { Ok(settings) } else { Err(Mistakes(mistakes)) }
            }
            Err(error) => {
                mistakes.push(error.to_string());
                Err(Mistakes(mistakes))
            }
        }
    }

    /// Settings for a test: defaults, a data folder, any free port; and patience, on a machine that runs many tests at
    /// once, with a database that is slow.
    #[cfg(feature = "testing")]
    pub fn for_test(data_dir: &Path) -> Self {
        let flags = [
            ("data_dir", data_dir.display().to_string()),
            ("listen", "127.0.0.1:0".to_owned()),
            ("booking.database_answer_ms", "10000".to_owned()),
        ];
        Self::read(None, [], &flags).expect("the defaults are valid")
    }

    /// The address people type, without a trailing slash.
    pub fn public_url(&self) -> String {
        match self.public_url_setting.trim_end_matches('/') {
            "" => format!("http://{}", self.listen),
            url => url.to_owned(),
        }
    }

    /// Folder of the signing keys, which all nodes of a role share.
    pub fn keys_dir(&self) -> PathBuf {
        if self.keys_dir_setting.as_os_str().is_empty() {
            self.data_dir.join("keys")
        } else {
            self.keys_dir_setting.clone()
        }
    }

    /// Where health and metrics answer beside the public port, if anywhere.
    pub fn operations_listen(&self) -> Option<SocketAddr> {
        self.server.operations_listen.parse().ok()
    }

    /// How long a stopping server goes on serving.
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.server.drain_s)
    }

    /// Whether the server stands before the public.
    pub fn is_production(&self) -> bool {
        self.server.mode == Mode::Production
    }

    /// The trusted proxies as address blocks; unreadable ones were refused at start.
    pub fn trusted_proxies(&self) -> Vec<Block> {
        self.server.trusted_proxies.iter().filter_map(|text| text.parse().ok()).collect()
    }

    fn mistakes(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut check = |ok: bool, sentence: &str| {
            if !ok {
                wrong.push(sentence.to_owned());
            }
        };
        let url = self.public_url();
        check(
            url.starts_with("http://") || url.starts_with("https://"),
            "public_url must start with http:// or https://.",
        );
        let database = self.database_url.expose_secret();
        check(
            database.is_empty()
                || ["postgres://", "postgresql://", "sqlite:"].iter().any(|p| database.starts_with(p)),
            "database_url must be empty, postgres://… or sqlite:path.",
        );
        for text in &self.server.trusted_proxies {
            if let Err(error) = text.parse::<Block>() {
                check(false, &format!("server.trusted_proxies: {error}."));
            }
        }
        let operations = &self.server.operations_listen;
        check(
            operations.is_empty() || operations.parse::<SocketAddr>().is_ok(),
            "server.operations_listen must be empty or an address and port such as 127.0.0.1:9464.",
        );
        check(self.server.drain_s <= 300, "server.drain_s must be 0 to 300.");
        check(self.server.connections_max > 0, "server.connections_max must be at least 1.");
        check((1..=120).contains(&self.booking.hold_minutes), "booking.hold_minutes must be 1 to 120.");
        check(
            (5..=10_080).contains(&self.booking.waiting_list_offer_minutes),
            "booking.waiting_list_offer_minutes must be 5 to 10080.",
        );
        check(
            (1..=1000).contains(&self.booking.per_person_limit),
            "booking.per_person_limit must be 1 to 1000.",
        );
        check(
            self.booking.connections > 0 && self.booking.readers > 0,
            "booking needs at least one connection.",
        );
        let booking = &self.booking;
        check(
            [
                booking.connection_wait_ms,
                booking.lock_wait_ms,
                booking.statement_max_ms,
                booking.idle_transaction_max_ms,
                booking.database_answer_ms,
            ]
            .iter()
            .all(|wait_ms| (10..=60_000).contains(wait_ms)),
            "booking.connection_wait_ms, lock_wait_ms, statement_max_ms, idle_transaction_max_ms and database_answer_ms must be 10 to 60000.",
        );
        let currency = &self.booking.currency;
        check(
            currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()),
            "booking.currency must be three capital letters such as USD.",
        );
        check(self.payments.success_percent <= 100, "payments.success_percent must be 0 to 100.");
        check(
            self.payments.delay_min_ms <= self.payments.delay_max_ms,
            "payments.delay_min_ms must not exceed delay_max_ms.",
        );
        self.check_waiting_room(&mut check);
        let oidc = &self.oidc;
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        check(
            oidc.issuer.is_empty()
                || (is_web(&oidc.issuer) && !oidc.client_id.is_empty() && !oidc.name.is_empty()),
            "oidc.issuer must be empty or an http(s) address, with oidc.client_id and oidc.name.",
        );
        if self.is_production() {
            wrong.extend(self.mistakes_in_production());
        }
        wrong
    }

    /// What development forgives.
    fn mistakes_in_production(&self) -> Vec<String> {
        let demands = [
            (self.public_url().starts_with("https://"), "production needs an https public_url."),
            (
                self.admin.password.expose_secret() != DEMO_PASSWORD,
                "production refuses the demo password: set RUSHLINE_ADMIN_PASSWORD to one of your own.",
            ),
            (
                !self.server.cors_origins.iter().any(|o| o == "*"),
                "production refuses cors_origins = [\"*\"]: name the origins.",
            ),
            (
                !self.webhooks.allow_private,
                "production refuses webhooks.allow_private: whoever registers an endpoint could call your own network.",
            ),
            (
                self.oidc.issuer.is_empty() || self.oidc.issuer.starts_with("https://"),
                "production needs an https oidc.issuer.",
            ),
        ];
        demands.iter().filter(|(met, _)| !met).map(|(_, sentence)| (*sentence).to_owned()).collect()
    }
}

impl Settings {
    fn check_waiting_room(&self, check: &mut impl FnMut(bool, &str)) {
        check(
            (10..=10_000).contains(&self.waiting_room.tick_ms),
            "waiting_room.tick_ms must be 10 to 10000.",
        );
        check(
            (10..=10_000).contains(&self.waiting_room.redis_answer_ms),
            "waiting_room.redis_answer_ms must be 10 to 10000.",
        );
        check(
            (1..=600).contains(&self.waiting_room.rebuild_window_s),
            "waiting_room.rebuild_window_s must be 1 to 600.",
        );
        let captcha = (&self.waiting_room.captcha_verify_url, &self.waiting_room.captcha_page);
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        check(
            captcha.0.is_empty() || (is_web(captcha.0) && is_web(captcha.1)),
            "waiting_room.captcha_verify_url and captcha_page must be http(s) addresses, or verify_url empty.",
        );
        let beacon = self.waiting_room.draw_beacon.as_str();
        check(
            matches!(beacon, "drand" | "none") || beacon.starts_with("file:"),
            "waiting_room.draw_beacon must be drand, none or file:/path.",
        );
        check(
            beacon != "drand" || !self.waiting_room.draw_beacon_urls.is_empty(),
            "waiting_room.draw_beacon_urls must name an address of drand.",
        );
        check(
            (5..=600).contains(&self.waiting_room.draw_beacon_wait_s),
            "waiting_room.draw_beacon_wait_s must be 5 to 600.",
        );
        let redis = self.redis_url.expose_secret();
        check(
            redis.is_empty() || REDIS_SCHEMES.iter().any(|scheme| redis.starts_with(scheme)),
            "redis_url must be empty, redis://…, rediss://… (with TLS), redis+unix:///path, or for a cluster redis+cluster://host:port,host:port… (rediss+cluster://…).",
        );
    }
}

/// How an address of Redis may begin.
const REDIS_SCHEMES: [&str; 5] =
    ["redis://", "rediss://", "redis+unix://", "redis+cluster://", "rediss+cluster://"];

/// One key of the manual.
struct Leaf {
    key: String,
    variable: String,
    is_list: bool,
}

impl Leaf {
    fn value(&self, text: String) -> Value {
        if self.is_list {
            let items: Vec<&str> = text.split(',').map(str::trim).filter(|s| !s.is_empty()).collect();
            Value::from(items)
        } else {
            Value::from(text)
        }
    }
}

/// Every key of the manual, with the name of its variable.
fn leaves(defaults: &Config) -> Vec<Leaf> {
    fn walk(prefix: &str, value: &Value, out: &mut Vec<Leaf>) {
        if let ValueKind::Table(table) = &value.kind {
            for (key, inner) in table {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
                walk(&key, inner, out);
            }
        } else {
            let variable = format!("{PREFIX}{}", prefix.replace('.', "_").to_uppercase());
            out.push(Leaf {
                key: prefix.to_owned(),
                variable,
                is_list: matches!(value.kind, ValueKind::Array(_)),
            });
        }
    }
    let mut out = Vec::new();
    walk("", &defaults.cache, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn the_manual_is_valid_and_flags_beat_variables() {
        let settings = Settings::read(
            None,
            env(&[
                ("RUSHLINE_BOOKING_HOLD_MINUTES", "7"),
                ("RUSHLINE_LISTEN", "127.0.0.1:1"),
                ("PATH", "/bin"),
            ]),
            &[("listen", "127.0.0.1:2".into())],
        )
        .unwrap();
        assert_eq!(settings.booking.hold_minutes, 7);
        assert_eq!(settings.listen.port(), 2);
        assert_eq!(settings.public_url(), "http://127.0.0.1:2");
    }

    #[test]
    fn lists_are_written_with_commas() {
        let settings =
            Settings::read(None, env(&[("RUSHLINE_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1")]), &[])
                .unwrap();
        assert_eq!(settings.trusted_proxies().len(), 2);
    }

    #[test]
    fn all_mistakes_are_reported_together() {
        let Mistakes(list) = Settings::read(
            None,
            env(&[
                ("RUSHLINE_BOOKING_CURRENCY", "dollars"),
                ("RUSHLINE_PAYMENTS_SUCCESS_PERCENT", "101"),
                ("RUSHLINE_BOKING_CURRENCY", "USD"),
                ("RUSHLINE_SERVER_MODE", "production"),
                ("RUSHLINE_ADMIN_PASSWORD", DEMO_PASSWORD),
            ]),
            &[],
        )
        .unwrap_err();
        assert_eq!(list.len(), 5, "{list:#?}");
    }
}
