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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::{BrowserKey, Claim, Join};
    use crate::rooms::rules::tests::open_room;

    /// What booking tells of an admission, and whether the line stands behind it.
    #[tokio::test]
    async fn a_booking_session_that_no_admission_opened_is_named() {
        let (dir, start) = (tempfile::tempdir().unwrap(), Ts::from_seconds(1_800_000_000));
        let store = MemoryStore::open(dir.path(), start).unwrap();
        let (room, id) = (open_room(), Uuid::from_u128);
        store.put_room(room.clone(), start).await.unwrap();
        for n in [1, 2] {
            let browser = BrowserKey::of_hash(&n.to_string());
            let join = Join { place: id(n), browser, lane: 0, code: None, account: None };
            store.join(&room.id, vec![join], start).await.unwrap();
        }
        store.call(&room.id, 1, start).await.unwrap();
        store.claim(&room.id, vec![Claim { place: id(1), jti: id(101) }], start).await.unwrap();
        let now = start + time::Duration::seconds(1);
        let used =
            |room: &str, place, jti| Used { room: room.to_owned(), place: id(place), jti: id(jti), at: now };
        let room = room.id.to_string();
        let checked = admissions(&store, &[used(&room, 1, 101)], now).await.unwrap();
        assert_eq!((checked.looked_at, checked.broken), (1, 0));
        for (forged, why) in [
            (used(&room, 1, 102), "another admission of the place"),
            (used(&room, 2, 101), "somebody who waits"),
            (used(&room, 3, 101), "nobody"),
            (used("elsewhere", 1, 101), "no such room"),
        ] {
            let checked = admissions(&store, &[forged], now).await.unwrap();
            assert_eq!((checked.looked_at, checked.broken), (1, 1), "{why}");
        }
    }
}
