"""A payout that was taken for one by mistake is undone, and its line waits again."""

import django.contrib.postgres.fields
from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_bankline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_bankline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'state', 'reason', 'payment_id', 'remittance_id', 'counterpart_digest', 'counterpart_account',
        'is_payout'{more});
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0044_claims_fall_due'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankstatementline',
            name='payouts_undone_on',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.RunSQL(FROZEN.format(more=", 'payouts_undone_on'"), FROZEN.format(more="")),
    ]
