//! The two requests that pay, and how each is answered.

use axum::http::StatusCode;
use serde_json::json;

use super::documents::BookingDocument;
use crate::error::Result;
use crate::idempotency::Answer;
use crate::payments::Receipt;

/// Which request is being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `POST /bookings/{id}/payment`.
    Payment,
    /// `POST /orders`.
    Order,
}

impl Form {
    /// The answer to a payment that went through.
    pub fn success(self, booking: &BookingDocument, payment: Receipt) -> Result<Answer> {
        match self {
            Form::Payment => Answer::json(
                StatusCode::OK,
                &json!({ "success": true, "status": "confirmed", "booking": booking, "payment": payment }),
            ),
            Form::Order => Answer::json(
                StatusCode::CREATED,
                &json!({
                    "order_id": booking.id, "status": "CONFIRMED", "tickets": booking.tickets,
                    "total_minor": booking.total_minor, "net_minor": booking.sums.parts.net_minor,
                    "fee_minor": booking.sums.parts.fee_minor, "tax_minor": booking.sums.parts.tax_minor,
                    "taxes": booking.sums.taxes, "currency": booking.currency, "reference": booking.reference,
                }),
            ),
        }
    }

    /// The answer while the outcome is not known: poll the booking.
    pub fn processing(self, booking: &BookingDocument) -> Result<Answer> {
        match self {
            Form::Payment => Answer::json(
                StatusCode::ACCEPTED,
                &json!({ "success": false, "status": "processing", "booking": booking }),
            ),
            Form::Order => Answer::json(
                StatusCode::ACCEPTED,
                &json!({ "order_id": booking.id, "status": "PENDING", "tickets": [] }),
            ),
        }
    }
}
