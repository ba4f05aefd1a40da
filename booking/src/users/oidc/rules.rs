//! Whether an answer of the provider is genuine, meant for us, and fits what this browser asked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::clock::Ts;
use uuid::Uuid;

/// Signatures that are accepted: of public keys only, so that no published key passes for a shared secret, and never none.
const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];
/// Longer tokens are refused unread.
const TOKEN_LIMIT: usize = 16 * 1024;
/// Longest name of an account at the provider (OpenID Connect Core §2).
const SUBJECT_MAX: usize = 255;
/// Seconds that the provider's clock may be off.
const LEEWAY_S: i64 = 60;
/// Longest path to go back to.
const PATH_MAX: usize = 500;

/// What a browser that went to the provider must bring back; sealed in its cookie.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Flow {
    /// Comes back in the address.
    pub state: String,
    /// Comes back in the signed token.
    pub nonce: String,
    /// Whose hash was shown; shown itself for the token (PKCE).
    pub verifier: String,
    /// Page to go to in the end.
    pub return_to: String,
    /// The answer must come before.
    pub until: Ts,
}

/// Who has proven to be whom, until the page fetches the login; sealed in the cookie.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Proven {
    /// The account.
    pub user: Uuid,
    /// To be fetched before.
    pub until: Ts,
}

/// What the signed token says.
#[derive(Debug, Clone, Deserialize)]
pub struct IdToken {
    iss: String,
    /// The account at the provider.
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    /// About the person, as far as it says so.
    #[serde(flatten)]
    pub person: Person,
}

/// What a provider says about a person, in the token or when it is asked for more.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Person {
    /// Mail address.
    pub email: Option<String>,
    /// Whether the provider has verified it.
    #[serde(default)]
    pub email_verified: Verified,
    /// What the person is called.
    pub name: Option<String>,
}

/// Some providers write it as text. Everything but a plain yes is a no.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Verified {
    /// As the standard says.
    Is(bool),
    /// As some write it.
    Text(String),
    /// Nothing, or something else.
    #[default]
    Unknown,
}

impl Verified {
    /// Whether it was verified.
    pub fn is_yes(&self) -> bool {
        matches!(self, Verified::Is(true)) || matches!(self, Verified::Text(text) if text == "true")
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, client: &str) -> bool {
        match self {
            Audience::One(one) => one == client,
            Audience::Many(many) => many.iter().any(|one| one == client),
        }
    }

    fn has_others(&self) -> bool {
        matches!(self, Audience::Many(many) if many.len() > 1)
    }
}

/// What the token must fit.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'e> {
    /// The provider.
    pub issuer: &'e str,
    /// Ourselves, as it knows us.
    pub client: &'e str,
    /// What this browser was sent with.
    pub nonce: &'e str,
}

/// Why a token is refused; for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// Not a token, or of a kind that is not accepted.
    #[error("it is no signed token of an accepted kind")]
    Kind,
    /// Signed with a key that the provider does not publish.
    #[error("its key is not among the provider's")]
    UnknownKey,
    /// Altered, or signed by somebody else.
    #[error("its signature is wrong")]
    Signature,
    /// Of another provider.
    #[error("it is another issuer's")]
    Issuer,
    /// For somebody else.
    #[error("it is meant for another client")]
    Audience,
    /// Too old, or from the future.
    #[error("its time is over or has not come")]
    Time,
    /// For another browser's question.
    #[error("it answers another question")]
    Nonce,
}

/// Checks a token (OpenID Connect Core §3.1.3.7).
pub fn verify(token: &str, keys: &JwkSet, expected: Expected<'_>, now: Ts) -> Result<IdToken, Wrong> {
    if token.len() > TOKEN_LIMIT {
        return Err(Wrong::Kind);
    }
    let header = jsonwebtoken::decode_header(token).map_err(|_| Wrong::Kind)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Wrong::Kind);
    }
    let key = key_of(&header, keys).ok_or(Wrong::UnknownKey)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| Wrong::UnknownKey)?;
    // Time and audience are judged below, by the caller's clock.
    let mut rules = Validation::new(header.alg);
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<IdToken>(token, &key, &rules).map_err(|_| Wrong::Signature)?.claims;
    let (now_s, is_ours) = (now.seconds(), claims.azp.as_deref() == Some(expected.client));
    if claims.iss != expected.issuer {
        Err(Wrong::Issuer)
    } else if !claims.aud.names(expected.client)
        || (claims.azp.is_some() || claims.aud.has_others()) && !is_ours
    {
        Err(Wrong::Audience)
    } else if claims.exp + LEEWAY_S <= now_s || claims.iat - LEEWAY_S > now_s {
        Err(Wrong::Time)
    } else if claims.nonce.as_deref() != Some(expected.nonce) {
        Err(Wrong::Nonce)
    } else if claims.sub.is_empty() || claims.sub.len() > SUBJECT_MAX {
        Err(Wrong::Kind)
    } else {
        Ok(claims)
    }
}

/// The key that a token names; without a name the one key there is. Keys for other uses or algorithms do not count.
fn key_of<'k>(header: &Header, keys: &'k JwkSet) -> Option<&'k Jwk> {
    let fits = |key: &&Jwk| {
        let common = &key.common;
        let algorithm = common.key_algorithm.map(|known| known.to_string().parse::<Algorithm>());
        !matches!(common.public_key_use, Some(PublicKeyUse::Encryption))
            && algorithm.is_none_or(|known| known.is_ok_and(|known| known == header.alg))
    };
    let mut fitting = keys.keys.iter().filter(fits);
    match &header.kid {
        Some(kid) => fitting.find(|key| key.common.key_id.as_ref() == Some(kid)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    }
}

/// What is shown of a verifier beforehand (RFC 7636 §4.2, S256).
pub fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// A page of this site to go back to: everything else leads to the start page, so that nobody is sent elsewhere from here.
pub fn own_path(asked: Option<&str>) -> String {
    let own = |path: &&str| {
        path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= PATH_MAX
            && path.bytes().all(|b| (0x21..0x7f).contains(&b) && !b"\\\"<>`".contains(&b))
    };
    asked.filter(own).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::entropy::Entropy;
    use shared::keys::{KeyRing, Purpose};

    use super::*;

    const EXPECTED: Expected<'_> = Expected { issuer: "https://id.example", client: "shop", nonce: "n" };

    /// The header and claims of a token, signed by a ring's key.
    fn token(ring: &KeyRing, claims: &serde_json::Value, change: impl Fn(&mut serde_json::Value)) -> String {
        let mut header = json!({ "alg": "EdDSA", "kid": ring.kids()[0] });
        change(&mut header);
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let (_, signature) = ring.sign_bytes(signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn claims() -> serde_json::Value {
        json!({
            "iss": "https://id.example", "sub": "alice", "aud": "shop", "exp": 2_000, "iat": 1_000, "nonce": "n",
            "email": "alice@example.com", "email_verified": "true", "more": { "any": "thing" },
        })
    }

    #[test]
    fn a_token_must_be_genuine_ours_fresh_and_the_answer_to_our_question() {
        let dir = tempfile::tempdir().unwrap();
        let ring = KeyRing::open(dir.path(), Purpose::Session, &Entropy::seeded(1)).unwrap();
        let keys = ring.public().jwks();
        let at = |token: &str, seconds| verify(token, &keys, EXPECTED, Ts::from_seconds(seconds));
        let with = |name: &str, value: serde_json::Value| {
            let mut claims = claims();
            claims[name] = value;
            at(&token(&ring, &claims, |_| {}), 1_500).err()
        };
        let good = token(&ring, &claims(), |_| {});
        let read = at(&good, 1_500).unwrap();
        assert_eq!((read.sub.as_str(), read.person.email_verified.is_yes()), ("alice", true));
        assert!(at(&good, 2_059).is_ok() && at(&good, 940).is_ok());
        assert_eq!((at(&good, 2_060).err(), at(&good, 939).err()), (Some(Wrong::Time), Some(Wrong::Time)));
        assert_eq!(with("iss", json!("https://id.example/")), Some(Wrong::Issuer));
        assert_eq!(with("aud", json!("another")), Some(Wrong::Audience));
        assert_eq!(
            with("aud", json!(["another", "shop"])),
            Some(Wrong::Audience),
            "who of the two was it for"
        );
        assert_eq!(with("aud", json!(["shop"])), None);
        assert_eq!(with("azp", json!("another")), Some(Wrong::Audience));
        assert_eq!(with("azp", json!("shop")), None);
        assert_eq!(with("nonce", json!("another")), Some(Wrong::Nonce));
        assert_eq!(with("nonce", json!(null)), Some(Wrong::Nonce));
        assert_eq!(with("sub", json!("")), Some(Wrong::Kind));
    }

    #[test]
    fn no_signature_a_shared_secret_and_a_stranger_s_key_are_refused() {
        let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ring = KeyRing::open(dir.path(), Purpose::Session, &Entropy::seeded(1)).unwrap();
        let stranger = KeyRing::open(other.path(), Purpose::Session, &Entropy::seeded(2)).unwrap();
        let keys = ring.public().jwks();
        let judged = |token: &str| verify(token, &keys, EXPECTED, Ts::from_seconds(1_500)).err();
        for alg in ["none", "None", "HS256", "HS512", "RS512", ""] {
            assert_eq!(
                judged(&token(&ring, &claims(), |h| h["alg"] = json!(alg))),
                Some(Wrong::Kind),
                "{alg}"
            );
        }
        let signed = token(&ring, &claims(), |_| {});
        let (body, _) = signed.rsplit_once('.').unwrap();
        assert_eq!(judged(&format!("{body}.")), Some(Wrong::Signature));
        assert_eq!(judged(body), Some(Wrong::Kind));
        assert_eq!(judged(&token(&stranger, &claims(), |_| {})), Some(Wrong::UnknownKey));
        let posing = token(&stranger, &claims(), |h| h["kid"] = json!(ring.kids()[0]));
        assert_eq!(judged(&posing), Some(Wrong::Signature));
        // A key of another kind than the token says.
        assert!(judged(&token(&ring, &claims(), |h| h["alg"] = json!("RS256"))).is_some());
        let without_kid = token(&ring, &claims(), |h| h["kid"] = json!(null));
        assert_eq!(judged(&without_kid), None, "there is only one key");
        assert_eq!(judged(&"x".repeat(TOKEN_LIMIT + 1)), Some(Wrong::Kind));
    }

    #[test]
    fn only_pages_of_this_site_are_gone_back_to() {
        assert_eq!(own_path(Some("/events/7?tab=seats#map")), "/events/7?tab=seats#map");
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "events",
            "/a b",
            "/\r\nSet-Cookie: a",
            "",
        ] {
            assert_eq!(own_path(Some(bad)), "/", "{bad}");
        }
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
