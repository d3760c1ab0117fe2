"""Mails sent to many, and what became of each."""

import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0016_notes_and_disputes'),
        ('tenants', '0002_public_bodies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('invoices', 'invoices'), ('reminders', 'reminders'), ('quotes', 'quotes')], max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.UUIDField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-asked_at',),
            },
        ),
        migrations.CreateModel(
            name='MailingRow',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField()),
                ('documents', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('posted', 'posted'), ('left_out', 'left out')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=20)),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.contact')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenants.customer')),
                ('mailing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='billing.mailing')),
            ],
            options={
                'ordering': ('mailing', 'position'),
                'constraints': [models.UniqueConstraint(fields=('mailing', 'contact'), name='billing_mailingrow_once'), models.UniqueConstraint(fields=('mailing', 'position'), name='billing_mailingrow_place')],
            },
        ),
    ]
