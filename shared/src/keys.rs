//! Ed25519 keys, one ring per purpose, and the JWTs they sign.
//!
//! A ring has at most two live keys: the newest signs, its predecessor still verifies. `rushline keys rotate`
//! writes a new key file; running servers notice it ([`KeyRing::reload`]) without a restart and publish it, and sign with it
//! once all of them have had the time to ([`PUBLISHED_BEFORE`]): nobody meets a token whose key no node shows yet. Deleting
//! a file is the emergency kill: what it signed is refused from the next reload on.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
pub use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use time::Duration;

use crate::clock::Ts;
use crate::entropy::Entropy;

/// A PKCS#8 v1 wrapper around a raw Ed25519 seed (RFC 8410 §7): these 16 bytes, then the 32 of the seed.
const PKCS8_PREFIX: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];
/// Longer tokens are refused unread.
const TOKEN_LIMIT: usize = 4096;
/// How many of the newest keys of a ring are live.
const LIVE_KEYS: usize = 2;
/// How often a running server reads its rings again.
pub const RELOADED_EVERY: Duration = Duration::seconds(10);
/// A new key is published for so long before it signs: every node has read it by then, also one whose clock is five
/// seconds ahead.
pub const PUBLISHED_BEFORE: Duration = Duration::seconds(30);

/// What a key may be used for. No key serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Admission tokens; the waiting room signs, booking verifies.
    Admission,
    /// Place tokens; only the waiting room reads them.
    Place,
    /// Access tokens of users and of booking itself; booking signs, both verify.
    Session,
    /// QR codes on tickets; gate scanners verify offline.
    Ticket,
    /// Signed heads of the audit log.
    Audit,
    /// Draws and journals of rooms: what the waiting room publishes for everybody to check.
    Journal,
}

impl Purpose {
    /// Every purpose, in the order `rushline keys` lists them.
    pub const ALL: [Purpose; 6] = [
        Purpose::Admission,
        Purpose::Place,
        Purpose::Session,
        Purpose::Ticket,
        Purpose::Audit,
        Purpose::Journal,
    ];

    /// Name in file names and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Admission => "admission",
            Purpose::Place => "place",
            Purpose::Session => "session",
            Purpose::Ticket => "ticket",
            Purpose::Audit => "audit",
            Purpose::Journal => "journal",
        }
    }
}

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

/// Public halves of the live keys of one purpose.
#[derive(Clone, Default)]
pub struct PublicKeys {
    by_kid: HashMap<String, DecodingKey>,
    jwks: Vec<Jwk>,
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
}

struct SigningKey {
    kid: String,
    key: EncodingKey,
    seed: [u8; 32],
    /// Signs from then on; a ring's first key has always signed.
    signs_from: Option<Ts>,
}

struct Live {
    /// Oldest first; never empty.
    signing: Vec<SigningKey>,
    /// The one that signs.
    signer: usize,
    public: PublicKeys,
}

impl Live {
    fn signer(&self) -> &SigningKey {
        &self.signing[self.signer]
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
        create_private_dir(dir)?;
        if key_files(dir, purpose)?.is_empty() {
            // Always number one: of nodes that start at the same time all must begin with the same key.
            write_key(dir, purpose, 1, None, entropy)?;
        }
        let live = RwLock::new(Arc::new(load(dir, purpose, None)?));
        Ok(Self { purpose, dir: dir.to_owned(), live, looked_again_s: Mutex::new(0) })
    }

    /// The ring in the folder `dir` if there is one; nothing is created.
    ///
    /// # Errors
    /// When a key file is damaged; the message names the file.
    pub fn existing(dir: &Path, purpose: Purpose) -> anyhow::Result<Option<Self>> {
        if !dir.is_dir() || key_files(dir, purpose)?.is_empty() {
            return Ok(None);
        }
        let live = RwLock::new(Arc::new(load(dir, purpose, None)?));
        Ok(Some(Self { purpose, dir: dir.to_owned(), live, looked_again_s: Mutex::new(0) }))
    }

    /// Writes a new key, which is published at once and signs [`PUBLISHED_BEFORE`] later, and returns its `kid`.
    pub fn rotate(&self, entropy: &Entropy, now: Ts) -> anyhow::Result<String> {
        let number = key_files(&self.dir, self.purpose)?.last().map_or(1, |(n, _)| n + 1);
        let kid = write_key(&self.dir, self.purpose, number, Some(now + PUBLISHED_BEFORE), entropy)?;
        self.reload(now)?;
        Ok(kid)
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
        Ok(jsonwebtoken::encode(&header, claims, &signer.key)?)
    }

    /// Checks a token signed by this ring; see [`PublicKeys::verify`]. Another node may have noticed a new key before
    /// us: for a key we do not know, the folder is read again, at most once a second.
    pub fn verify<C: Claims>(&self, token: &str, audience: &str, now: Ts) -> Result<C, TokenError> {
        if !self.live().public.knows(token) {
            // Whoever comes meanwhile waits for what is read.
            let mut looked_again_s = self.looked_again_s.lock().unwrap_or_else(PoisonError::into_inner);
            if *looked_again_s != now.seconds() {
                *looked_again_s = now.seconds();
                if let Err(error) = self.reload(now) {
                    tracing::error!(%error, "the keys could not be read again; those in use stay");
                }
            }
        }
        self.live().public.verify(token, audience, now)
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

fn create_private_dir(dir: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|e| {
        anyhow::anyhow!("cannot create {}: {e}. Choose another data_dir or keys_dir.", dir.display())
    })
}

/// Key files of a purpose, oldest first: `<purpose>.<number>.key`.
fn key_files(dir: &Path, purpose: Purpose) -> anyhow::Result<Vec<(u32, PathBuf)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
        let number = name
            .strip_prefix(purpose.name())
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(".key"))
            .and_then(|number| number.parse().ok());
        if let Some(number) = number {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// Writes a new key under this number, unless somebody was faster; the `kid` of the newest key then.
fn write_key(
    dir: &Path,
    purpose: Purpose,
    number: u32,
    signs_from: Option<Ts>,
    entropy: &Entropy,
) -> anyhow::Result<String> {
    use std::os::unix::fs::OpenOptionsExt;
    let seed: [u8; 32] = entropy.bytes();
    let path = dir.join(format!("{}.{number:04}.key", purpose.name()));
    // Written aside and linked into place: two starting processes cannot both become key number one, and a
    // reader never sees half a key.
    let aside = dir.join(format!(".{}.{}", purpose.name(), URL_SAFE_NO_PAD.encode(entropy.bytes::<9>())));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&aside)?;
    // The seed and, on a line of its own, the second from which the key signs.
    let from = signs_from.map_or_else(String::new, |from| format!("\n{}\n", from.seconds()));
    file.write_all((URL_SAFE_NO_PAD.encode(seed) + &from).as_bytes())?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&aside, &path);
    std::fs::remove_file(&aside)?;
    match linked {
        Ok(()) => Ok(signing_key(&seed, signs_from)?.0.kid),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            Ok(load(dir, purpose, None)?.signing.last().map(|k| k.kid.clone()).unwrap_or_default())
        }
        Err(e) => Err(e.into()),
    }
}

/// Reads the live keys. `now` is not known to a server that starts: a new key then waits for the next look.
fn load(dir: &Path, purpose: Purpose, now: Option<Ts>) -> anyhow::Result<Live> {
    let files = key_files(dir, purpose)?;
    let mut live = Live { signing: Vec::new(), signer: 0, public: PublicKeys::default() };
    for (_, path) in files.iter().skip(files.len().saturating_sub(LIVE_KEYS)) {
        let damaged =
            || anyhow::anyhow!("{} is damaged: delete it or restore it from a backup", path.display());
        let text = std::fs::read_to_string(path)?;
        let mut lines = text.split_whitespace();
        let seed = URL_SAFE_NO_PAD.decode(lines.next().unwrap_or_default()).map_err(|_| damaged())?;
        let from = lines.next().map(str::parse).transpose().map_err(|_| damaged())?;
        let (key, jwk) = signing_key(&seed.try_into().map_err(|_| damaged())?, from.map(Ts::from_seconds))?;
        live.public.by_kid.insert(key.kid.clone(), DecodingKey::from_jwk(&jwk)?);
        live.public.jwks.push(jwk);
        live.signing.push(key);
    }
    let signs = |key: &SigningKey| key.signs_from.is_none_or(|from| now.is_some_and(|now| from <= now));
    live.signer = live.signing.iter().rposition(signs).unwrap_or(0);
    anyhow::ensure!(!live.signing.is_empty(), "no {} key in {}", purpose.name(), dir.display());
    Ok(live)
}

fn signing_key(seed: &[u8; 32], signs_from: Option<Ts>) -> anyhow::Result<(SigningKey, Jwk)> {
    let key = EncodingKey::from_ed_der(&[&PKCS8_PREFIX[..], &seed[..]].concat());
    let mut jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
    // A short hash of the public key: stable, and says nothing about the seed.
    let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(serde_json::to_vec(&jwk.algorithm)?)[..9]);
    jwk.common.key_id = Some(kid.clone());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok((SigningKey { kid, key, seed: *seed, signs_from }, jwk))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

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
        let kids = [1, 2]
            .map(|seed| write_key(dir.path(), Purpose::Admission, 1, None, &Entropy::seeded(seed)).unwrap());
        assert_eq!(kids[0], kids[1]);
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
