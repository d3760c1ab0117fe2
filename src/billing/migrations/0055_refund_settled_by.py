"""Which other money of a client makes good what was given back of money that never came."""

import django.db.models.deletion
from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_refund;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_refund
    FOR EACH ROW EXECUTE FUNCTION public.billing_only({columns});
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0054_refund_note")]

    operations = [
        migrations.AddField(
            model_name="refund",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settles",
                to="billing.payment",
            ),
        ),
        migrations.RunSQL(
            FROZEN.format(columns="'made_on', 'failed_on', 'provider_id', 'settled_by_id'"),
            FROZEN.format(columns="'made_on', 'failed_on', 'provider_id'"),
        ),
    ]
