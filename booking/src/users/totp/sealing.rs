//! Secrets of second factors are sealed before they are kept: who has the database alone can show no code.

use uuid::Uuid;

use super::rules::{SECRET_LENGTH, Secret};
use super::store::{self, Factor};
use crate::app::App;
use crate::error::{Error, Result};

/// Secrets that one transaction seals.
const BATCH: i64 = 100;

/// Whose secret it is, as the vault knows it.
fn owner(user: Uuid) -> String {
    format!("totp:{user}")
}

/// A secret as it is kept.
pub fn seal(app: &App, user: Uuid, secret: &Secret) -> Result<Vec<u8>> {
    Ok(app.vault.seal(&owner(user), secret, &app.entropy, app.now())?)
}

/// The secret of a factor. One that was written before secrets were sealed is as long as it is; a sealed one is longer.
pub fn open(app: &App, user: Uuid, factor: &Factor) -> Result<Secret> {
    if let Ok(plain) = Secret::try_from(factor.secret.as_slice()) {
        return Ok(plain);
    }
    let secret = app.vault.unseal(&owner(user), &factor.secret)?;
    secret
        .try_into()
        .map_err(|_| Error::Internal(format!("the second factor of {user} has a strange length")))
}

/// Seals the secrets that were written before, by nodes of an older version too. Every node does so at its start and each
/// hour: nothing happens to a secret that somebody has sealed or replaced meanwhile.
pub async fn seal_old(app: &App) -> Result<()> {
    loop {
        let old = store::unsealed(app, SECRET_LENGTH as i64, BATCH).await?;
        if old.is_empty() {
            return Ok(());
        }
        let mut sealed = Vec::with_capacity(old.len());
        for (user, secret) in old {
            let plain = Secret::try_from(secret.as_slice())
                .map_err(|_| Error::Internal("a secret has another length than it was found by".into()))?;
            sealed.push((user, secret, seal(app, user, &plain)?));
        }
        app.db
            .write("seal_totp", move |tx| {
                let sealed = sealed.clone();
                Box::pin(async move {
                    for (user, seen, sealed) in &sealed {
                        store::seal(tx, *user, seen, sealed).await?;
                    }
                    Ok(())
                })
            })
            .await?;
    }
}
