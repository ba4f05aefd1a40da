-- Only these steps lead from one status to another, whoever writes: rules and WHERE clauses of the program say the same.
-- AFTER, because PostgreSQL locks each row once more for a trigger that comes before.
CREATE TRIGGER bookings_transitions AFTER UPDATE OF status ON bookings FOR EACH ROW
    WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'pending>confirmed', 'pending>expired', 'pending>cancelled', 'confirmed>completed',
        'confirmed>cancelled', 'cancelled>refunded')
    BEGIN SELECT RAISE(ABORT, 'bookings: this is no step from one status to another'); END;
CREATE TRIGGER payments_transitions AFTER UPDATE OF status ON payments FOR EACH ROW
    WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'started>authorised', 'started>captured', 'started>failed', 'started>refund_owed',
        'authorised>captured', 'authorised>refund_owed', 'captured>refund_owed', 'refund_owed>refunded',
        'refund_owed>voided')
    BEGIN SELECT RAISE(ABORT, 'payments: this is no step from one status to another'); END;
CREATE TRIGGER holds_transitions AFTER UPDATE OF status ON holds FOR EACH ROW
    WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'active>booked', 'active>released', 'active>expired')
    BEGIN SELECT RAISE(ABORT, 'holds: this is no step from one status to another'); END;
CREATE TRIGGER tickets_transitions AFTER UPDATE OF status ON tickets FOR EACH ROW
    WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'valid>used', 'used>valid', 'valid>cancelled', 'valid>transferred')
    BEGIN SELECT RAISE(ABORT, 'tickets: this is no step from one status to another'); END;
CREATE TRIGGER transfers_transitions AFTER UPDATE OF status ON transfers FOR EACH ROW
    WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'offered>accepted', 'offered>withdrawn', 'offered>expired')
    BEGIN SELECT RAISE(ABORT, 'transfers: this is no step from one status to another'); END;
CREATE TRIGGER booking_sessions_transitions AFTER UPDATE OF status ON booking_sessions FOR EACH ROW
    WHEN OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'open>finished', 'open>abandoned')
    BEGIN SELECT RAISE(ABORT, 'booking_sessions: this is no step from one status to another'); END;
