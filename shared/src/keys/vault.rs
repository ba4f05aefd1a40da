//! Secrets that must be read again (of authenticator apps, of webhooks), sealed before they go into a table: a stolen
//! database is not enough to use them.
//!
//! AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits; a key seals so much less than 2³² times that two alike are
//! out of the question. What the secret belongs to is authenticated with it, so
//! that nobody can move a sealed secret to another row. Unlike keys that sign, no key ever retires: the newest seals, and
//! each opens what it sealed. Whoever loses the files loses the secrets.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest, Sha256};

use super::{Purpose, files};
use crate::clock::Ts;
use crate::entropy::Entropy;

/// First octet of what is sealed like this.
const FORMAT: u8 = 1;
/// Octets before the ciphertext: the format, the number of the key, the nonce.
const HEAD: usize = 1 + 4 + NONCE_LEN;
/// By number, with the instant each is in use from.
type Keys = BTreeMap<u32, (LessSafeKey, Option<Ts>)>;

/// A sealed secret, as it is kept.
pub type Sealed = Vec<u8>;

/// The keys that seal, kept as files of one folder.
pub struct Vault {
    dir: PathBuf,
    keys: RwLock<Arc<Keys>>,
}

impl Vault {
    /// Opens the vault in the folder `dir`, creating folder and first key when there is none.
    ///
    /// # Errors
    /// When the folder cannot be written or a key file is damaged; the message names the file.
    pub fn open(dir: &Path, entropy: &Entropy) -> anyhow::Result<Self> {
        files::ensure_first(dir, Purpose::Vault, entropy)?;
        Ok(Self { dir: dir.to_owned(), keys: RwLock::new(Arc::new(load(dir)?)) })
    }

    /// Reads the folder again. On error the keys stay as they were.
    pub fn reload(&self) -> anyhow::Result<()> {
        let fresh = Arc::new(load(&self.dir)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// Seals a secret of `owner` (such as `totp:<user>`).
    pub fn seal(&self, owner: &str, secret: &[u8], entropy: &Entropy, now: Ts) -> anyhow::Result<Sealed> {
        let keys = self.keys();
        let in_use = |from: &Option<Ts>| from.is_none_or(|from| from <= now);
        let newest = keys.iter().rev().find(|(_, (_, from))| in_use(from));
        let (number, (key, _)) = newest.ok_or_else(|| anyhow::anyhow!("no vault key is in use yet"))?;
        let nonce: [u8; NONCE_LEN] = entropy.bytes();
        let mut body = secret.to_vec();
        let nonce_of = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(nonce_of, Aad::from(owner.as_bytes()), &mut body)
            .map_err(|_| anyhow::anyhow!("a secret could not be sealed"))?;
        Ok([&[FORMAT][..], &number.to_be_bytes(), &nonce, &body].concat())
    }

    /// Opens what was sealed for `owner`.
    ///
    /// # Errors
    /// When it was sealed for somebody else, altered, or with a key whose file is gone.
    pub fn unseal(&self, owner: &str, sealed: &[u8]) -> anyhow::Result<Vec<u8>> {
        let lost = || {
            anyhow::anyhow!(
                "the secret of {owner} cannot be opened: its vault key is missing, or it was altered"
            )
        };
        if sealed.len() <= HEAD || sealed[0] != FORMAT {
            return Err(lost());
        }
        let number = u32::from_be_bytes(sealed[1..5].try_into()?);
        if !self.keys().contains_key(&number) {
            // Another node has made a key that this one has not read yet.
            self.reload()?;
        }
        let keys = self.keys();
        let (key, _) = keys.get(&number).ok_or_else(lost)?;
        let nonce = Nonce::try_assume_unique_for_key(&sealed[5..HEAD]).map_err(|_| lost())?;
        let mut body = sealed[HEAD..].to_vec();
        let opened =
            key.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut body).map_err(|_| lost())?.len();
        body.truncate(opened);
        Ok(body)
    }

    fn keys(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn load(dir: &Path) -> anyhow::Result<Keys> {
    let mut keys = Keys::new();
    for (number, path) in files::list(dir, Purpose::Vault)? {
        let stored = files::read(&path)?;
        // Not the seed itself: a file that is listed or published as another kind of key says nothing about this one.
        let bytes = Sha256::new().chain_update("rushline vault ").chain_update(stored.seed).finalize();
        let key =
            UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| anyhow::anyhow!("a vault key is unusable"))?;
        keys.insert(number, (LessSafeKey::new(key), stored.from));
    }
    anyhow::ensure!(!keys.is_empty(), "no vault key in {}", dir.display());
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::super::{KeyRing, PUBLISHED_BEFORE};
    use super::*;

    fn now() -> Ts {
        Ts::from_seconds(1_000)
    }

    #[test]
    fn what_is_sealed_opens_for_its_owner_alone_and_unaltered() {
        let dir = tempfile::tempdir().unwrap();
        let entropy = Entropy::seeded(1);
        let vault = Vault::open(dir.path(), &entropy).unwrap();
        let sealed = vault.seal("totp:alice", b"secret", &entropy, now()).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(
            sealed,
            vault.seal("totp:alice", b"secret", &entropy, now()).unwrap(),
            "each has its own nonce"
        );
        assert_eq!(vault.unseal("totp:alice", &sealed).unwrap(), b"secret");
        assert!(vault.unseal("totp:bob", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 1;
            assert!(vault.unseal("totp:alice", &altered).is_err(), "octet {at}");
        }
        assert!(vault.unseal("totp:alice", &sealed[..HEAD]).is_err());
        assert!(vault.unseal("totp:alice", &[]).is_err());
    }

    #[test]
    fn a_new_key_seals_once_all_nodes_have_it_and_the_old_ones_open_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let entropy = Entropy::seeded(1);
        let (here, there) =
            (Vault::open(dir.path(), &entropy).unwrap(), Vault::open(dir.path(), &entropy).unwrap());
        let first = here.seal("a", b"one", &entropy, now()).unwrap();
        let ring = KeyRing::open(dir.path(), Purpose::Vault, &entropy).unwrap();
        for _ in 0..3 {
            ring.rotate(&entropy, now()).unwrap();
        }
        here.reload().unwrap();
        assert_eq!(here.seal("a", b"two", &entropy, now()).unwrap()[..5], first[..5], "not yet");
        let later = here.seal("a", b"two", &entropy, now() + PUBLISHED_BEFORE).unwrap();
        assert_ne!(later[..5], first[..5]);
        // A node that has not looked into the folder since.
        assert_eq!(there.unseal("a", &later).unwrap(), b"two");
        assert_eq!(there.unseal("a", &first).unwrap(), b"one");
    }
}
