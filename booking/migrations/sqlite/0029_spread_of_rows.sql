-- Whether money went back is asked by booking, of payments in any state.
CREATE INDEX payments_booking ON payments (booking_id);

-- What the planner is told of a busy shop, once and by us. Without it SQLite takes "all seats of a session" for ten rows, and a
-- hold read a whole hall to find two seats. ANALYZE would measure the tables of this moment, mostly empty ones, and plans would
-- change with the day it ran. A row says: rows of the table, then rows that share the index's first column, first two, and so on.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('seats', 'seats_label', '1000000 20000 2000 40 1'),
    ('seats', 'seats_hold', '1000000 4'),
    ('seats', 'seats_changed', '1000000 20000 10'),
    ('seats', 'seats_pick', '1000000 20000 4000 2000 1'),
    ('holds', 'sqlite_autoindex_holds_1', '500000 1'),
    ('holds', 'holds_user', '500000 4 2 1'),
    ('holds', 'holds_expiry', '500000 100000 4'),
    ('hold_seats', 'sqlite_autoindex_hold_seats_1', '1000000 2 1'),
    ('bookings', 'sqlite_autoindex_bookings_1', '500000 1'),
    ('bookings', 'bookings_reference', '500000 1'),
    ('bookings', 'bookings_hold', '500000 1'),
    ('bookings', 'bookings_user', '500000 4 1'),
    ('bookings', 'bookings_owner', '500000 4 2 1'),
    ('bookings', 'bookings_event', '500000 20000 5000'),
    ('bookings', 'bookings_pending', '500000 100000 2'),
    ('payments', 'sqlite_autoindex_payments_1', '500000 1'),
    ('payments', 'payments_one_live', '500000 1'),
    ('payments', 'payments_booking', '500000 1'),
    ('payments', 'payments_open', '500000 100000 2'),
    ('tickets', 'sqlite_autoindex_tickets_1', '1000000 1'),
    ('tickets', 'tickets_code', '1000000 1'),
    ('tickets', 'tickets_one_live_per_seat', '1000000 1'),
    ('tickets', 'tickets_booking', '1000000 2'),
    ('tickets', 'tickets_user', '1000000 4'),
    ('tickets', 'tickets_session', '1000000 20000 5000'),
    ('jobs', 'sqlite_autoindex_jobs_1', '1000000 1'),
    ('jobs', 'jobs_dedupe', '1000000 1'),
    ('jobs', 'jobs_due', '1000000 100000 20000 2'),
    ('ticket_types', 'ticket_types_name', '5000 5 1'),
    ('sessions', 'sessions_event', '1000 4 1'),
    ('shoppers', 'sqlite_autoindex_shoppers_1', '500000 2 1'),
    ('booking_sessions', 'sqlite_autoindex_booking_sessions_1', '500000 1'),
    ('booking_sessions', 'booking_sessions_jti', '500000 1'),
    ('booking_sessions', 'booking_sessions_place', '500000 1'),
    ('booking_sessions', 'booking_sessions_open', '500000 100000 2');
-- Connections read this when they open the schema: a change of it makes those read it again that are open now.
ANALYZE sqlite_schema;
