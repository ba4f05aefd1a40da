-- A secret shared with somebody's authenticator app. Logins ask for its codes once it is confirmed.
CREATE TABLE totp (
    user_id      UUID NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    secret       BYTEA NOT NULL,
    -- The newest step whose code was used; each works once.
    last_step    BIGINT NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ
);

-- Hashes of codes that stand in for a lost phone, each for one login.
CREATE TABLE recovery_codes (
    user_id   UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (user_id, code_hash)
);
