//! Hashing passwords with argon2id, off the async threads and never more at once than there are cores.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};
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
        let hashed = self.run(move || {
            Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &salt)
                .map(|hash: PasswordHash| hash.to_string())
        });
        hashed.await?.map_err(|e| Error::Internal(format!("a password could not be hashed: {e}")))
    }

    /// Whether `password` belongs to `hash`; with no hash the same work is done and the answer is no.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let (password, known) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(NOBODY).to_owned();
        let right =
            self.run(move || Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok());
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

#[cfg(test)]
mod tests {
    use super::*;

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
