import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0002_public_bodies"),
        ("billing", "0014_carts_and_steps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("logo", models.BinaryField(blank=True, default=bytes)),
                ("agreed_on", models.DateField()),
                ("word", models.CharField(max_length=200)),
                ("revoked_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="references", to="tenants.customer"
                    ),
                ),
            ],
            options={
                "ordering": ("name",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_on", None)),
                        fields=("customer",),
                        name="billing_reference_one_stands",
                    )
                ],
            },
        ),
    ]
