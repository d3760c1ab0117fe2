"""The database itself moves the head, and one function alone erases personal parts.

Both run as the owner of the tables, in the schema they were made in.
"""

from django.db import migrations

MAKE = """
DO $do$
DECLARE
    place text := current_schema();
    grantee text;
BEGIN
    EXECUTE format($sql$
        CREATE OR REPLACE FUNCTION %1$I.audit_move_head() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $body$
        BEGIN
            UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash
                WHERE seq = NEW.seq - 1 AND hash = NEW.previous_hash;
            IF FOUND THEN
                RETURN NEW;
            END IF;
            IF NEW.seq = 1 AND NOT EXISTS (SELECT FROM audit_head) AND NOT EXISTS (SELECT FROM audit_entry) THEN
                INSERT INTO audit_head (id, "only", seq, hash)
                    VALUES (gen_random_uuid(), true, NEW.seq, NEW.hash);
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'an entry of the audit trail follows its head' USING ERRCODE = 'restrict_violation';
        END
        $body$
    $sql$, place);
    EXECUTE format($sql$
        CREATE OR REPLACE FUNCTION %1$I.audit_forget(parts uuid[]) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = %1$I, pg_temp AS $body$
        DECLARE gone bigint;
        BEGIN
            DELETE FROM audit_personalpart WHERE id = ANY (parts);
            GET DIAGNOSTICS gone = ROW_COUNT;
            RETURN gone;
        END
        $body$
    $sql$, place);
    CREATE TRIGGER moves_head BEFORE INSERT ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_move_head();
    FOR grantee IN
        SELECT DISTINCT given.grantee FROM information_schema.role_table_grants AS given
        WHERE given.table_schema = place AND given.table_name = 'audit_head' AND given.grantee <> current_user
    LOOP
        EXECUTE format('REVOKE ALL ON audit_head, audit_personalpart FROM %I', grantee);
        EXECUTE format('GRANT SELECT, UPDATE ("only") ON audit_head TO %I', grantee);
        EXECUTE format('GRANT SELECT, INSERT ON audit_personalpart TO %I', grantee);
    END LOOP;
END
$do$
"""

UNMAKE = """
DROP TRIGGER moves_head ON audit_entry;
DROP FUNCTION audit_move_head();
DROP FUNCTION audit_forget(uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, UNMAKE)]
