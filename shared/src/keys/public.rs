//! What the public halves of keys are good for: checking tokens and signatures.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::clock::Ts;

/// Longer tokens are refused unread.
pub(super) const TOKEN_LIMIT: usize = 4096;

/// Claims that say themselves when and for whom they hold. All are required: none has a default.
pub trait Claims: Serialize + DeserializeOwned {
    /// The JWT header's `typ`, so that no token passes for another kind.
    const TYP: &'static str;
    /// `aud`.
    fn audience(&self) -> &str;
    /// `nbf`, seconds.
    fn not_before(&self) -> i64;
    /// `exp`, seconds; the token is dead at this instant.
    fn expires(&self) -> i64;
}

/// Why a token was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq, Clone, Copy)]
pub enum TokenError {
    /// Not a token of this kind, signed by a key that is not live, or altered.
    #[error("the token is not valid")]
    Invalid,
    /// Genuine, but its time is over.
    #[error("the token has expired")]
    Expired,
    /// Genuine, but its time has not come.
    #[error("the token is not valid yet")]
    NotYet,
}

/// Genuine `claims`, if they are meant for `audience` and hold now, with no leeway.
pub(super) fn in_force<C: Claims>(claims: C, audience: &str, now: Ts) -> Result<C, TokenError> {
    if claims.audience() != audience {
        Err(TokenError::Invalid)
    } else if now < Ts::from_seconds(claims.not_before()) {
        Err(TokenError::NotYet)
    } else if now >= Ts::from_seconds(claims.expires()) {
        Err(TokenError::Expired)
    } else {
        Ok(claims)
    }
}

/// Public halves of the live keys of one purpose.
#[derive(Clone, Default)]
pub struct PublicKeys {
    pub(super) by_kid: HashMap<String, DecodingKey>,
    pub(super) jwks: Vec<Jwk>,
}

impl PublicKeys {
    /// Reads a JWK set; keys that are not Ed25519 or have no `kid` are passed over.
    pub fn from_jwks(set: JwkSet) -> Self {
        let mut keys = PublicKeys::default();
        for jwk in set.keys {
            let Some(kid) = jwk.common.key_id.clone() else { continue };
            if let Ok(key) = DecodingKey::from_jwk(&jwk) {
                keys.by_kid.insert(kid, key);
                keys.jwks.push(jwk);
            }
        }
        keys
    }

    /// The set as published.
    pub fn jwks(&self) -> JwkSet {
        JwkSet { keys: self.jwks.clone() }
    }

    /// Whether the token's `kid` is among these keys; false for what is not a token.
    pub fn knows(&self, token: &str) -> bool {
        token.len() <= TOKEN_LIMIT
            && jsonwebtoken::decode_header(token)
                .is_ok_and(|h| h.kid.is_some_and(|kid| self.by_kid.contains_key(&kid)))
    }

    /// Whether `signature` over `message` was made by the key `kid`.
    pub fn verify_bytes(&self, kid: &str, message: &[u8], signature: &[u8]) -> bool {
        let Some(key) = self.by_kid.get(kid) else { return false };
        let signature = URL_SAFE_NO_PAD.encode(signature);
        jsonwebtoken::crypto::verify(&signature, message, key, Algorithm::EdDSA).unwrap_or(false)
    }

    /// Checks signature, kind, audience and time, in this order, with no leeway.
    pub fn verify<C: Claims>(&self, token: &str, audience: &str, now: Ts) -> Result<C, TokenError> {
        if token.len() > TOKEN_LIMIT {
            return Err(TokenError::Invalid);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(C::TYP) {
            return Err(TokenError::Invalid);
        }
        let key = header.kid.and_then(|kid| self.by_kid.get(&kid)).ok_or(TokenError::Invalid)?;
        // Time is judged below by the caller's clock: the library would ask the machine's, with 60 s leeway.
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.validate_exp = false;
        rules.validate_aud = false;
        rules.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<C>(token, key, &rules).map_err(|_| TokenError::Invalid)?.claims;
        in_force(claims, audience, now)
    }
}
