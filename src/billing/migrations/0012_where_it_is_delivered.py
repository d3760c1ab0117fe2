from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0011_orders_paid_online"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="deliver_to",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
