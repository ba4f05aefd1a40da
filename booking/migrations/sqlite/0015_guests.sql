-- Whether somebody bought without an account: there is no password, and only links of mails open the bookings again.
ALTER TABLE users ADD COLUMN is_guest INTEGER NOT NULL DEFAULT FALSE;

CREATE TABLE magic_links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX magic_links_user ON magic_links (user_id);
