-- Only these steps lead from one status to another, whoever writes: rules and WHERE clauses of the program say the same.
-- AFTER, because PostgreSQL locks each row once more for a trigger that comes before.
CREATE FUNCTION refuse_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: nothing goes from % to %', TG_TABLE_NAME, OLD.status, NEW.status;
END $$;
CREATE TRIGGER bookings_transitions AFTER UPDATE OF status ON bookings FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'pending>confirmed', 'pending>expired', 'pending>cancelled', 'confirmed>completed',
        'confirmed>cancelled', 'cancelled>refunded'))
    EXECUTE FUNCTION refuse_transition();
CREATE TRIGGER payments_transitions AFTER UPDATE OF status ON payments FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'started>authorised', 'started>captured', 'started>failed', 'started>refund_owed',
        'authorised>captured', 'authorised>refund_owed', 'captured>refund_owed', 'refund_owed>refunded',
        'refund_owed>voided'))
    EXECUTE FUNCTION refuse_transition();
CREATE TRIGGER holds_transitions AFTER UPDATE OF status ON holds FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'active>booked', 'active>released', 'active>expired'))
    EXECUTE FUNCTION refuse_transition();
CREATE TRIGGER tickets_transitions AFTER UPDATE OF status ON tickets FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'valid>used', 'used>valid', 'valid>cancelled', 'valid>transferred'))
    EXECUTE FUNCTION refuse_transition();
CREATE TRIGGER transfers_transitions AFTER UPDATE OF status ON transfers FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'offered>accepted', 'offered>withdrawn', 'offered>expired'))
    EXECUTE FUNCTION refuse_transition();
CREATE TRIGGER booking_sessions_transitions AFTER UPDATE OF status ON booking_sessions FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND OLD.status || '>' || NEW.status NOT IN (
        'open>finished', 'open>abandoned'))
    EXECUTE FUNCTION refuse_transition();
