-- A phone for what cannot wait until a mail is read. Nothing but a code is sent to one that is not proven.
CREATE TABLE phones (
    user_id     BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    -- E.164, such as +4915112345678.
    number      TEXT NOT NULL,
    language    TEXT NOT NULL,
    -- Whether its owner wants to be told.
    texts       INTEGER NOT NULL,
    verified_at INTEGER,
    -- Of the code that proves it, until it is proven.
    code_hash   BLOB,
    code_until  INTEGER NOT NULL,
    tries_left  INTEGER NOT NULL CHECK (tries_left >= 0)
) STRICT;

-- Codes that were sent, by the hash of whom they are counted for: an account, a number.
CREATE TABLE code_budgets (
    key_hash BLOB NOT NULL PRIMARY KEY,
    since    INTEGER NOT NULL,
    sent     INTEGER NOT NULL
) STRICT;
