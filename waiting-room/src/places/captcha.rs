//! The hook for a CAPTCHA: any service that answers a form of `secret` and `response` with `{"success": true}`, as most do.
//!
//! The puzzle stands on a page of the operator's, which comes back with `#captcha=…`: our page runs no foreign script. The
//! visitor's address is not told to the service.

use std::time::Duration;

use axum::http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use shared::config;
use shared::problem::{Problem, Result};

/// Longest the service may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Longest answer of a visitor that is passed on, in bytes.
const ANSWER_MAX: usize = 4096;
/// Seconds after which it is worth trying again while the service does not answer.
const RETRY_S: u64 = 5;

/// The service, if one is set.
pub struct Captcha {
    client: reqwest::Client,
    verify_url: String,
    secret: SecretString,
    page: String,
}

/// What the service says; it may say more.
#[derive(Deserialize)]
struct Verdict {
    success: bool,
}

impl Captcha {
    /// The service that the settings name.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn of(settings: &config::WaitingRoom) -> anyhow::Result<Option<Self>> {
        if settings.captcha_verify_url.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            client: reqwest::Client::builder().timeout(TIMEOUT).build()?,
            verify_url: settings.captcha_verify_url.clone(),
            secret: settings.captcha_secret.clone(),
            page: settings.captcha_page.clone(),
        }))
    }

    /// Whether the visitor has passed.
    ///
    /// # Errors
    /// 428 `captcha-required` with the page to go to; 503 while the service does not answer: nobody passes then.
    pub async fn check(&self, answer: Option<&str>) -> Result<()> {
        let Some(answer) = answer.filter(|answer| !answer.is_empty() && answer.len() <= ANSWER_MAX) else {
            return Err(self.required());
        };
        let form = [("secret", self.secret.expose_secret()), ("response", answer)];
        match self.ask(&form).await {
            Ok(Verdict { success: true }) => Ok(()),
            Ok(Verdict { success: false }) => Err(self.required()),
            Err(error) => {
                // Without its address, which may hold the secret.
                tracing::warn!(error = %error.without_url(), "the CAPTCHA service did not answer");
                Err(Problem::unavailable(RETRY_S))
            }
        }
    }

    async fn ask(&self, form: &[(&str, &str)]) -> reqwest::Result<Verdict> {
        let body: String = form
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = self.client.post(&self.verify_url);
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        request.send().await?.error_for_status()?.json().await
    }

    fn required(&self) -> Problem {
        Problem::new(StatusCode::PRECONDITION_REQUIRED, "captcha-required", "Show that you are no robot")
            .detail("Go to `captcha_page`, and send what it hands back as `captcha` with the join.")
            .with("captcha_page", json!(self.page))
    }
}

/// A value of a form (application/x-www-form-urlencoded, WHATWG URL §5.2).
fn encoded(value: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => (byte as char).to_string(),
        b' ' => "+".to_owned(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(one).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_answer_cannot_add_a_field() {
        assert_eq!(super::encoded("a b&secret=x%é"), "a+b%26secret%3Dx%25%C3%A9");
    }
}
