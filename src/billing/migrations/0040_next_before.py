"""What was agreed for the next term before a line added to it: it comes back with its taking back."""

from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_orderline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_orderline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only({columns});
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0039_claims_are_paid")]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="next_before",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.RunSQL(
            FROZEN.format(columns="'contract_id', 'added_at', 'next_before'"),
            FROZEN.format(columns="'contract_id', 'added_at'"),
        ),
    ]
