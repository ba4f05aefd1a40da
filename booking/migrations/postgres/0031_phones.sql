-- A phone for what cannot wait until a mail is read. Nothing but a code is sent to one that is not proven.
CREATE TABLE phones (
    user_id     UUID NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- E.164, such as +4915112345678.
    number      TEXT NOT NULL,
    language    TEXT NOT NULL,
    -- Whether its owner wants to be told.
    texts       BOOLEAN NOT NULL,
    verified_at TIMESTAMPTZ,
    -- Of the code that proves it, until it is proven.
    code_hash   BYTEA,
    code_until  TIMESTAMPTZ NOT NULL,
    tries_left  BIGINT NOT NULL CHECK (tries_left >= 0)
);

-- Codes that were sent, by the hash of whom they are counted for: an account, a number.
CREATE TABLE code_budgets (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    since    TIMESTAMPTZ NOT NULL,
    sent     BIGINT NOT NULL
);
