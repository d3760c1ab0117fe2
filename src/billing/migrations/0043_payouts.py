"""A bank's line may be what the payment provider paid out."""

from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_bankline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_bankline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'state', 'reason', 'payment_id', 'remittance_id', 'counterpart_digest', 'counterpart_account'{more});
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0042_credited_from'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankstatementline',
            name='is_payout',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name='journalentry',
            name='source',
            field=models.CharField(choices=[('invoice', 'invoice or credit note'), ('payment', 'payment'), ('refund', 'refund'), ('claim', 'claim for late interest'), ('bank', 'line of the bank'), ('writeoff', 'write-off')], max_length=8),
        ),
        migrations.RunSQL(FROZEN.format(more=", 'is_payout'"), FROZEN.format(more="")),
    ]
