-- Places of the line whose admissions open nothing any more. Kept as long as a token may live.
CREATE TABLE revocations (
    place_id   BLOB NOT NULL PRIMARY KEY,
    revoked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revocations_age ON revocations (revoked_at);
CREATE INDEX booking_sessions_place ON booking_sessions (place_id);
