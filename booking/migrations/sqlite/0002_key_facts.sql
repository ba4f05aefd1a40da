-- What a request had begun when it died before its answer, so that its repetition goes on with that and begins nothing new.
ALTER TABLE idempotency_keys ADD COLUMN fact BLOB;
