-- Accounts ------------------------------------------------------------------------------------------------
CREATE TABLE users (
    id                BLOB NOT NULL PRIMARY KEY,
    name              TEXT NOT NULL,
    email             TEXT NOT NULL,
    -- The address as compared: trimmed and lower-cased by the program.
    email_key         TEXT NOT NULL,
    password_hash     TEXT NOT NULL,
    role              TEXT NOT NULL CHECK (role IN ('guest', 'organizer', 'admin', 'gate')),
    email_verified_at INTEGER,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_email ON users (email_key);

-- A login: the family of refresh tokens that replace one another. Ending it ends them all.
CREATE TABLE logins (
    id         BLOB NOT NULL PRIMARY KEY,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE INDEX logins_user ON logins (user_id);

CREATE TABLE refresh_tokens (
    token_hash  BLOB NOT NULL PRIMARY KEY,
    login_id    BLOB NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
    issued_at   INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    replaced_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_login ON refresh_tokens (login_id);

-- Links sent by mail that prove an address: each works once.
CREATE TABLE mail_links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose    TEXT NOT NULL CHECK (purpose IN ('verify-email', 'reset-password')),
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT;
CREATE INDEX mail_links_user ON mail_links (user_id);

-- Places where events happen ------------------------------------------------------------------------------
CREATE TABLE venues (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    address    TEXT NOT NULL,
    -- IANA name; every local time of the venue is told in it.
    time_zone  TEXT NOT NULL,
    created_by BLOB REFERENCES users (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The same name may stand in two cities; found by name, the oldest is meant.
CREATE UNIQUE INDEX venues_name ON venues (name, address);

-- A seating plan. Never changed in place: a change is a new version, so sold seats keep their identity.
CREATE TABLE layouts (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    venue_id   INTEGER NOT NULL REFERENCES venues (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    version    INTEGER NOT NULL,
    plan       TEXT NOT NULL,
    capacity   INTEGER NOT NULL CHECK (capacity > 0),
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX layouts_version ON layouts (venue_id, name, version);

-- Events --------------------------------------------------------------------------------------------------
CREATE TABLE events (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    name              TEXT NOT NULL,
    description       TEXT NOT NULL,
    category          TEXT NOT NULL,
    venue_id          INTEGER NOT NULL REFERENCES venues (id),
    status            TEXT NOT NULL CHECK (status IN ('draft', 'published', 'cancelled', 'completed')),
    currency          TEXT NOT NULL,
    -- Waiting room that guards the sale; NULL: none.
    room              TEXT,
    -- Path of a picture on this origin.
    image             TEXT,
    featured          INTEGER NOT NULL DEFAULT 0,
    per_person_limit  INTEGER NOT NULL CHECK (per_person_limit > 0),
    sales_open_at     INTEGER,
    sales_close_at    INTEGER,
    -- Hours before the start until which a cancellation refunds all, or half.
    full_refund_h     INTEGER NOT NULL,
    half_refund_h     INTEGER NOT NULL,
    -- Of the first session, and the lowest price: what lists sort and filter by.
    starts_at         INTEGER NOT NULL,
    price_from_minor  INTEGER NOT NULL CHECK (price_from_minor >= 0),
    -- Name, venue, category and description, folded by the program for searching.
    search_text       TEXT NOT NULL,
    created_by        BLOB REFERENCES users (id) ON DELETE SET NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX events_upcoming ON events (status, starts_at, id);
CREATE INDEX events_owner ON events (created_by);

CREATE TABLE sessions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    starts_at  INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    doors_at   INTEGER NOT NULL,
    room_name  TEXT,
    layout_id  INTEGER REFERENCES layouts (id),
    CHECK (starts_at < ends_at AND doors_at <= starts_at)
) STRICT;
CREATE INDEX sessions_event ON sessions (event_id, starts_at);

CREATE TABLE ticket_types (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id  INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    price_minor INTEGER NOT NULL CHECK (price_minor >= 0),
    colour      TEXT NOT NULL,
    premium     INTEGER NOT NULL,
    -- Whether its places have labels to choose from; otherwise it is general admission.
    seated      INTEGER NOT NULL,
    total       INTEGER NOT NULL CHECK (total > 0),
    sort        INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ticket_types_name ON ticket_types (session_id, name);

-- Seats: one row for every sellable unit, general admission too -------------------------------------------
CREATE TABLE holds (
    id                 BLOB NOT NULL PRIMARY KEY,
    session_id         INTEGER NOT NULL REFERENCES sessions (id),
    event_id           INTEGER NOT NULL REFERENCES events (id),
    user_id            BLOB NOT NULL REFERENCES users (id),
    booking_session_id BLOB,
    status             TEXT NOT NULL CHECK (status IN ('active', 'released', 'booked', 'expired')),
    quantity           INTEGER NOT NULL CHECK (quantity > 0),
    total_minor        INTEGER NOT NULL CHECK (total_minor >= 0),
    currency           TEXT NOT NULL,
    -- The shopper's deadline; a payment that was started before it keeps the seats a little longer.
    expires_at         INTEGER NOT NULL,
    kept_until         INTEGER NOT NULL,
    extended           INTEGER NOT NULL,
    created_at         INTEGER NOT NULL
) STRICT;
CREATE INDEX holds_user ON holds (user_id, event_id, status);
CREATE INDEX holds_expiry ON holds (status, kept_until);

CREATE TABLE seats (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id     INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    ticket_type_id INTEGER NOT NULL REFERENCES ticket_types (id) ON DELETE CASCADE,
    -- NULL in general admission, where a seat has no label.
    section        TEXT,
    row_label      TEXT,
    label          TEXT,
    x              INTEGER NOT NULL,
    y              INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('free', 'held', 'sold', 'blocked')),
    -- The hold and its deadline; an expired hold is claimable in place.
    hold_id        BLOB,
    held_until     INTEGER,
    booking_id     BLOB,
    -- Feeds live seat maps: readers ask for what changed since.
    changed_at     INTEGER NOT NULL,
    CHECK ((state = 'held') = (held_until IS NOT NULL)),
    CHECK ((state = 'sold') = (booking_id IS NOT NULL)),
    CHECK (state NOT IN ('held', 'sold') OR hold_id IS NOT NULL)
) STRICT;
CREATE INDEX seats_pick ON seats (session_id, ticket_type_id, state, id);
CREATE INDEX seats_changed ON seats (session_id, changed_at);
CREATE INDEX seats_hold ON seats (hold_id);
CREATE UNIQUE INDEX seats_label ON seats (session_id, section, row_label, label) WHERE label IS NOT NULL;

-- The seats of a hold, with the price that was accepted: what is charged is what was shown.
CREATE TABLE hold_seats (
    hold_id        BLOB NOT NULL REFERENCES holds (id) ON DELETE CASCADE,
    seat_id        INTEGER NOT NULL REFERENCES seats (id),
    ticket_type_id INTEGER NOT NULL,
    price_minor    INTEGER NOT NULL CHECK (price_minor >= 0),
    PRIMARY KEY (hold_id, seat_id)
) STRICT;

-- One row a person and event, locked while the personal limit is counted.
CREATE TABLE shoppers (
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    event_id   INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    touched_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, event_id)
) STRICT;

-- What an admission token opened. Its jti is consumed by the unique index, once for all nodes.
CREATE TABLE booking_sessions (
    id         BLOB NOT NULL PRIMARY KEY,
    jti        BLOB NOT NULL,
    room       TEXT NOT NULL,
    place_id   BLOB NOT NULL,
    event_id   INTEGER NOT NULL,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    browser    TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('open', 'finished', 'abandoned')),
    opened_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX booking_sessions_jti ON booking_sessions (jti);
CREATE INDEX booking_sessions_open ON booking_sessions (status, expires_at);

-- Bookings ------------------------------------------------------------------------------------------------
CREATE TABLE bookings (
    id           BLOB NOT NULL PRIMARY KEY,
    reference    TEXT NOT NULL,
    user_id      BLOB NOT NULL REFERENCES users (id),
    event_id     INTEGER NOT NULL REFERENCES events (id),
    session_id   INTEGER NOT NULL REFERENCES sessions (id),
    hold_id      BLOB NOT NULL REFERENCES holds (id),
    status       TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'completed', 'expired', 'cancelled', 'refunded')),
    quantity     INTEGER NOT NULL CHECK (quantity > 0),
    total_minor  INTEGER NOT NULL CHECK (total_minor >= 0),
    refund_minor INTEGER NOT NULL DEFAULT 0,
    currency     TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER,
    cancelled_at INTEGER,
    CHECK (refund_minor >= 0 AND refund_minor <= total_minor)
) STRICT;
CREATE UNIQUE INDEX bookings_reference ON bookings (reference);
CREATE UNIQUE INDEX bookings_hold ON bookings (hold_id);
CREATE INDEX bookings_user ON bookings (user_id, id);
CREATE INDEX bookings_event ON bookings (event_id, status);
CREATE INDEX bookings_pending ON bookings (status, created_at);

-- Payments: our side of the story. The gateway's own ledger is below.
CREATE TABLE payments (
    id             BLOB NOT NULL PRIMARY KEY,
    booking_id     BLOB NOT NULL REFERENCES bookings (id),
    status         TEXT NOT NULL CHECK (status IN ('started', 'authorised', 'captured', 'failed', 'voided', 'refund_owed', 'refunded')),
    transaction_id TEXT,
    amount_minor   INTEGER NOT NULL CHECK (amount_minor >= 0),
    refunded_minor INTEGER NOT NULL DEFAULT 0,
    currency       TEXT NOT NULL,
    failure        TEXT,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL,
    CHECK (refunded_minor >= 0 AND refunded_minor <= amount_minor)
) STRICT;
-- The last word against charging a booking twice.
CREATE UNIQUE INDEX payments_one_live ON payments (booking_id) WHERE status IN ('started', 'authorised', 'captured', 'refund_owed', 'refunded');
CREATE INDEX payments_open ON payments (status, updated_at);

-- The simulated gateway's ledger. Only the gateway writes it, in its own transactions.
CREATE TABLE gateway_charges (
    key            TEXT NOT NULL PRIMARY KEY,
    transaction_id TEXT NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('authorised', 'captured', 'declined', 'voided')),
    amount_minor   INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL DEFAULT 0,
    currency       TEXT NOT NULL,
    failure        TEXT,
    -- A late outcome is known from this instant on; NULL: at once.
    settles_at     INTEGER,
    created_at     INTEGER NOT NULL,
    CHECK (refunded_minor >= 0 AND refunded_minor <= amount_minor)
) STRICT;

-- Money the gateway paid back, once for each key.
CREATE TABLE gateway_refunds (
    key          TEXT NOT NULL PRIMARY KEY,
    charge_key   TEXT NOT NULL REFERENCES gateway_charges (key),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    created_at   INTEGER NOT NULL
) STRICT;

-- Callbacks of gateways that were taken in: each has its effect once, however often it comes.
CREATE TABLE payment_events (
    id          TEXT NOT NULL PRIMARY KEY,
    payment_id  BLOB NOT NULL REFERENCES payments (id),
    received_at INTEGER NOT NULL
) STRICT;

-- Tickets -------------------------------------------------------------------------------------------------
CREATE TABLE tickets (
    id             BLOB NOT NULL PRIMARY KEY,
    code           TEXT NOT NULL,
    booking_id     BLOB NOT NULL REFERENCES bookings (id),
    event_id       INTEGER NOT NULL REFERENCES events (id),
    session_id     INTEGER NOT NULL REFERENCES sessions (id),
    seat_id        INTEGER NOT NULL REFERENCES seats (id),
    ticket_type_id INTEGER NOT NULL,
    user_id        BLOB NOT NULL REFERENCES users (id),
    holder_name    TEXT NOT NULL,
    -- Opaque id inside the QR code; changes with every transfer.
    holder         BLOB NOT NULL,
    generation     INTEGER NOT NULL,
    status         TEXT NOT NULL CHECK (status IN ('valid', 'used', 'cancelled', 'transferred')),
    price_minor    INTEGER NOT NULL,
    issued_at      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tickets_code ON tickets (code);
-- The last word against selling a seat twice.
CREATE UNIQUE INDEX tickets_one_live_per_seat ON tickets (seat_id) WHERE status IN ('valid', 'used');
CREATE INDEX tickets_booking ON tickets (booking_id);
CREATE INDEX tickets_user ON tickets (user_id);
CREATE INDEX tickets_session ON tickets (session_id, status);

CREATE TABLE transfers (
    id          BLOB NOT NULL PRIMARY KEY,
    ticket_id   BLOB NOT NULL REFERENCES tickets (id),
    from_user   BLOB NOT NULL REFERENCES users (id),
    to_email    TEXT NOT NULL,
    token_hash  BLOB NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('offered', 'accepted', 'withdrawn', 'expired')),
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    accepted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX transfers_token ON transfers (token_hash);
CREATE UNIQUE INDEX transfers_one_offer ON transfers (ticket_id) WHERE status = 'offered';

CREATE TABLE checkins (
    id        BLOB NOT NULL PRIMARY KEY,
    ticket_id BLOB NOT NULL REFERENCES tickets (id),
    gate      TEXT NOT NULL,
    staff     BLOB NOT NULL REFERENCES users (id),
    at        INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;
-- Once, by constraint.
CREATE UNIQUE INDEX checkins_once ON checkins (ticket_id) WHERE undone_at IS NULL;

-- Entries made without a network that the gate would have refused: somebody was inside already.
CREATE TABLE checkin_conflicts (
    id          BLOB NOT NULL PRIMARY KEY,
    ticket_id   BLOB NOT NULL REFERENCES tickets (id),
    gate        TEXT NOT NULL,
    staff       BLOB NOT NULL REFERENCES users (id),
    at          INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX checkin_conflicts_ticket ON checkin_conflicts (ticket_id);

-- Work to be done after a fact, written in the fact's transaction ------------------------------------------
CREATE TABLE jobs (
    id          BLOB NOT NULL PRIMARY KEY,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    status      TEXT NOT NULL CHECK (status IN ('ready', 'running', 'done', 'dead')),
    -- The same key is queued once.
    dedupe_key  TEXT,
    run_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    lease       BLOB,
    lease_until INTEGER,
    last_error  TEXT,
    created_at  INTEGER NOT NULL,
    done_at     INTEGER
) STRICT;
CREATE INDEX jobs_due ON jobs (kind, status, run_at);
CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key) WHERE dedupe_key IS NOT NULL;

-- Answers kept so that a repeated request gets the same bytes.
CREATE TABLE idempotency_keys (
    scope        TEXT NOT NULL,
    key          TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    -- Until when the first request may be at work; NULL once answered.
    locked_until INTEGER,
    status       INTEGER,
    content_type TEXT,
    body         BLOB,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT;
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Who did what. An entry is written in the act's own transaction and sealed a moment later: it then has its number in
-- the chain, and a hash over the entry before it and over what it says. Nothing else ever changes.
CREATE TABLE audit_entries (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   BLOB,
    action  TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail  TEXT NOT NULL,
    seq     INTEGER,
    hash    BLOB
) STRICT;
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
CREATE INDEX audit_entries_open ON audit_entries (id) WHERE seq IS NULL;
-- The last word against a chain that forks.
CREATE UNIQUE INDEX audit_entries_seq ON audit_entries (seq) WHERE seq IS NOT NULL;

-- Signed heads of the chain.
CREATE TABLE audit_checkpoints (
    seq       INTEGER PRIMARY KEY,
    hash      BLOB NOT NULL,
    at        INTEGER NOT NULL,
    -- Of the key that signed.
    kid       TEXT NOT NULL,
    signature BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries
    WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR NEW.hash IS NULL
      OR (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.detail)
         IS NOT (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.detail)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_entries_last BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_checkpoints_stay BEFORE UPDATE ON audit_checkpoints
    BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
CREATE TRIGGER audit_checkpoints_last BEFORE DELETE ON audit_checkpoints
    BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
