//! Settings: what they are, where they come from, and whether they make sense.
//!
//! The manual is `config.default.toml`, which is embedded and read first. Every key there has one environment
//! variable (`RUSHLINE_` + section + key). All mistakes are reported together.

mod mistakes;
mod reading;
mod sections;

use std::net::SocketAddr;
#[cfg(feature = "testing")]
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use crate::limits::Block;

pub use mistakes::Mistakes;
pub use sections::{Admin, Booking, Mail, Mode, Oidc, Payments, Server, Sms, WaitingRoom, Webhooks};

/// The manual of settings, with every default.
pub const DEFAULTS: &str = include_str!("../../../config.default.toml");
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
    /// Texts to phones.
    pub sms: Sms,
    /// Messages to endpoints of organisers.
    pub webhooks: Webhooks,
    /// Logging in at somebody else's.
    pub oidc: Oidc,
    /// The first admin.
    pub admin: Admin,
}

impl Settings {
    /// Settings for a test: defaults, a data folder, any free port; and patience, on a machine that runs many tests at
    /// once, with a database that is slow, whose connections they share.
    #[cfg(feature = "testing")]
    pub fn for_test(data_dir: &Path) -> Self {
        let flags = [
            ("data_dir", data_dir.display().to_string()),
            ("listen", "127.0.0.1:0".to_owned()),
            ("booking.database_answer_ms", "10000".to_owned()),
            ("booking.connections_ready", "false".to_owned()),
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
}
