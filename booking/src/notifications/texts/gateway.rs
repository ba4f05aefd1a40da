//! How a text leaves the house: as JSON, posted to a gateway that the settings name.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::StatusCode;
use reqwest::Client;
use reqwest::redirect::Policy;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use shared::config::Settings;
use shared::problem::Problem;
use uuid::Uuid;

use crate::error::{Error, Result};

/// Longest that connecting may take, and the whole call.
const CONNECT_MAX: Duration = Duration::from_secs(5);
const CALL_MAX: Duration = Duration::from_secs(10);

/// Sends texts as the settings say, or none.
pub struct Texter {
    gateway_url: String,
    token: SecretString,
    from: String,
    /// Made at the first text: most installations send none.
    client: OnceLock<Client>,
}

/// What the gateway is posted.
#[derive(Serialize)]
struct Outgoing<'t> {
    /// Stable over retries, and in the header `Idempotency-Key` too: a gateway that knows it sends nothing twice.
    id: Uuid,
    /// E.164.
    to: &'t str,
    /// As the settings say; may be empty.
    from: &'t str,
    /// Plain text.
    text: &'t str,
}

impl Texter {
    /// Reads the settings; connects to nothing yet.
    pub fn new(settings: &Settings) -> Self {
        let sms = &settings.sms;
        Self {
            gateway_url: sms.gateway_url.clone(),
            token: sms.token.clone(),
            from: sms.from.clone(),
            client: OnceLock::new(),
        }
    }

    /// Whether there is a gateway.
    pub fn is_on(&self) -> bool {
        !self.gateway_url.is_empty()
    }

    /// Sends one text.
    ///
    /// # Errors
    /// [`Error::Refused`] when the gateway says that it will never be delivered. No error text holds the number or what the
    /// gateway says: it goes to the log and the job table.
    pub async fn send(&self, id: Uuid, to: &str, text: &str) -> Result<()> {
        let mut request = self
            .client()?
            .post(&self.gateway_url)
            .header("idempotency-key", id.to_string())
            .json(&Outgoing { id, to, from: &self.from, text });
        if !self.token.expose_secret().is_empty() {
            request = request.bearer_auth(self.token.expose_secret());
        }
        let status = request.send().await.map_err(|error| failed(what_happened(&error)))?.status();
        match status {
            _ if status.is_success() => Ok(()),
            StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::GONE
            | StatusCode::UNPROCESSABLE_ENTITY => Err(undeliverable(status).into()),
            // Anything else is the gateway's or the operator's to mend: a wrong token, no credit, too many at once.
            _ => Err(failed(&format!("it answered {}", status.as_u16()))),
        }
    }

    fn client(&self) -> Result<&Client> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT_MAX)
            .timeout(CALL_MAX)
            .user_agent(concat!("Rushline/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| Error::Internal(error.to_string()))?;
        Ok(self.client.get_or_init(|| client))
    }
}

fn failed(what: &str) -> Error {
    Error::Internal(format!("the SMS gateway failed: {what}"))
}

fn what_happened(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it could not be reached"
    } else {
        "it broke off"
    }
}

fn undeliverable(status: StatusCode) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "undeliverable", "The text cannot be delivered").detail(format!(
        "The SMS gateway refuses this text for good ({}). Its owner is to correct the number in the account.",
        status.as_u16()
    ))
}
