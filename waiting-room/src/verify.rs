//! `rushline verify` for the waiting room: what must be true of every line, and of booking's admissions.

use std::sync::Arc;

use secrecy::ExposeSecret;
use shared::clock::Ts;
use shared::config::Settings;
use shared::verify::{Checked, Report};
use uuid::Uuid;

use crate::queue::line::REMEMBERED;
use crate::queue::memory::MemoryStore;
use crate::queue::redis::RedisStore;
use crate::queue::{QueueStore, Standing, StoreError};
use crate::rooms::rules::RoomId;

/// An admission that booking has seen used.
#[derive(Debug, Clone)]
pub struct Used {
    /// The room it is of.
    pub room: String,
    /// The place.
    pub place: Uuid,
    /// The admission.
    pub jti: Uuid,
    /// When booking saw it first.
    pub at: Ts,
}

/// The lines of an installation, only to be looked at: in Redis, or in the journal of the data folder, which is read
/// beside the process that writes it.
///
/// # Errors
/// When Redis does not answer, or there is no sound journal; the message says what to do.
pub async fn open(settings: &Settings) -> anyhow::Result<Arc<dyn QueueStore>> {
    let redis_url = settings.redis_url.expose_secret();
    if !redis_url.is_empty() {
        return Ok(Arc::new(RedisStore::open(redis_url).await?));
    }
    let data_dir = settings.data_dir.clone();
    Ok(Arc::new(tokio::task::spawn_blocking(move || MemoryStore::open_to_read(&data_dir)).await??))
}

/// Looks into all lines as they are at `now`; each sentence once, for all rooms together.
///
/// # Errors
/// When the store does not answer.
pub async fn verify(store: &dyn QueueStore, now: Ts) -> Result<Report, StoreError> {
    let mut report = Report::default();
    for room in store.rooms().await? {
        for mut checked in store.inspect(&room.id, now).await? {
            let named = checked.offenders.iter().map(|offender| format!("room {}: {offender}", room.id));
            checked.offenders = named.collect();
            report.add_up(checked);
        }
    }
    report.sort();
    Ok(report)
}

/// Whether the line has admitted those whom booking let shop. `used` were used before the store is asked. What the store
/// cannot remember is passed over: ends older than [`REMEMBERED`], and everything before its generation began.
///
/// # Errors
/// When the store does not answer.
pub async fn admissions(store: &dyn QueueStore, used: &[Used], now: Ts) -> Result<Checked, StoreError> {
    let sentence = "Whoever opened a booking session was admitted by the line, with that admission.";
    let mut checked = Checked::new("I10", sentence, 0);
    for admission in used.iter().filter(|admission| admission.at > now - REMEMBERED) {
        checked.looked_at += 1;
        if !was_admitted(store, admission, now).await? {
            checked.offend(|| {
                format!("room {}, place {}, admission {}", admission.room, admission.place, admission.jti)
            });
        }
    }
    Ok(checked)
}

async fn was_admitted(store: &dyn QueueStore, used: &Used, now: Ts) -> Result<bool, StoreError> {
    let Some(room) = RoomId::parse(&used.room) else { return Ok(false) };
    let epoch = match store.epoch(&room).await {
        Err(StoreError::NoRoom) => return Ok(false),
        epoch => epoch?,
    };
    let place = store.find(&room, vec![used.place], now).await?.pop().flatten();
    Ok(match place.map(|place| place.standing) {
        Some(Standing::Admitted { jti, .. }) => jti == used.jti,
        Some(Standing::Ended { .. }) => true,
        Some(Standing::Waiting | Standing::Called { .. }) => false,
        None => used.at <= Ts::from_micros(epoch),
    })
}
