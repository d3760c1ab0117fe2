"""Specific terms signed with a quote; since when a running contract holds what a line adds."""

from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_orderline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_orderline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only({columns});
"""

# Until now a signed amendment added at its signature, what was bought without a quote at its opening.
ADDED = """
UPDATE billing_orderline AS l
SET added_at = CASE WHEN o.version_id IS NULL THEN o.opened_at ELSE o.confirmed_at END
FROM billing_order o
WHERE o.id = l.order_id AND l.licences_after IS NOT NULL AND l.contract_id IS NOT NULL
  AND o.state <> 'cancelled'
  AND NOT EXISTS (SELECT 1 FROM billing_withdrawnline w WHERE w.line_id = l.id)
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0034_prices_with_vat")]

    operations = [
        migrations.AddField(
            model_name="orderline", name="added_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="quoteversion",
            name="specific_terms",
            field=models.FileField(blank=True, max_length=200, upload_to="quotes/terms/"),
        ),
        migrations.AddField(
            model_name="quoteversion",
            name="specific_terms_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.RunSQL(
            FROZEN.format(columns="'contract_id', 'added_at'"), FROZEN.format(columns="'contract_id'")
        ),
        migrations.RunSQL(ADDED, migrations.RunSQL.noop),
    ]
