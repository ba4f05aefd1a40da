-- Whose offers these are, and to whom: forgotten with the account.
CREATE INDEX transfers_from ON transfers (from_user);
CREATE INDEX transfers_to ON transfers (lower(to_email));
