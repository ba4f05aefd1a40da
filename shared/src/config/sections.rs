//! The sections of the manual, as they are in force.

use secrecy::SecretString;
use serde::Deserialize;

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
    pub streams_per_network: usize,
    pub log: String,
    pub log_json: bool,
    pub traces_url: String,
    pub traces_percent: u8,
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
    pub connections_ready: bool,
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
    pub webhook_secret: SecretString,
}

/// `[mail]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Mail {
    pub smtp_url: SecretString,
    pub from: String,
}

/// `[sms]`; see `config.default.toml` for each key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Sms {
    pub gateway_url: String,
    pub token: SecretString,
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
