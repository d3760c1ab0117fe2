"""How many things of a line were credited before they left."""

from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_orderline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_orderline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only({columns});
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0052_statement_sides")]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="credited_unsent",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(
            FROZEN.format(columns="'contract_id', 'added_at', 'next_before', 'credited_unsent'"),
            FROZEN.format(columns="'contract_id', 'added_at', 'next_before'"),
        ),
    ]
