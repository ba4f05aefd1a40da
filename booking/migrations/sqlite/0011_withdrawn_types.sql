-- A ticket type that its organiser took off sale: what is free of it is blocked, and what comes back becomes so.
ALTER TABLE ticket_types ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT FALSE;
CREATE INDEX ticket_types_withdrawn ON ticket_types (session_id) WHERE withdrawn;
