"""A bank's line knows the line of another format that it answered for; what else is said of it has room."""

from django.db import migrations, models

FROZEN = """
DROP TRIGGER frozen ON billing_bankline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_bankline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only(
        'state', 'reason', 'payment_id', 'remittance_id', 'counterpart_digest', 'counterpart_account');
"""

UNDO = """
DROP TRIGGER frozen ON billing_bankline;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON billing_bankline
    FOR EACH ROW EXECUTE FUNCTION public.billing_only('state', 'reason', 'payment_id', 'remittance_id');
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0036_day_of_the_last")]

    operations = [
        migrations.AddField(
            model_name="bankstatementline",
            name="counterpart_account",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="bankstatementline",
            name="counterpart_digest",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="bankstatementline", name="joined", field=models.CharField(blank=True, max_length=2000)
        ),
        migrations.RunSQL(FROZEN, UNDO),
    ]
