-- A ticket type that is neither listed nor sold to whoever has no code that unlocks it.
ALTER TABLE ticket_types ADD COLUMN hidden INTEGER NOT NULL DEFAULT FALSE;

-- Ids of the hidden ticket types a code unlocks. A code that unlocks something need not lower a price. SQLite changes a
-- check by making the table anew.
CREATE TABLE promo_codes_anew (
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
    unlocks         TEXT NOT NULL DEFAULT '[]',
    CHECK (CASE WHEN unlocks = '[]' THEN (percent IS NULL) <> (amount_minor IS NULL) ELSE percent IS NULL OR amount_minor IS NULL END)
) STRICT;
INSERT INTO promo_codes_anew (id, event_id, code, percent, amount_minor, ticket_types, valid_from, valid_until, uses_max,
                              uses_per_person, withdrawn, created_at)
SELECT id, event_id, code, percent, amount_minor, ticket_types, valid_from, valid_until, uses_max, uses_per_person, withdrawn,
       created_at
FROM promo_codes;
CREATE TABLE promo_uses_anew (
    hold_id        BLOB NOT NULL PRIMARY KEY REFERENCES holds (id),
    promo_id       INTEGER NOT NULL REFERENCES promo_codes_anew (id),
    discount_minor INTEGER NOT NULL CHECK (discount_minor >= 0),
    used_at        INTEGER NOT NULL
) STRICT;
INSERT INTO promo_uses_anew (hold_id, promo_id, discount_minor, used_at)
SELECT hold_id, promo_id, discount_minor, used_at FROM promo_uses;
DROP TABLE promo_uses;
DROP TABLE promo_codes;
ALTER TABLE promo_codes_anew RENAME TO promo_codes;
ALTER TABLE promo_uses_anew RENAME TO promo_uses;
CREATE UNIQUE INDEX promo_codes_name ON promo_codes (event_id, code);
CREATE INDEX promo_uses_promo ON promo_uses (promo_id);

-- The address of somebody who bought without an account, as compared: by it a link is asked for anew. Many may have the same.
ALTER TABLE users ADD COLUMN guest_key TEXT;
UPDATE users SET guest_key = lower(email) WHERE is_guest AND email_key LIKE 'guest:%';
CREATE INDEX users_guest ON users (guest_key) WHERE guest_key IS NOT NULL;
