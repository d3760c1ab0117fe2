"""Each line says how it is taxed; what stands already is said from its rate."""

from django.db import migrations, models

LINES = ("quoteline", "orderline", "invoiceline")
FREEZING = {"quoteline": "frozen", "orderline": "frozen", "invoiceline": "frozen"}


def _told(table: str, trigger: str) -> str:
    return f"""
ALTER TABLE billing_{table} DISABLE TRIGGER {trigger};
UPDATE billing_{table} SET tax_category = 'O', tax_reason = 'vat_outside_scope' WHERE vat_rate IS NULL;
ALTER TABLE billing_{table} ENABLE TRIGGER {trigger};
"""


class Migration(migrations.Migration):
    """Add the category of EN 16931 and the reason to lines."""

    dependencies = [("billing", "0005_money_received")]
    operations = [
        operation
        for line in LINES
        for operation in (
            migrations.AddField(line, "tax_category", models.CharField(db_default="S", default="S", max_length=2)),
            migrations.AddField(
                line, "tax_reason", models.CharField(blank=True, db_default="", default="", max_length=40)
            ),
        )
    ] + [migrations.RunSQL("".join(_told(*each) for each in FREEZING.items()), migrations.RunSQL.noop)]
