-- A hold as several statements: the shopper, the personal limit, two seats, the hold, its seats.
\set shopper random(1, :shoppers)
BEGIN;
SELECT id AS shopper_id, gen_random_uuid() AS hold_id FROM users
WHERE id = CAST('00000000-0000-4000-8000-' || lpad(CAST(:shopper AS TEXT), 12, '0') AS UUID) \gset
INSERT INTO shoppers (user_id, event_id, touched_at) VALUES (:shopper_id, :event, now())
ON CONFLICT (user_id, event_id) DO UPDATE SET touched_at = excluded.touched_at;
SELECT COALESCE((SELECT sum(quantity) FROM holds
                 WHERE user_id = :shopper_id AND event_id = :event AND status = 'active' AND kept_until > now()), 0)
     + COALESCE((SELECT sum(quantity) FROM bookings
                 WHERE user_id = :shopper_id AND event_id = :event AND status IN ('confirmed', 'completed')), 0);
UPDATE seats SET state = 'held', hold_id = :hold_id, held_until = now() + INTERVAL '10 minutes', changed_at = now()
WHERE id IN (SELECT id FROM seats WHERE session_id = :session AND ticket_type_id = :ticket_type AND state = 'free'
             LIMIT 2 FOR UPDATE SKIP LOCKED);
INSERT INTO holds (id, session_id, event_id, user_id, status, quantity, total_minor, currency, expires_at, kept_until,
                   extended, created_at)
VALUES (:hold_id, :session, :event, :shopper_id, 'active', 2, 2000, 'USD', now() + INTERVAL '10 minutes',
        now() + INTERVAL '10 minutes', FALSE, now());
INSERT INTO hold_seats (hold_id, seat_id, ticket_type_id, price_minor)
SELECT :hold_id, id, ticket_type_id, 1000 FROM seats WHERE hold_id = :hold_id;
COMMIT;
