//! The steps of purchases as they come from everywhere, gathered by kind.

use shared::clock::Clock;

use super::at_once::{self, Booked, NewBooking, NewPayment};
use super::confirmations::{self, Confirmation};
use super::keyed::{self, KeyedBookings};
use crate::db::{Db, Extent, Gather, Kind};
use crate::seats::holds::{self, Claim, Claimed, KeyedHolds};

/// One gatherer for each step of a purchase.
pub struct Steps {
    /// Seats for a shopper.
    pub holds: Gather<Claim, Vec<Claimed>>,
    /// A booking of a hold.
    pub bookings: Gather<NewBooking, Booked>,
    /// Seats for a shopper whose request has a key, and the answer.
    pub keyed_holds: KeyedHolds,
    /// A booking of a hold, with the same.
    pub keyed_bookings: KeyedBookings,
    /// A payment of a booking.
    pub payments: Gather<NewPayment, Booked>,
    /// Seats sold, tickets issued.
    pub confirmations: Gather<Confirmation, ()>,
}

impl Steps {
    /// Starts to take steps.
    pub fn start(db: &Db, clock: &Clock) -> Self {
        let extent = Extent::Together;
        let holds =
            Kind { name: "hold_seats_at_once", extent, run: holds::hold_seats, collide: Claim::collides };
        let bookings = Kind {
            name: "create_booking_at_once",
            extent,
            run: at_once::book,
            collide: |one: &NewBooking, other| one.hold == other.hold,
        };
        let payments = Kind {
            name: "start_payment_at_once",
            extent,
            run: at_once::start,
            collide: |one: &NewPayment, other| one.booking == other.booking,
        };
        let confirmations = Kind {
            name: "confirm_booking_at_once",
            extent,
            run: confirmations::confirm,
            collide: |one: &Confirmation, other| one.booking == other.booking,
        };
        Self {
            holds: Gather::start(db, clock, holds),
            bookings: Gather::start(db, clock, bookings),
            keyed_holds: holds::start_keyed(db, clock),
            keyed_bookings: keyed::start(db, clock),
            payments: Gather::start(db, clock, payments),
            confirmations: Gather::start(db, clock, confirmations),
        }
    }
}
