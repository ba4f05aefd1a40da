//! Which browser a request comes from: a random secret in a cookie, known to nobody else.
//!
//! Place and admission tokens carry only its hash, so a token copied out of one browser opens nothing in another.

use axum::http::header::{COOKIE, HeaderMap, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::entropy::Entropy;

/// A year: a queue page kept open over a long on-sale must not lose its browser.
const MAX_AGE_S: u32 = 31_536_000;

/// The cookie's name and flags; they depend on whether the public address is https.
#[derive(Debug, Clone, Copy)]
pub struct BrowserCookie {
    secure: bool,
}

/// One browser, as the server knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Browser {
    secret: String,
    /// Whether the request already carried the cookie; if not, the answer has to set it.
    pub known: bool,
}

impl BrowserCookie {
    /// For a server that fans reach at `public_url`.
    pub fn new(public_url: &str) -> Self {
        Self { secure: public_url.starts_with("https://") }
    }

    /// `__Host-rushline`; plain `rushline` over http, where browsers refuse the prefix.
    pub fn name(self) -> &'static str {
        if self.secure { "__Host-rushline" } else { "rushline" }
    }

    /// The browser that sent these headers, if it has shown a well-formed secret.
    pub fn read(self, headers: &HeaderMap) -> Option<Browser> {
        let secret = cookie(headers, self.name())?;
        let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
        (bytes.len() == 32).then(|| Browser { secret: secret.to_owned(), known: true })
    }

    /// The browser that sent these headers, or a new one.
    pub fn read_or_new(self, headers: &HeaderMap, entropy: &Entropy) -> Browser {
        self.read(headers).unwrap_or_else(|| Browser {
            secret: URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()),
            known: false,
        })
    }

    /// The `Set-Cookie` value that makes the browser known.
    pub fn set(self, browser: &Browser) -> HeaderValue {
        self.header(self.name(), &browser.secret, MAX_AGE_S)
    }

    /// A `Set-Cookie` value with the flags all our cookies share: HttpOnly, SameSite=Lax, Path=/.
    pub fn header(self, name: &str, value: &str, max_age_s: u32) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

impl Browser {
    /// Base64url SHA-256 of the secret: what tokens and the store know of the browser.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.secret.as_bytes()))
    }
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Browser(known: {})", self.known)
    }
}

/// The value of the cookie `name`, from however many `Cookie` headers there are.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_recognised_by_its_cookie_and_only_by_a_well_formed_one() {
        let cookies = BrowserCookie::new("http://127.0.0.1:8080");
        let fresh = cookies.read_or_new(&HeaderMap::new(), &Entropy::seeded(1));
        assert!(!fresh.known);
        let set = cookies.set(&fresh);
        let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&format!("a=b; {pair}")).unwrap());
        assert_eq!(cookies.read(&headers).unwrap().hash(), fresh.hash());
        headers.insert(COOKIE, HeaderValue::from_static("rushline=short"));
        assert!(cookies.read(&headers).is_none());
    }

    #[test]
    fn https_uses_the_host_prefix() {
        let cookies = BrowserCookie::new("https://tickets.example");
        let set = cookies.set(&cookies.read_or_new(&HeaderMap::new(), &Entropy::seeded(1)));
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-rushline=") && set.contains("; Secure") && set.contains("Path=/"));
    }
}
