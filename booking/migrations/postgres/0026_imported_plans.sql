-- An imported plan is kept seat by seat: `sections` has them, `frame` everything else (edges, stage, categories, the
-- drawing's address), which maps read without the seats. Both NULL: the plan is computed from `plan`.
ALTER TABLE layouts ADD COLUMN frame JSONB;
ALTER TABLE layouts ADD COLUMN sections JSONB;

-- Sanitised drawings behind seat maps, by the hash of their bytes: the same drawing is kept once, and none changes.
CREATE TABLE drawings (
    hash       TEXT NOT NULL PRIMARY KEY,
    svg        TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
