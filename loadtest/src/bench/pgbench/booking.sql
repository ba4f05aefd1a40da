-- A full booking as several statements in one transaction: two seats, hold, booking, payment, tickets, a job.
\set shopper random(1, :shoppers)
BEGIN;
SELECT id AS shopper_id, gen_random_uuid() AS hold_id, gen_random_uuid() AS booking_id FROM users
WHERE id = CAST('00000000-0000-4000-8000-' || lpad(CAST(:shopper AS TEXT), 12, '0') AS UUID) \gset
INSERT INTO holds (id, session_id, event_id, user_id, status, quantity, total_minor, currency, expires_at, kept_until,
                   extended, created_at)
VALUES (:hold_id, :session, :event, :shopper_id, 'booked', 2, 2000, 'USD', now(), now(), FALSE, now());
INSERT INTO bookings (id, reference, user_id, event_id, session_id, hold_id, status, quantity, total_minor, currency,
                      created_at, confirmed_at)
VALUES (:booking_id, CAST(CAST(:booking_id AS UUID) AS TEXT), :shopper_id, :event, :session, :hold_id, 'confirmed', 2, 2000, 'USD', now(), now());
UPDATE seats SET state = 'sold', hold_id = :hold_id, booking_id = :booking_id, changed_at = now()
WHERE id IN (SELECT id FROM seats WHERE session_id = :session AND ticket_type_id = :ticket_type AND state = 'free'
             LIMIT 2 FOR UPDATE SKIP LOCKED);
INSERT INTO payments (id, booking_id, status, transaction_id, amount_minor, currency, created_at, updated_at)
VALUES (gen_random_uuid(), :booking_id, 'authorised', 'txn', 2000, 'USD', now(), now());
INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id, holder_name, holder,
                     generation, status, price_minor, issued_at)
SELECT gen_random_uuid(), CAST(gen_random_uuid() AS TEXT), :booking_id, :event, :session, id, ticket_type_id, :shopper_id,
       'A Shopper', gen_random_uuid(), 1, 'valid', 1000, now()
FROM seats WHERE hold_id = :hold_id;
INSERT INTO jobs (id, kind, payload, status, run_at, created_at)
VALUES (gen_random_uuid(), 'bench', jsonb_build_object('booking', CAST(:booking_id AS UUID)), 'ready', now(), now());
COMMIT;
