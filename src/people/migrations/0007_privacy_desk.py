from django.db import migrations

GIVE = """
UPDATE people_role SET rights = array_append(rights, 'console.privacy')
WHERE shipped IN ('dpo', 'operator_administrator') AND NOT 'console.privacy' = ANY (rights)
"""
TAKE = "UPDATE people_role SET rights = array_remove(rights, 'console.privacy')"


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0006_first_seen_at"),
    ]

    operations = [
        migrations.RunSQL(GIVE, TAKE, hints={"schema_scope": "shared"}),
    ]
