-- Scanners that work at the doors of one event, without an account: provisioned by a code that works once.
CREATE TABLE gate_devices (
    id             BLOB NOT NULL PRIMARY KEY,
    event_id       INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    made_by        BLOB NOT NULL REFERENCES users (id),
    name           TEXT NOT NULL,
    gate           TEXT NOT NULL,
    -- Hashes: of the code until it was used, of the token from then on.
    code_hash      BLOB,
    code_until     INTEGER NOT NULL,
    token_hash     BLOB,
    created_at     INTEGER NOT NULL,
    provisioned_at INTEGER,
    revoked_at     INTEGER
) STRICT;
CREATE INDEX gate_devices_event ON gate_devices (event_id);
-- A code makes one token, by constraint as well.
CREATE UNIQUE INDEX gate_devices_code ON gate_devices (code_hash) WHERE code_hash IS NOT NULL;
CREATE UNIQUE INDEX gate_devices_token ON gate_devices (token_hash) WHERE token_hash IS NOT NULL;
