-- What comes onto the face prices of an event: a service fee and taxes. Terms are never changed in place: whoever was quoted
-- a price keeps those it was reckoned by.
CREATE TABLE charges (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    terms    TEXT NOT NULL,
    made_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX charges_event ON charges (event_id);

-- The terms in force; NULL: nothing comes onto the face price.
ALTER TABLE events ADD COLUMN charges_id INTEGER;

-- What the organiser asks for. price_minor is what a buyer is charged, and has fee_minor and tax_minor in it.
ALTER TABLE ticket_types ADD COLUMN face_minor INTEGER NOT NULL DEFAULT 0 CHECK (face_minor >= 0);
ALTER TABLE ticket_types ADD COLUMN fee_minor INTEGER NOT NULL DEFAULT 0 CHECK (fee_minor >= 0);
ALTER TABLE ticket_types ADD COLUMN tax_minor INTEGER NOT NULL DEFAULT 0 CHECK (tax_minor >= 0 AND fee_minor + tax_minor <= price_minor);
ALTER TABLE ticket_types ADD COLUMN charges_id INTEGER;
UPDATE ticket_types SET face_minor = price_minor;

ALTER TABLE holds ADD COLUMN charges_id INTEGER;
ALTER TABLE hold_seats ADD COLUMN fee_minor INTEGER NOT NULL DEFAULT 0 CHECK (fee_minor >= 0);
ALTER TABLE hold_seats ADD COLUMN tax_minor INTEGER NOT NULL DEFAULT 0 CHECK (tax_minor >= 0 AND fee_minor + tax_minor <= price_minor);
ALTER TABLE tickets ADD COLUMN fee_minor INTEGER NOT NULL DEFAULT 0 CHECK (fee_minor >= 0);
ALTER TABLE tickets ADD COLUMN tax_minor INTEGER NOT NULL DEFAULT 0 CHECK (tax_minor >= 0 AND fee_minor + tax_minor <= price_minor);
