-- Tickets of a booking that were given back while others of it live; the money goes back by a job.
CREATE TABLE returns (
    id           UUID NOT NULL PRIMARY KEY,
    booking_id   UUID NOT NULL REFERENCES bookings (id),
    payment_id   UUID NOT NULL REFERENCES payments (id),
    refund_minor BIGINT NOT NULL CHECK (refund_minor >= 0),
    status       TEXT NOT NULL CHECK (status IN ('owed', 'paid')),
    made_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX returns_booking ON returns (booking_id);

-- What went back for a seat of a booking; NULL while its ticket lives. The return, where others of the booking lived on.
ALTER TABLE hold_seats ADD COLUMN refund_minor BIGINT CHECK (refund_minor >= 0 AND refund_minor <= price_minor);
ALTER TABLE hold_seats ADD COLUMN return_id UUID;

CREATE FUNCTION refuse_unpaying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'returns: what is paid back stays paid back';
END $$;
CREATE TRIGGER returns_transitions AFTER UPDATE OF status ON returns FOR EACH ROW
    WHEN (OLD.status = 'paid' AND NEW.status <> 'paid') EXECUTE FUNCTION refuse_unpaying();
