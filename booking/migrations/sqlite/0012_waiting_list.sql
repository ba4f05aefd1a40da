-- Whether somebody waits for what comes back: then nobody else may hold seats of the session.
ALTER TABLE sessions ADD COLUMN has_waiting INTEGER NOT NULL DEFAULT FALSE;

-- Who waits for a session that is sold out, in the order of the ids.
CREATE TABLE waiting_list (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id     INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    user_id        BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- NULL: any.
    ticket_type_id INTEGER REFERENCES ticket_types (id) ON DELETE SET NULL,
    quantity       INTEGER NOT NULL CHECK (quantity > 0),
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'taken', 'lapsed', 'left')),
    -- The hold that keeps the offered seats.
    hold_id        BLOB REFERENCES holds (id),
    joined_at      INTEGER NOT NULL,
    changed_at     INTEGER,
    CHECK ((state = 'waiting') <= (hold_id IS NULL) AND (state IN ('offered', 'taken')) <= (hold_id IS NOT NULL))
) STRICT;
-- One place in line for each person.
CREATE UNIQUE INDEX waiting_list_once ON waiting_list (session_id, user_id) WHERE state IN ('waiting', 'offered');
-- A hold is offered to one person.
CREATE UNIQUE INDEX waiting_list_hold ON waiting_list (hold_id) WHERE hold_id IS NOT NULL;
CREATE INDEX waiting_list_line ON waiting_list (session_id, state, id);
CREATE INDEX waiting_list_open ON waiting_list (session_id) WHERE state IN ('waiting', 'offered');
CREATE INDEX waiting_list_user ON waiting_list (user_id, session_id, id);

CREATE TRIGGER waiting_list_transitions AFTER UPDATE OF state ON waiting_list FOR EACH ROW
    WHEN OLD.state <> NEW.state AND OLD.state || '>' || NEW.state NOT IN (
        'waiting>offered', 'waiting>left', 'waiting>lapsed', 'offered>taken', 'offered>lapsed', 'offered>left')
    BEGIN SELECT RAISE(ABORT, 'waiting_list: this is no step from one state to another'); END;
