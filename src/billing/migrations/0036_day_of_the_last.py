"""Each series of invoices and credit notes knows the day of its last."""

from django.db import migrations, models

DAYS = """
UPDATE billing_numberseries AS s SET last_on = found.day
FROM (
    SELECT split_part(number, '-', 1) AS prefix, split_part(number, '-', 2)::int AS year, max(issued_on) AS day
    FROM billing_invoice GROUP BY 1, 2
) found
WHERE found.year = s.year
  AND found.prefix = CASE s.kind WHEN 'invoice' THEN 'FA' WHEN 'credit_note' THEN 'AV' WHEN 'deposit' THEN 'AC' END
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0035_specific_terms")]

    operations = [
        migrations.AddField(
            model_name="numberseries", name="last_on", field=models.DateField(blank=True, null=True)
        ),
        migrations.RunSQL(DAYS, migrations.RunSQL.noop),
    ]
