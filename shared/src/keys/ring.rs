//! Ed25519 keys, one ring per purpose, and the JWTs they sign.
//!
//! A ring has at most two live keys: the newest signs, its predecessor still verifies. A new key is published at once, and
//! signs once every node has read it ([`PUBLISHED_BEFORE`]): nobody meets a token whose key no node shows yet. Deleting a
//! file is the emergency kill: what it signed is refused from the next reload on.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use sha2::{Digest, Sha256};

use super::files::{self, Stored};
use super::public::{TOKEN_LIMIT, in_force};
use super::seal::{SealedToken, SealingKey};
use super::verified::Verified;
use super::{Claims, PUBLISHED_BEFORE, PublicKeys, Purpose, TokenError};
use crate::clock::Ts;
use crate::entropy::Entropy;

/// A PKCS#8 v1 wrapper around a raw Ed25519 seed (RFC 8410 §7): these 16 bytes, then the 32 of the seed.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// How many of the newest keys of a ring are live.
const LIVE_KEYS: usize = 2;

struct SigningKey {
    kid: String,
    key: EncodingKey,
    seed: [u8; 32],
    sealing: SealingKey,
    /// Signs from then on; a ring's first key has always signed.
    signs_from: Option<Ts>,
}

struct Live {
    /// Oldest first; never empty.
    signing: Vec<SigningKey>,
    /// The one that signs.
    signer: usize,
    public: PublicKeys,
    verified: Verified,
}

impl Live {
    fn signer(&self) -> &SigningKey {
        &self.signing[self.signer]
    }

    fn named(&self, kid: &str) -> Option<&SigningKey> {
        self.signing.iter().find(|key| key.kid == kid)
    }
}

/// The live keys of one purpose, kept as files of one folder, which all nodes of a role share.
pub struct KeyRing {
    purpose: Purpose,
    dir: PathBuf,
    live: RwLock<Arc<Live>>,
    /// Second in which the folder was last read because a token named a key we did not have.
    looked_again_s: Mutex<i64>,
}

impl KeyRing {
    /// Opens the ring in the folder `dir`, creating folder and first key when there is none.
    ///
    /// # Errors
    /// When the folder cannot be written or a key file is damaged; the message names the file.
    pub fn open(dir: &Path, purpose: Purpose, entropy: &Entropy) -> anyhow::Result<Self> {
        files::ensure_first(dir, purpose, entropy)?;
        let live = RwLock::new(Arc::new(load(dir, purpose, None)?));
        Ok(Self { purpose, dir: dir.to_owned(), live, looked_again_s: Mutex::new(0) })
    }

    /// The ring in the folder `dir` if there is one; nothing is created.
    ///
    /// # Errors
    /// When a key file is damaged; the message names the file.
    pub fn existing(dir: &Path, purpose: Purpose) -> anyhow::Result<Option<Self>> {
        if !dir.is_dir() || files::list(dir, purpose)?.is_empty() {
            return Ok(None);
        }
        let live = RwLock::new(Arc::new(load(dir, purpose, None)?));
        Ok(Some(Self { purpose, dir: dir.to_owned(), live, looked_again_s: Mutex::new(0) }))
    }

    /// Writes a new key, which is published at once and signs [`PUBLISHED_BEFORE`] later, and returns its `kid`.
    pub fn rotate(&self, entropy: &Entropy, now: Ts) -> anyhow::Result<String> {
        let number = files::list(&self.dir, self.purpose)?.last().map_or(1, |(n, _)| n + 1);
        let new = files::write(&self.dir, self.purpose, number, Some(now + PUBLISHED_BEFORE), entropy)?;
        self.reload(now)?;
        Ok(signing_key(&new, self.purpose)?.0.kid)
    }

    /// Reads the folder again; from its time on the newest key signs. On error the keys stay as they were.
    pub fn reload(&self, now: Ts) -> anyhow::Result<()> {
        let fresh = Arc::new(load(&self.dir, self.purpose, Some(now))?);
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Ids of the live keys, oldest first.
    pub fn kids(&self) -> Vec<String> {
        self.live().signing.iter().map(|k| k.kid.clone()).collect()
    }

    /// Public halves of the live keys.
    pub fn public(&self) -> PublicKeys {
        self.live().public.clone()
    }

    /// Signs a JWT.
    pub fn sign<C: Claims>(&self, claims: &C) -> anyhow::Result<String> {
        let live = self.live();
        let signer = live.signer();
        let header = Header {
            alg: Algorithm::EdDSA,
            typ: Some(C::TYP.to_owned()),
            kid: Some(signer.kid.clone()),
            ..Header::default()
        };
        let token = jsonwebtoken::encode(&header, claims, &signer.key)?;
        live.verified.note::<C>(&token);
        Ok(token)
    }

    /// Checks a token signed by this ring; see [`PublicKeys::verify`]. Another node may have noticed a new key before
    /// us: for a key we do not know, the folder is read again, at most once a second.
    pub fn verify<C: Claims>(&self, token: &str, audience: &str, now: Ts) -> Result<C, TokenError> {
        if let Some(claims) = self.live().verified.claims(token) {
            return in_force(claims, audience, now);
        }
        if !self.live().public.knows(token) {
            self.look_again(now);
        }
        let live = self.live();
        let claims = live.public.verify(token, audience, now)?;
        live.verified.note::<C>(token);
        Ok(claims)
    }

    /// Seals claims that only nodes with this ring read: a token of the module `seal`, at a small part of a signature's price.
    pub fn seal<C: Claims>(&self, claims: &C) -> anyhow::Result<String> {
        let live = self.live();
        let signer = live.signer();
        signer.sealing.seal(&signer.kid, claims)
    }

    /// Checks a token sealed by this ring as [`KeyRing::verify`] checks a signed one. Signed ones are taken too: those that
    /// servers gave out before they sealed.
    pub fn unseal<C: Claims>(&self, token: &str, audience: &str, now: Ts) -> Result<C, TokenError> {
        if token.len() > TOKEN_LIMIT {
            return Err(TokenError::Invalid);
        }
        let Some(sealed) = SealedToken::read(token) else { return self.verify(token, audience, now) };
        if self.live().named(sealed.kid).is_none() {
            self.look_again(now);
        }
        let live = self.live();
        let key = live.named(sealed.kid).ok_or(TokenError::Invalid)?;
        in_force(key.sealing.open(&sealed)?, audience, now)
    }

    /// Reads the folder again, at most once a second.
    fn look_again(&self, now: Ts) {
        // Whoever comes meanwhile waits for what is read.
        let mut looked_again_s = self.looked_again_s.lock().unwrap_or_else(PoisonError::into_inner);
        if *looked_again_s != now.seconds() {
            *looked_again_s = now.seconds();
            if let Err(error) = self.reload(now) {
                tracing::error!(%error, "the keys could not be read again; those in use stay");
            }
        }
    }

    /// Signs raw bytes (tickets' QR payloads): the key's `kid` and 64 bytes of Ed25519 signature.
    pub fn sign_bytes(&self, message: &[u8]) -> anyhow::Result<(String, Vec<u8>)> {
        let live = self.live();
        let signer = live.signer();
        let signature = jsonwebtoken::crypto::sign(message, &signer.key, Algorithm::EdDSA)?;
        Ok((signer.kid.clone(), URL_SAFE_NO_PAD.decode(signature)?))
    }

    /// Whether `signature` over `message` was made by the live key `kid`.
    pub fn verify_bytes(&self, kid: &str, message: &[u8], signature: &[u8]) -> bool {
        self.live().public.verify_bytes(kid, message, signature)
    }

    /// A 32-byte secret of this ring's oldest live key, for keyed hashes of one `label` that must survive restarts.
    pub fn derived_secret(&self, label: &str) -> [u8; 32] {
        let live = self.live();
        let seed = live.signing.first().map(|k| k.seed).unwrap_or_default();
        Sha256::new()
            .chain_update(b"rushline derived ")
            .chain_update(label)
            .chain_update(seed)
            .finalize()
            .into()
    }

    fn live(&self) -> Arc<Live> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Reads the live keys. `now` is not known to a server that starts: a new key then waits for the next look.
fn load(dir: &Path, purpose: Purpose, now: Option<Ts>) -> anyhow::Result<Live> {
    let known = files::list(dir, purpose)?;
    let mut live =
        Live { signing: Vec::new(), signer: 0, public: PublicKeys::default(), verified: Verified::default() };
    for (_, path) in known.iter().skip(known.len().saturating_sub(LIVE_KEYS)) {
        let (key, jwk) = signing_key(&files::read(path)?, purpose)?;
        live.public.by_kid.insert(key.kid.clone(), DecodingKey::from_jwk(&jwk)?);
        live.public.jwks.push(jwk);
        live.signing.push(key);
    }
    let signs = |key: &SigningKey| key.signs_from.is_none_or(|from| now.is_some_and(|now| from <= now));
    live.signer = live.signing.iter().rposition(signs).unwrap_or(0);
    anyhow::ensure!(!live.signing.is_empty(), "no {} key in {}", purpose.name(), dir.display());
    Ok(live)
}

fn signing_key(stored: &Stored, purpose: Purpose) -> anyhow::Result<(SigningKey, Jwk)> {
    let key = EncodingKey::from_ed_der(&[&PKCS8_PREFIX[..], &stored.seed[..]].concat());
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
    // A short hash of the public key: stable, and says nothing about the seed.
    let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(serde_json::to_vec(&jwk.algorithm)?)[..9]);
    jwk.common.key_id = Some(kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    let sealing = SealingKey::derived_from(&stored.seed, purpose)?;
    Ok((SigningKey { kid, key, seed: stored.seed, sealing, signs_from: stored.from }, jwk))
}

#[cfg(test)]
mod tests {
    use super::super::RELOADED_EVERY;
    use super::*;
    use serde::{Deserialize, Serialize};
    use time::Duration;

    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    struct Note {
        aud: String,
        nbf: i64,
        exp: i64,
    }

    impl Claims for Note {
        const TYP: &'static str = "note+jwt";
        fn audience(&self) -> &str {
            &self.aud
        }
        fn not_before(&self) -> i64 {
            self.nbf
        }
        fn expires(&self) -> i64 {
            self.exp
        }
    }

    #[derive(Serialize, Deserialize, Debug, Clone)]
    struct Other {
        aud: String,
        nbf: i64,
        exp: i64,
    }

    impl Claims for Other {
        const TYP: &'static str = "other+jwt";
        fn audience(&self) -> &str {
            &self.aud
        }
        fn not_before(&self) -> i64 {
            self.nbf
        }
        fn expires(&self) -> i64 {
            self.exp
        }
    }

    #[test]
    fn nodes_that_start_together_begin_with_one_key() {
        let dir = tempfile::tempdir().unwrap();
        // Both have found the folder empty.
        let keys = [1, 2].map(|seed| {
            files::write(dir.path(), Purpose::Admission, 1, None, &Entropy::seeded(seed)).unwrap().seed
        });
        assert_eq!(keys[0], keys[1]);
        assert_eq!(ring(dir.path(), 3).kids().len(), 1);
    }

    fn ring(dir: &Path, seed: u64) -> KeyRing {
        KeyRing::open(dir, Purpose::Admission, &Entropy::seeded(seed)).unwrap()
    }

    fn note() -> Note {
        Note { aud: "booking".into(), nbf: 100, exp: 200 }
    }

    #[test]
    fn time_is_judged_to_the_instant_without_leeway() {
        let dir = tempfile::tempdir().unwrap();
        let ring = ring(dir.path(), 1);
        let token = ring.sign(&note()).unwrap();
        let at = |micros| ring.verify::<Note>(&token, "booking", Ts::from_micros(micros));
        assert_eq!(at(99_999_999), Err(TokenError::NotYet));
        assert_eq!(at(100_000_000), Ok(note()));
        assert_eq!(at(199_999_999), Ok(note()));
        assert_eq!(at(200_000_000), Err(TokenError::Expired));
    }

    #[test]
    fn another_kind_audience_key_or_one_flipped_bit_is_refused() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let ring_a = ring(here.path(), 1);
        let ring_b = ring(there.path(), 2);
        let now = Ts::from_seconds(150);
        let token = ring_a.sign(&note()).unwrap();
        assert_eq!(ring_a.verify::<Note>(&token, "shop", now), Err(TokenError::Invalid));
        assert_eq!(ring_b.verify::<Note>(&token, "booking", now), Err(TokenError::Invalid));
        let other = ring_a.sign(&Other { aud: "booking".into(), nbf: 100, exp: 200 }).unwrap();
        assert_eq!(ring_a.verify::<Note>(&other, "booking", now), Err(TokenError::Invalid));
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] ^= 1;
            // The last letter of each part carries unused bits; a decoder may not see them flipped.
            let altered = String::from_utf8(bytes).unwrap();
            if let Ok(read) = ring_a.verify::<Note>(&altered, "booking", now) {
                assert_eq!(read, note(), "byte {at} changed the claims");
            }
        }
        let none = URL_SAFE_NO_PAD.encode(br#"{"alg":"none","typ":"note+jwt"}"#);
        let forged = format!("{none}.{}.", token.split('.').nth(1).unwrap());
        assert_eq!(ring_a.verify::<Note>(&forged, "booking", now), Err(TokenError::Invalid));
    }

    #[test]
    fn a_key_that_another_node_has_made_is_known_at_its_first_token() {
        let dir = tempfile::tempdir().unwrap();
        let (here, there) = (ring(dir.path(), 1), ring(dir.path(), 2));
        there.rotate(&Entropy::seeded(9), Ts::from_seconds(100)).unwrap();
        there.reload(Ts::from_seconds(130)).unwrap();
        let token = there.sign(&note()).unwrap();
        assert!(here.verify::<Note>(&token, "booking", Ts::from_seconds(150)).is_ok());
    }

    /// Tokens of a node are refused by whoever asks another node for the keys before that one has read the new key: so
    /// nobody signs with it until all have.
    #[test]
    fn a_new_key_is_published_by_every_node_before_any_signs_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let (here, there) = (ring(dir.path(), 1), ring(dir.path(), 2));
        let rotated = Ts::from_seconds(100);
        let kid = there.rotate(&Entropy::seeded(9), rotated).unwrap();
        assert!(there.public().by_kid.contains_key(&kid));
        let signed_by = |ring: &KeyRing| ring.sign_bytes(b"note").unwrap().0;
        // One that starts in the meantime does not sign with it either.
        let started = ring(dir.path(), 3);
        let last = rotated + PUBLISHED_BEFORE - Duration::MICROSECOND;
        for node in [&there, &started] {
            node.reload(last).unwrap();
            assert_ne!(signed_by(node), kid);
            assert!(here.public().knows(&node.sign(&note()).unwrap()));
        }
        here.reload(rotated + RELOADED_EVERY).unwrap();
        there.reload(rotated + PUBLISHED_BEFORE).unwrap();
        assert_eq!(signed_by(&there), kid);
        assert!(here.public().knows(&there.sign(&note()).unwrap()));
    }

    #[test]
    fn a_sealed_token_opens_in_its_ring_for_its_kind_audience_and_time_alone() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (ring_a, ring_b) = (ring(here.path(), 1), ring(there.path(), 2));
        let token = ring_a.seal(&note()).unwrap();
        let open = |ring: &KeyRing, token: &str, audience: &str, seconds: i64| {
            ring.unseal::<Note>(token, audience, Ts::from_seconds(seconds))
        };
        assert_eq!(open(&ring_a, &token, "booking", 150), Ok(note()));
        assert_eq!(open(&ring_a, &token, "booking", 99), Err(TokenError::NotYet));
        assert_eq!(open(&ring_a, &token, "booking", 200), Err(TokenError::Expired));
        assert_eq!(open(&ring_a, &token, "shop", 150), Err(TokenError::Invalid));
        assert_eq!(open(&ring_b, &token, "booking", 150), Err(TokenError::Invalid));
        let other = ring_a.seal(&Other { aud: "booking".into(), nbf: 100, exp: 200 }).unwrap();
        assert_eq!(open(&ring_a, &other, "booking", 150), Err(TokenError::Invalid), "another kind");
        // Under a key id of the other ring it is still sealed by the wrong key.
        let renamed = token.replacen(&ring_a.kids()[0], &ring_b.kids()[0], 1);
        assert_eq!(open(&ring_b, &renamed, "booking", 150), Err(TokenError::Invalid));
        for at in 0..token.len() {
            assert_eq!(open(&ring_a, &token[..at], "booking", 150), Err(TokenError::Invalid), "cut at {at}");
            let mut bytes = token.clone().into_bytes();
            bytes[at] ^= 1;
            let altered = String::from_utf8(bytes).unwrap();
            assert_eq!(open(&ring_a, &altered, "booking", 150), Err(TokenError::Invalid), "byte {at}");
        }
    }

    #[test]
    fn what_is_sealed_and_what_is_signed_are_not_taken_for_each_other() {
        let dir = tempfile::tempdir().unwrap();
        let (ring, now) = (ring(dir.path(), 1), Ts::from_seconds(150));
        let (sealed, signed) = (ring.seal(&note()).unwrap(), ring.sign(&note()).unwrap());
        assert!(ring.verify::<Note>(&sealed, "booking", now).is_err(), "who verifies wants a signature");
        assert_eq!(ring.unseal::<Note>(&signed, "booking", now), Ok(note()), "of a server from before");
        // The public half of the key, which anybody may know, seals nothing.
        let (kid, claims) = (&ring.kids()[0], signed.split('.').nth(1).unwrap());
        let public = serde_json::to_vec(&ring.public().jwks()).unwrap();
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &public);
        let head = format!("s1.{kid}.{claims}");
        let seal = aws_lc_rs::hmac::sign(&key, format!("note+jwt\0{head}").as_bytes());
        let forged = format!("{head}.{}", URL_SAFE_NO_PAD.encode(seal));
        assert_eq!(ring.unseal::<Note>(&forged, "booking", now), Err(TokenError::Invalid));
    }

    #[test]
    fn a_seal_outlives_one_rotation_and_that_of_another_node_is_known_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let (here, there) = (ring(dir.path(), 1), ring(dir.path(), 2));
        let (entropy, now) = (Entropy::seeded(9), Ts::from_seconds(100));
        let first = here.seal(&note()).unwrap();
        there.rotate(&entropy, now).unwrap();
        there.reload(Ts::from_seconds(130)).unwrap();
        let second = there.seal(&note()).unwrap();
        for token in [&first, &second] {
            assert_eq!(here.unseal::<Note>(token, "booking", Ts::from_seconds(150)), Ok(note()));
        }
        here.rotate(&entropy, Ts::from_seconds(151)).unwrap();
        let late = Ts::from_seconds(152);
        assert_eq!(here.unseal::<Note>(&first, "booking", late), Err(TokenError::Invalid));
        assert_eq!(here.unseal::<Note>(&second, "booking", late), Ok(note()));
    }

    #[test]
    fn two_keys_are_live_and_the_third_ends_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let ring = ring(dir.path(), 1);
        let entropy = Entropy::seeded(9);
        let first = ring.sign(&note()).unwrap();
        let now = Ts::from_seconds(150);
        ring.rotate(&entropy, now).unwrap();
        assert_eq!(ring.kids().len(), 2);
        assert!(ring.verify::<Note>(&first, "booking", now).is_ok());
        ring.rotate(&entropy, now).unwrap();
        assert_eq!(ring.verify::<Note>(&first, "booking", now), Err(TokenError::Invalid));
        let again = KeyRing::open(dir.path(), Purpose::Admission, &entropy).unwrap();
        assert_eq!(again.kids(), ring.kids());
    }
}
