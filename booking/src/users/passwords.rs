//! Hashing passwords with argon2id, off the async threads and never more at once than there are cores.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use shared::entropy::Entropy;
use shared::problem::Problem;
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Hashes that may wait for a core; about two seconds' work on two cores. Beyond it the answer is 503.
const WAITING_MAX: usize = 256;
/// Verified in place of the hash of an account that does not exist, so that both cost the same. Its parameters are
/// those of [`Argon2::default`]: 19 MiB, two passes, one lane (OWASP's recommendation for argon2id).
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0$SP9vbBl0G/ImWZLqdNJmGdlAT2DGBYg3iPP7v9mnFcs";

/// Bytes that are asked for to hash, of which only those of the parameters are touched. glibc maps what is larger than
/// 32 MiB by itself and unmaps it when freed (`M_MMAP_THRESHOLD`); smaller blocks it keeps, one for every thread that
/// ever hashed, which were hundreds of megabytes after a rush of logins.
const MAPPED_BYTES: usize = 33 << 20;
/// Bytes of a hash.
const HASH_LEN: usize = 32;

/// The hashing pool. Cheap to clone.
#[derive(Clone)]
pub struct Passwords {
    admitted: Arc<Semaphore>,
    cores: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            admitted: Arc::new(Semaphore::new(cores + WAITING_MAX)),
            cores: Arc::new(Semaphore::new(cores)),
        }
    }
}

impl Passwords {
    /// A hash in PHC notation with a new salt.
    pub async fn hash(&self, password: &str, entropy: &Entropy) -> Result<String> {
        let (password, salt) = (password.to_owned(), entropy.bytes::<16>());
        let hashed = self.run(move || phc(password.as_bytes(), &salt));
        hashed.await?.map_err(|e| Error::Internal(format!("a password could not be hashed: {e}")))
    }

    /// Whether `password` belongs to `hash`; with no hash the same work is done and the answer is no.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let right = self.run(move || is_of(password.as_bytes(), &hash).unwrap_or(false));
        Ok(right.await? && known)
    }

    /// The permit of the core moves into the task: a caller that goes away does not free a core that still hashes.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.admitted.clone().try_acquire_owned().map_err(|_| Problem::unavailable(2))?;
        let core = self.cores.clone().acquire_owned().await.map_err(|e| Error::Internal(e.to_string()))?;
        let task = tokio::task::spawn_blocking(move || {
            let _held = (place, core);
            work()
        });
        task.await.map_err(|e| Error::Internal(format!("hashing broke off: {e}")))
    }
}

/// The hash of a password as text in PHC notation.
fn phc(password: &[u8], salt: &[u8]) -> argon2::Result<String> {
    let params = Params::default();
    let hash = digest(password, salt, params.clone(), HASH_LEN)?;
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    let [salt, hash] = [salt, &hash].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    Ok(format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}"))
}

/// Whether a hash in PHC notation is that of the password; `None` when it is no such hash.
fn is_of(password: &[u8], hash: &str) -> Option<bool> {
    let known = PasswordHash::new(hash).ok()?;
    let is_ours =
        Algorithm::try_from(known.algorithm.as_str()) == Ok(Algorithm::Argon2id) && known.version == Some(19);
    let (salt, expected) = (known.salt?, known.hash?);
    let params = Params::try_from(&known).ok()?;
    let found = digest(password, salt.as_ref(), params, expected.as_ref().len()).ok()?;
    // Every byte is looked at, so that the time taken tells nothing.
    let differs = found.iter().zip(expected.as_ref()).fold(0, |differs, (a, b)| differs | (a ^ b));
    Some(is_ours && differs == 0)
}

fn digest(password: &[u8], salt: &[u8], params: Params, len: usize) -> argon2::Result<Vec<u8>> {
    let mut memory: Vec<Block> = Vec::with_capacity((MAPPED_BYTES / Block::SIZE).max(params.block_count()));
    memory.resize(params.block_count(), Block::new());
    let mut hash = vec![0; len];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into_with_memory(password, salt, &mut hash, &mut memory)?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn our_hashes_are_everybody_s() {
        let ours = phc(b"secret", b"0123456789abcdef").unwrap();
        let theirs: PasswordHash =
            Argon2::default().hash_password_with_salt(b"secret", b"0123456789abcdef").unwrap();
        assert_eq!(ours, theirs.to_string());
        assert!(Argon2::default().verify_password(b"secret", ours.as_str()).is_ok());
        assert_eq!(is_of(b"secret", &ours.replace("argon2id", "argon2i")), Some(false));
    }

    #[tokio::test]
    async fn only_the_right_password_of_a_real_account_passes() {
        let pool = Passwords::default();
        let hash = pool.hash("correct horse", &Entropy::seeded(1)).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(pool.verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!pool.verify("wrong horse", Some(&hash)).await.unwrap());
        assert!(!pool.verify("nobody", None).await.unwrap());
        assert!(!pool.verify("anything", Some("none")).await.unwrap());
    }

    #[test]
    fn nobody_s_hash_costs_what_a_real_one_costs() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real: PasswordHash =
            Argon2::default().hash_password_with_salt(b"x", b"0123456789abcdef").unwrap();
        assert_eq!(nobody.params, real.params);
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
    }

    #[tokio::test]
    async fn a_full_queue_answers_at_once() {
        let pool = Passwords { admitted: Arc::new(Semaphore::new(0)), cores: Arc::new(Semaphore::new(1)) };
        let refusal = Problem::from(pool.verify("x", None).await.unwrap_err());
        assert_eq!(refusal.slug(), "unavailable");
    }
}
