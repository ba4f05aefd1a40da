-- Who has left for a while. The entry stands meanwhile; its ticket opens the door once more for each time it was scanned out.
CREATE TABLE checkin_exits (
    id            BLOB NOT NULL PRIMARY KEY,
    ticket_id     BLOB NOT NULL REFERENCES tickets (id),
    gate          TEXT NOT NULL,
    staff         BLOB NOT NULL REFERENCES users (id),
    at            INTEGER NOT NULL,
    -- When its holder came back, and where; or when the entry was taken back.
    returned_at   INTEGER,
    returned_gate TEXT
) STRICT;
-- Outside once, by constraint.
CREATE UNIQUE INDEX checkin_exits_once ON checkin_exits (ticket_id) WHERE returned_at IS NULL;
