-- A ticket type that is neither listed nor sold to whoever has no code that unlocks it.
ALTER TABLE ticket_types ADD COLUMN hidden BOOLEAN NOT NULL DEFAULT FALSE;

-- Ids of the hidden ticket types a code unlocks. A code that unlocks something need not lower a price.
ALTER TABLE promo_codes ADD COLUMN unlocks JSONB NOT NULL DEFAULT '[]';
ALTER TABLE promo_codes DROP CONSTRAINT promo_codes_check;
ALTER TABLE promo_codes ADD CONSTRAINT promo_codes_check CHECK (
    CASE WHEN unlocks = '[]' THEN (percent IS NULL) <> (amount_minor IS NULL) ELSE percent IS NULL OR amount_minor IS NULL END);
ALTER TABLE promo_uses DROP CONSTRAINT promo_uses_discount_minor_check;
ALTER TABLE promo_uses ADD CONSTRAINT promo_uses_discount_minor_check CHECK (discount_minor >= 0);

-- The address of somebody who bought without an account, as compared: by it a link is asked for anew. Many may have the same.
ALTER TABLE users ADD COLUMN guest_key TEXT;
UPDATE users SET guest_key = lower(email) WHERE is_guest AND email_key LIKE 'guest:%';
CREATE INDEX users_guest ON users (guest_key) WHERE guest_key IS NOT NULL;
