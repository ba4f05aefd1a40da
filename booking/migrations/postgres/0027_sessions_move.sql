-- When a session moved to another version of its layout: maps older than that are told everything.
ALTER TABLE sessions ADD COLUMN planned_at TIMESTAMPTZ;
