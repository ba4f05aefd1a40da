-- Guests who want to organise. An admin decides; one request of each at a time.
CREATE TABLE organiser_requests (
    user_id    BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- In the words of who asks; may be empty.
    text       TEXT NOT NULL,
    status     TEXT NOT NULL CHECK (status IN ('waiting', 'approved', 'declined')),
    -- What the admin says to it; may be empty.
    answer     TEXT NOT NULL,
    asked_at   INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by BLOB REFERENCES users (id)
) STRICT;
