from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0030_what_documents_know")]

    operations = [
        *(
            migrations.AddField(model_name=model, name=name, field=field)
            for model in ("order", "quoteversion")
            for name, field in (
                ("employees", models.PositiveIntegerField(blank=True, null=True)),
                ("outside_main_activity", models.BooleanField(db_default=False, default=False)),
                ("deliver_by", models.DateField(blank=True, null=True)),
            )
        ),
        migrations.AddField(
            "quoteversion",
            "warranty_months",
            models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField("order", "leaves_on", models.DateField(blank=True, null=True)),
        migrations.AddField("delivery", "announced_on", models.DateField(blank=True, null=True)),
        migrations.AddField("delivery", "moved_because", models.CharField(blank=True, max_length=20)),
        migrations.AddField("delivery", "moved_words", models.CharField(blank=True, max_length=200)),
    ]
