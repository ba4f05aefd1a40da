//! SQL of texts: who is to be told. Reads only.

use uuid::Uuid;

use crate::db::Db;
use crate::error::Result;
use crate::q;

/// The account that a ticket is offered to. Its address must be proven: else whoever registers with another's address would
/// hear of her offers.
pub async fn offered_to(db: &Db, transfer: Uuid) -> Result<Option<Uuid>> {
    Ok(q!(
        db.ex(),
        optval Uuid,
        "SELECT u.id FROM transfers t JOIN users u ON u.email_key = lower(t.to_email)
         WHERE t.id = $1 AND u.email_verified_at IS NOT NULL",
        transfer
    )?)
}

/// The buyer of a booking whose event was called off.
pub async fn buyer_of_called_off(db: &Db, booking: Uuid) -> Result<Option<Uuid>> {
    Ok(q!(
        db.ex(),
        optval Uuid,
        "SELECT b.user_id FROM bookings b JOIN events e ON e.id = b.event_id WHERE b.id = $1 AND e.status = 'cancelled'",
        booking
    )?)
}
