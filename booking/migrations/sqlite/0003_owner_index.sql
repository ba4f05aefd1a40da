-- The personal limit counts an account's bookings of one event before every hold: without this index that is a walk over
-- all bookings of the event, and the sale slows down as it sells.
CREATE INDEX bookings_owner ON bookings (user_id, event_id, status);
