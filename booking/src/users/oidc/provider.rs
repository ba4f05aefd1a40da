//! Talking to the provider: what it says of itself, its keys, and the exchange of a code.

use std::error::Error as StdError;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::JwkSet;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Url, header};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::clock::Ts;
use shared::config::{self, Settings};
use tokio::sync::Mutex;

use super::rules::{self, Expected, Flow, IdToken, Person, Wrong};

/// Longest that the provider may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Longest answer that is read, in bytes.
const ANSWER_LIMIT: usize = 256 * 1024;
/// How long what it says of itself, and its keys, are kept.
const KEPT: time::Duration = time::Duration::hours(1);
/// Who does not answer is not asked again before: browsers that come meanwhile are told at once.
const ASKED_AGAIN: time::Duration = time::Duration::seconds(5);
/// A token that names an unknown key causes at most one fetch in this time.
const KEYS_AGAIN: time::Duration = time::Duration::seconds(10);

/// The provider of the settings.
pub struct Provider {
    settings: config::Oidc,
    redirect_uri: String,
    /// Made at the first call.
    client: OnceLock<Client>,
    kept: Mutex<Kept>,
}

/// What was fetched, and when.
#[derive(Default)]
struct Kept {
    itself: Option<(Arc<Itself>, Ts)>,
    failed_at: Option<Ts>,
    keys: Option<(Arc<JwkSet>, Ts)>,
}

/// What a provider says of itself (OpenID Connect Discovery 1.0 §3).
#[derive(Debug, Deserialize)]
pub struct Itself {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Why the provider brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum NoLogin {
    /// No answer, or none that makes sense: try again later.
    #[error("the provider did not answer as it should: {0}")]
    Unavailable(String),
    /// It does not take what we asked with: the code, most often.
    #[error("the provider refused a request with {0}")]
    Refused(u16),
    /// What it signed is not what we asked for.
    #[error("the provider's token is refused: {0}")]
    Wrong(#[from] Wrong),
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    sub: String,
    #[serde(flatten)]
    person: Person,
}

impl Provider {
    /// As the settings say.
    pub fn new(settings: &Settings) -> Self {
        Self {
            settings: settings.oidc.clone(),
            redirect_uri: format!("{}/api/v1/users/oidc/callback", settings.public_url()),
            client: OnceLock::new(),
            kept: Mutex::default(),
        }
    }

    /// What the login page calls it; `None` when it is off.
    pub fn name(&self) -> Option<&str> {
        (!self.settings.issuer.is_empty()).then_some(self.settings.name.as_str())
    }

    /// Its address, as tokens name it.
    pub fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Where a browser is sent to log in.
    pub async fn authorization(&self, flow: &Flow, now: Ts) -> Result<String, NoLogin> {
        let itself = self.itself(now).await?;
        let mut url = address(&itself.authorization_endpoint)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", "openid email profile")
            .append_pair("state", &flow.state)
            .append_pair("nonce", &flow.nonce)
            .append_pair("code_challenge", &rules::challenge(&flow.verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(url.into())
    }

    /// Exchanges a code for a token about a person, and asks for what the token leaves out.
    pub async fn person(&self, code: &str, flow: &Flow, now: Ts) -> Result<IdToken, NoLogin> {
        let itself = self.itself(now).await?;
        let tokens: Tokens = self.read(self.exchange(&itself, code, flow)?).await?;
        let expected =
            Expected { issuer: &itself.issuer, client: &self.settings.client_id, nonce: &flow.nonce };
        let mut token = self.verified(&itself, &tokens.id_token, expected, now).await?;
        if let (None, Some(address), Some(access)) =
            (&token.person.email, &itself.userinfo_endpoint, &tokens.access_token)
        {
            let more: UserInfo = self.read(self.client()?.get(address).bearer_auth(access)).await?;
            // What is said about somebody else is not believed (OpenID Connect Core §5.3.2).
            if more.sub == token.sub {
                token.person = more.person;
            }
        }
        Ok(token)
    }

    /// A token that names a key we do not know may be signed with a new one: then the keys are fetched again.
    async fn verified(
        &self,
        itself: &Itself,
        token: &str,
        expected: Expected<'_>,
        now: Ts,
    ) -> Result<IdToken, NoLogin> {
        let keys = self.keys(itself, KEPT, now).await?;
        match rules::verify(token, &keys, expected, now) {
            Err(Wrong::UnknownKey) => {
                let keys = self.keys(itself, KEYS_AGAIN, now).await?;
                Ok(rules::verify(token, &keys, expected, now)?)
            }
            judged => Ok(judged?),
        }
    }

    fn exchange(&self, itself: &Itself, code: &str, flow: &Flow) -> Result<RequestBuilder, NoLogin> {
        let (id, secret) = (&self.settings.client_id, self.settings.client_secret.expose_secret());
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.redirect_uri),
            ("code_verifier", &flow.verifier),
        ];
        let supported = itself.token_endpoint_auth_methods_supported.as_deref();
        // Without a list it is Basic (Discovery §3).
        let takes = |method: &str| {
            supported.map_or(method == "client_secret_basic", |list| list.iter().any(|m| m == method))
        };
        let is_basic = !secret.is_empty() && takes("client_secret_basic");
        if !is_basic {
            form.push(("client_id", id));
        }
        if !is_basic && !secret.is_empty() {
            form.push(("client_secret", secret));
        }
        let request = self
            .client()?
            .post(&itself.token_endpoint)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(encoded(&form));
        if !is_basic {
            return Ok(request);
        }
        // Each half is encoded as in a form before they are joined (RFC 6749 §2.3.1).
        let both = format!("{}:{}", value(id), value(secret));
        Ok(request.header(header::AUTHORIZATION, format!("Basic {}", STANDARD.encode(both))))
    }

    async fn itself(&self, now: Ts) -> Result<Arc<Itself>, NoLogin> {
        let mut kept = self.kept.lock().await;
        if let Some((itself, at)) = &kept.itself
            && now - *at < KEPT
        {
            return Ok(itself.clone());
        }
        if kept.failed_at.is_some_and(|at| now - at < ASKED_AGAIN) {
            return Err(NoLogin::Unavailable("it did not answer a moment ago".into()));
        }
        let base = self.settings.issuer.trim_end_matches('/');
        let asked = self.client()?.get(format!("{base}/.well-known/openid-configuration"));
        let itself: Itself = self.read(asked).await.inspect_err(|_| kept.failed_at = Some(now))?;
        if itself.issuer != self.settings.issuer {
            return Err(NoLogin::Unavailable(format!(
                "it calls itself {}, not as the settings do",
                itself.issuer
            )));
        }
        let itself = Arc::new(itself);
        kept.itself = Some((itself.clone(), now));
        Ok(itself)
    }

    /// Its keys, at most so old.
    async fn keys(&self, itself: &Itself, age: time::Duration, now: Ts) -> Result<Arc<JwkSet>, NoLogin> {
        let mut kept = self.kept.lock().await;
        if let Some((keys, at)) = &kept.keys
            && now - *at < age
        {
            return Ok(keys.clone());
        }
        let keys: Arc<JwkSet> = Arc::new(self.read(self.client()?.get(&itself.jwks_uri)).await?);
        kept.keys = Some((keys.clone(), now));
        Ok(keys)
    }

    async fn read<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, NoLogin> {
        let mut response =
            request.header(header::ACCEPT, "application/json").send().await.map_err(unavailable)?;
        let status = response.status();
        if status.is_client_error() {
            return Err(NoLogin::Refused(status.as_u16()));
        }
        if !status.is_success() {
            return Err(NoLogin::Unavailable(format!("it answered {status}")));
        }
        let mut bytes = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(unavailable)? {
            if bytes.len() + piece.len() > ANSWER_LIMIT {
                return Err(NoLogin::Unavailable(format!("its answer is longer than {ANSWER_LIMIT} bytes")));
            }
            bytes.extend_from_slice(&piece);
        }
        serde_json::from_slice(&bytes).map_err(|error| NoLogin::Unavailable(error.to_string()))
    }

    fn client(&self) -> Result<&Client, NoLogin> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = Client::builder().redirect(Policy::none()).connect_timeout(TIMEOUT).timeout(TIMEOUT);
        let client = client.build().map_err(unavailable)?;
        Ok(self.client.get_or_init(|| client))
    }
}

fn address(text: &str) -> Result<Url, NoLogin> {
    Url::parse(text).map_err(|error| NoLogin::Unavailable(format!("its address {text}: {error}")))
}

/// Without the address, which may hold a code, but with what lies below: a refused connection, an unknown name.
fn unavailable(error: reqwest::Error) -> NoLogin {
    let error = error.without_url();
    let mut cause: &dyn StdError = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    NoLogin::Unavailable(cause.to_string())
}

/// A form (application/x-www-form-urlencoded), which is written like the query of an address.
fn encoded(form: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://form/").expect("it is an address");
    url.query_pairs_mut().extend_pairs(form);
    url.query().unwrap_or_default().to_owned()
}

/// A value of a form.
fn value(text: &str) -> String {
    encoded(&[("", text)]).trim_start_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_encoded() {
        assert_eq!(encoded(&[("code", "a b&c"), ("key", "ä=")]), "code=a+b%26c&key=%C3%A4%3D");
        assert_eq!((value("s3:cr/t+"), value("=")), ("s3%3Acr%2Ft%2B".to_owned(), "%3D".to_owned()));
    }
}
