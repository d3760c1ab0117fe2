"""Credit notes of days not served are known by a row, no longer by the words of their reason.

Those issued before have it by their words, once. Such a note concerns the subscription that its order sold;
of several, the one that was ended for an event, on the day of the note if there is one.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

MARKED = """
INSERT INTO billing_unservedcredit (id, note_id, subscription_id)
SELECT gen_random_uuid(), note.id, sold.id
FROM billing_invoice note
CROSS JOIN LATERAL (
    SELECT subscription.id
    FROM billing_subscription subscription
    WHERE EXISTS (
        SELECT 1 FROM billing_subscriptionterm term
        WHERE term.subscription_id = subscription.id AND term.order_id = note.order_id
    ) OR EXISTS (
        SELECT 1 FROM billing_orderline line
        WHERE line.contract_id = subscription.contract_id AND line.order_id = note.order_id
    )
    ORDER BY
        (subscription.end_reason = 'force_majeure') DESC,
        (subscription.ended_on = note.issued_on) DESC NULLS LAST,
        subscription.id
    LIMIT 1
) sold
WHERE note.kind = 'credit_note' AND note.reason IN (
    'Days not served because of a force majeure event.',
    'Jours non servis en raison d’un cas de force majeure.'
);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0045_payouts_undone'),
    ]

    operations = [
        migrations.CreateModel(
            name='UnservedCredit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('note', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='billing.invoice')),
                ('subscription', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='unserved_credits', to='billing.subscription')),
            ],
            options={
                'ordering': ('note__issued_on', 'note__number'),
            },
        ),
        migrations.RunSQL(MARKED, migrations.RunSQL.noop),
    ]
