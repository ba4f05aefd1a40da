//! What a gateway tells us by webhook, and how we know that it was the gateway: Standard Webhooks signatures over the bytes
//! as they came.

use axum::http::{HeaderMap, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;

/// Oldest message that is believed, and how far its clock may be ahead of ours: what was recorded is not played again.
const AGE_MAX: Duration = Duration::minutes(5);

/// A gateway's message. Members we do not know are its own affair.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[schema(as = GatewayEvent)]
pub struct Event {
    /// The gateway's id of it; copies carry the same.
    pub id: String,
    /// Such as `payment.authorised`; kinds that are not about payments are taken and not acted on.
    #[serde(rename = "type")]
    pub kind: String,
    /// Our key of the payment.
    #[serde(default)]
    pub key: String,
    /// What was charged, in minor units.
    #[serde(default)]
    pub amount_minor: Option<i64>,
    /// ISO 4217.
    #[serde(default)]
    pub currency: Option<String>,
}

impl Event {
    /// Whether it tells of a payment.
    pub fn is_about_a_payment(&self) -> bool {
        self.kind.starts_with("payment.")
    }
}

/// The event in `body`, when it is signed with `secret` (`whsec_…`) and new; 400 `signature-invalid` otherwise, and for
/// every message while there is no secret.
pub fn read(secret: &str, headers: &HeaderMap, body: &[u8], now: Ts) -> Result<Event, Problem> {
    if !is_genuine(secret, headers, body, now) {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "signature-invalid", "The signature is wrong")
            .detail("Sign the bytes that are sent with the secret of `payments.webhook_secret`, and send them within five minutes."));
    }
    serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "malformed-json", "No event").detail(error.to_string())
    })
}

fn is_genuine(secret: &str, headers: &HeaderMap, body: &[u8], now: Ts) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let key = secret.strip_prefix("whsec_").and_then(|secret| STANDARD.decode(secret).ok());
    let (Some(key), Some(id), Some(at), Some(signatures)) = (
        key.filter(|key| !key.is_empty()),
        header("webhook-id"),
        header("webhook-timestamp"),
        header("webhook-signature"),
    ) else {
        return false;
    };
    let Ok(seconds) = at.parse::<i64>() else { return false };
    let is_new =
        (now.seconds().saturating_sub(seconds)).unsigned_abs() <= AGE_MAX.whole_seconds().unsigned_abs();
    is_new
        && signatures.split(' ').filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok()).any(|one| {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
            mac.update(format!("{id}.{at}.").as_bytes());
            mac.update(body);
            mac.verify_slice(&one).is_ok()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const AT: i64 = 1_614_265_330;

    /// The example of the Standard Webhooks specification.
    fn judged(secret: &str, body: &str, signature: &str, now_s: i64) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".parse().unwrap());
        headers.insert("webhook-timestamp", AT.to_string().parse().unwrap());
        headers.insert("webhook-signature", signature.parse().unwrap());
        is_genuine(secret, &headers, body.as_bytes(), Ts::from_seconds(now_s))
    }

    #[test]
    fn only_what_was_signed_with_the_secret_and_lately_is_believed() {
        let (body, good) = (r#"{"test": 2432232314}"#, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert!(judged(SECRET, body, good, AT) && judged(SECRET, body, &format!("v1,AAAA {good}"), AT + 300));
        assert!(!judged(SECRET, body, good, AT + 301) && !judged(SECRET, body, good, AT - 301));
        assert!(!judged(SECRET, r#"{"test":2432232314}"#, good, AT), "the same value in other bytes");
        assert!(
            !judged(SECRET, body, &good.replace("g0", "h0"), AT) && !judged(SECRET, body, &good[3..], AT)
        );
        assert!(!judged("", body, good, AT) && !judged("whsec_", body, good, AT));
    }
}
