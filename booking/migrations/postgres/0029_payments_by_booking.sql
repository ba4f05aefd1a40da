-- Whether money went back is asked by booking, of payments in any state.
CREATE INDEX payments_booking ON payments (booking_id);
