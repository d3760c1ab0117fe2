"""A claim for late interest falls due on a day of its own."""

from django.db import migrations, models

FILLED = """
ALTER TABLE billing_latestatement DISABLE TRIGGER frozen;
UPDATE billing_latestatement SET due_on = (created_at AT TIME ZONE 'Europe/Paris')::date
    + CASE WHEN corrects_id IS NULL THEN 30 ELSE 0 END;
ALTER TABLE billing_latestatement ENABLE TRIGGER frozen;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0043_payouts'),
    ]

    operations = [
        migrations.AddField(
            model_name='interestclaim',
            name='due_on',
            field=models.DateField(null=True),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='interestclaim',
            name='due_on',
            field=models.DateField(),
        ),
    ]
