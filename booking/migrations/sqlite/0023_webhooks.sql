-- Where organisers and admins want to be told of what happens.
CREATE TABLE webhook_endpoints (
    id              BLOB NOT NULL PRIMARY KEY,
    owner_id        BLOB NOT NULL REFERENCES users (id),
    url             TEXT NOT NULL,
    description     TEXT NOT NULL,
    -- Names of the kinds it is told of.
    kinds           TEXT NOT NULL,
    -- paused: by its owner; disabled: by us, after lasting failure.
    state           TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled')),
    -- Sealed; the one before signs too until overlap_until.
    secret          BLOB NOT NULL,
    previous_secret BLOB,
    overlap_until   INTEGER,
    -- Since the first failure after the last success; nothing is sent before not_before.
    failing_since   INTEGER,
    not_before      INTEGER,
    created_at      INTEGER NOT NULL,
    CHECK ((previous_secret IS NULL) = (overlap_until IS NULL)),
    CHECK ((failing_since IS NULL) = (not_before IS NULL))
) STRICT;
CREATE INDEX webhook_endpoints_owner ON webhook_endpoints (owner_id);

-- A fact that somebody wanted to be told of, in the bytes that are signed and sent.
CREATE TABLE webhook_messages (
    id         BLOB NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    body       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_messages_age ON webhook_messages (created_at);

-- A message on its way to an endpoint.
CREATE TABLE webhook_deliveries (
    id              BLOB NOT NULL PRIMARY KEY,
    message_id      BLOB NOT NULL REFERENCES webhook_messages (id) ON DELETE CASCADE,
    endpoint_id     BLOB NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    -- skipped: the endpoint was paused or disabled when its time came.
    state           TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'skipped')),
    -- Since it was queued or replayed last.
    attempts        INTEGER NOT NULL,
    last_status     INTEGER,
    last_error      TEXT,
    next_attempt_at INTEGER,
    created_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((state = 'pending') = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (message_id, endpoint_id);
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (endpoint_id, id);

-- What came of each attempt.
CREATE TABLE webhook_attempts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery_id BLOB NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,
    status      INTEGER,
    duration_ms INTEGER NOT NULL,
    error       TEXT,
    -- The first bytes of the answer, as far as they are text.
    answer      TEXT NOT NULL
) STRICT;
CREATE INDEX webhook_attempts_delivery ON webhook_attempts (delivery_id, id);
