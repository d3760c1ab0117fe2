"""The database itself refuses to change what was sent, signed or issued."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION public.billing_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE EXCEPTION '% is never changed nor deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- Only the columns named as the trigger's arguments may change; the row is never deleted.
CREATE FUNCTION public.billing_only() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (to_jsonb(NEW) - TG_ARGV::text[]) IS DISTINCT FROM (to_jsonb(OLD) - TG_ARGV::text[]) THEN
        RAISE EXCEPTION '% is frozen but for %', TG_TABLE_NAME, TG_ARGV USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- A version is written while it is a draft; afterwards it only moves from state to state.
CREATE FUNCTION public.billing_version_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE free text[] := ARRAY['state', 'sent_at'];
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR (to_jsonb(NEW) - free) IS DISTINCT FROM (to_jsonb(OLD) - free) THEN
        RAISE EXCEPTION 'this version was sent: a change is a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.billing_version_part_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE part record;
BEGIN
    IF TG_OP = 'DELETE' THEN part := OLD; ELSE part := NEW; END IF;
    IF EXISTS (SELECT 1 FROM billing_quoteversion WHERE id = part.version_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'this version was sent: a change is a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN part;
END $$;

-- Lines come first, then the document that seals them: a line for a document that stands already is refused.
CREATE FUNCTION public.billing_invoice_line_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_invoice WHERE id = NEW.invoice_id) THEN
        RAISE EXCEPTION 'this document is issued: no line can be added' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.billing_invoice_adds_up() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF (SELECT coalesce(sum(quantity * unit_net_cents), 0) FROM billing_invoiceline WHERE invoice_id = NEW.id)
        <> NEW.net_cents
    THEN
        RAISE EXCEPTION 'the lines do not add up to the total' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- The tenant that reads an invoice is known when it opens: filled in once, nothing else ever changes.
CREATE FUNCTION public.billing_invoice_frozen() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.tenant_id IS NOT NULL
        OR (to_jsonb(NEW) - 'tenant_id') IS DISTINCT FROM (to_jsonb(OLD) - 'tenant_id')
    THEN
        RAISE EXCEPTION 'an issued document is never edited nor deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

-- Nobody pays more of an invoice than it asks, nor more with a payment than it brought.
CREATE FUNCTION public.billing_allocation_fits() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE asked bigint; brought bigint;
BEGIN
    SELECT gross_cents INTO asked FROM billing_invoice WHERE id = NEW.invoice_id FOR UPDATE;
    IF NEW.amount_cents + (SELECT coalesce(sum(amount_cents), 0) FROM billing_allocation
        WHERE invoice_id = NEW.invoice_id AND released_at IS NULL) > asked
    THEN
        RAISE EXCEPTION 'more than the invoice asks' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        SELECT amount_cents INTO brought FROM billing_payment WHERE id = NEW.payment_id FOR UPDATE;
        IF NEW.amount_cents + (SELECT coalesce(sum(amount_cents), 0) FROM billing_allocation
            WHERE payment_id = NEW.payment_id AND released_at IS NULL) > brought
        THEN
            RAISE EXCEPTION 'more than the payment brought' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_quoteversion
    FOR EACH ROW EXECUTE FUNCTION public.billing_version_frozen();
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON billing_quoteline
    FOR EACH ROW EXECUTE FUNCTION public.billing_version_part_frozen();
CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON billing_quotesite
    FOR EACH ROW EXECUTE FUNCTION public.billing_version_part_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_orderline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('contract_id');
CREATE TRIGGER sealed BEFORE INSERT ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION public.billing_invoice_line_sealed();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_invoiceline
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
CREATE TRIGGER adds_up BEFORE INSERT ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION public.billing_invoice_adds_up();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_invoice
    FOR EACH ROW EXECUTE FUNCTION public.billing_invoice_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_signature
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_latestatement
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_deferral
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_formalnotice
    FOR EACH ROW EXECUTE FUNCTION public.billing_refuse();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_payment
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'proof_on', 'proof_document', 'credited_on', 'bounced_on', 'bounce_reason');
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('released_at');
CREATE TRIGGER fits BEFORE INSERT ON billing_allocation
    FOR EACH ROW EXECUTE FUNCTION public.billing_allocation_fits();
"""

UNDO = """
DROP TRIGGER frozen ON billing_quoteversion;
DROP TRIGGER frozen ON billing_quoteline;
DROP TRIGGER frozen ON billing_quotesite;
DROP TRIGGER frozen ON billing_orderline;
DROP TRIGGER sealed ON billing_invoiceline;
DROP TRIGGER frozen ON billing_invoiceline;
DROP TRIGGER adds_up ON billing_invoice;
DROP TRIGGER frozen ON billing_invoice;
DROP TRIGGER frozen ON billing_signature;
DROP TRIGGER frozen ON billing_latestatement;
DROP TRIGGER frozen ON billing_deferral;
DROP TRIGGER frozen ON billing_formalnotice;
DROP TRIGGER frozen ON billing_payment;
DROP TRIGGER frozen ON billing_allocation;
DROP TRIGGER fits ON billing_allocation;
DROP FUNCTION public.billing_refuse(), public.billing_only(), public.billing_version_frozen(),
    public.billing_version_part_frozen(), public.billing_invoice_line_sealed(), public.billing_invoice_adds_up(),
    public.billing_invoice_frozen(), public.billing_allocation_fits();
"""


class Migration(migrations.Migration):
    """Freeze documents by trigger."""

    dependencies = [("billing", "0001_initial")]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, UNDO)]
