-- So many percent, or so much, off each ticket of an event.
CREATE TABLE promo_codes (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id        INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    code            TEXT NOT NULL,
    percent         INTEGER CHECK (percent BETWEEN 1 AND 100),
    amount_minor    INTEGER CHECK (amount_minor > 0),
    -- Ids; empty: every ticket type of the event.
    ticket_types    TEXT NOT NULL,
    valid_from      INTEGER,
    valid_until     INTEGER,
    uses_max        INTEGER,
    uses_per_person INTEGER,
    withdrawn       INTEGER NOT NULL DEFAULT FALSE,
    created_at      INTEGER NOT NULL,
    CHECK ((percent IS NULL) <> (amount_minor IS NULL))
) STRICT;
CREATE UNIQUE INDEX promo_codes_name ON promo_codes (event_id, code);

-- A code on a hold: one at most. It counts while the hold is alive or booked.
CREATE TABLE promo_uses (
    hold_id        BLOB NOT NULL PRIMARY KEY REFERENCES holds (id),
    promo_id       INTEGER NOT NULL REFERENCES promo_codes (id),
    discount_minor INTEGER NOT NULL CHECK (discount_minor > 0),
    used_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX promo_uses_promo ON promo_uses (promo_id);
