-- Whether the holder of a ticket means to come.
CREATE TABLE rsvps (
    ticket_id   UUID NOT NULL PRIMARY KEY REFERENCES tickets (id),
    user_id     UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    answer      TEXT NOT NULL CHECK (answer IN ('attending', 'maybe', 'not_attending')),
    answered_at TIMESTAMPTZ NOT NULL
);

-- What somebody who had a ticket says of the event.
CREATE TABLE feedback (
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    user_id  UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    rating   BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    text     TEXT NOT NULL,
    at       TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (event_id, user_id)
);
