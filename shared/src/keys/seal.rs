//! Tokens that only nodes of one key ring read: sealed with a keyed hash, a fiftieth of a signature's work.
//!
//! A sealed token is `s1.<kid>.<claims>.<seal>`: the format's name, the id of the ring's key, the claims as JSON and the seal
//! over all that stands before it, both in base64url. The seal is HMAC-SHA256 (RFC 2104) with a key that is derived from the
//! ring's by HKDF-SHA256 (RFC 5869), so that nothing that is sealed is ever a signature or the other way round. The kind of
//! token is hashed with it: none passes for another kind.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Claims, Purpose, TokenError};

/// How every sealed token of this format begins; a JWT cannot.
const FORMAT: &str = "s1.";
/// Room for the tokens that we seal.
const TOKEN_LEN: usize = 600;

/// What seals, made from one key of a ring.
#[derive(Clone)]
pub(super) struct SealingKey(hmac::Key);

impl SealingKey {
    pub(super) fn derived_from(seed: &[u8; 32], purpose: Purpose) -> anyhow::Result<Self> {
        let salt = Salt::new(HKDF_SHA256, b"rushline sealed tokens 1");
        let (secret, label) = (salt.extract(seed), [purpose.name().as_bytes()]);
        let key = secret.expand(&label, HMAC_SHA256);
        Ok(Self(key.map_err(|_| anyhow::anyhow!("no key for sealing can be derived"))?.into()))
    }

    /// The token that says `claims` under the key id `kid`.
    pub(super) fn seal<C: Claims>(&self, kid: &str, claims: &C) -> anyhow::Result<String> {
        let mut token = String::with_capacity(TOKEN_LEN);
        token.push_str(FORMAT);
        token.push_str(kid);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
        let seal = self.of(C::TYP, &token);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(seal, &mut token);
        Ok(token)
    }

    /// The claims of a token that this key has sealed, whatever their time.
    pub(super) fn open<C: Claims>(&self, token: &SealedToken<'_>) -> Result<C, TokenError> {
        let seal = URL_SAFE_NO_PAD.decode(token.seal).map_err(|_| TokenError::Invalid)?;
        let expected = self.of(C::TYP, token.sealed);
        verify_slices_are_equal(expected.as_ref(), &seal).map_err(|_| TokenError::Invalid)?;
        let claims = URL_SAFE_NO_PAD.decode(token.claims).map_err(|_| TokenError::Invalid)?;
        serde_json::from_slice(&claims).map_err(|_| TokenError::Invalid)
    }

    fn of(&self, typ: &str, sealed: &str) -> hmac::Tag {
        let mut hash = hmac::Context::with_key(&self.0);
        // No kind has a zero in its name: where it ends is certain.
        for part in [typ.as_bytes(), &[0], sealed.as_bytes()] {
            hash.update(part);
        }
        hash.sign()
    }
}

/// A sealed token taken apart, before anything of it is believed.
pub(super) struct SealedToken<'t> {
    /// The key it names.
    pub(super) kid: &'t str,
    claims: &'t str,
    /// All but the seal.
    sealed: &'t str,
    seal: &'t str,
}

impl<'t> SealedToken<'t> {
    /// `None` for what is not of this format.
    pub(super) fn read(token: &'t str) -> Option<Self> {
        let (sealed, seal) = token.rsplit_once('.')?;
        let (kid, claims) = sealed.strip_prefix(FORMAT)?.split_once('.')?;
        Some(Self { kid, claims, sealed, seal })
    }
}
