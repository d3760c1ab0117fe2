from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("agenda", "0001_initial")]

    operations = [
        migrations.AddField("obligation", "missed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "obligation",
            models.Index(fields=["missed_at"], name="agenda_missed", condition=Q(missed_at__isnull=False)),
        ),
        migrations.AddField("outboxmessage", "due_at", models.DateTimeField(null=True)),
        migrations.RunSQL("UPDATE agenda_outboxmessage SET due_at = send_at", migrations.RunSQL.noop),
        migrations.AlterField("outboxmessage", "due_at", models.DateTimeField()),
    ]
