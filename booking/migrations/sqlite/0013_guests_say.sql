-- Whether the holder of a ticket means to come.
CREATE TABLE rsvps (
    ticket_id   BLOB NOT NULL PRIMARY KEY REFERENCES tickets (id),
    user_id     BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    answer      TEXT NOT NULL CHECK (answer IN ('attending', 'maybe', 'not_attending')),
    answered_at INTEGER NOT NULL
) STRICT;

-- What somebody who had a ticket says of the event.
CREATE TABLE feedback (
    event_id INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id  BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    rating   INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    text     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (event_id, user_id)
) STRICT;
