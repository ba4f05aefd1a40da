-- Sessions can be moved, also after some of their places are sold. The count of moves is what calendars compare.
ALTER TABLE sessions ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
-- Where the newest postponement found the session, when that was, and until when who had booked by then is paid back in full.
ALTER TABLE sessions ADD COLUMN postponed_from TIMESTAMPTZ;
ALTER TABLE sessions ADD COLUMN postponed_at TIMESTAMPTZ;
ALTER TABLE sessions ADD COLUMN refund_until TIMESTAMPTZ;

-- Why an event was moved; the sessions whose `postponed_at` is `made_at` are the ones that were.
CREATE TABLE postponements (
    id       UUID NOT NULL PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    reason   TEXT NOT NULL,
    made_at  TIMESTAMPTZ NOT NULL
);
