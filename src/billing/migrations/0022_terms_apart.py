"""Two terms of a subscription never hold the same day: the database itself refuses it."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep terms apart; the extension is trusted, so the migrator may make it where bootstrap has not yet."""

    dependencies = [("billing", "0021_things_not_had")]
    operations = [
        migrations.RunSQL("CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA public", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="subscriptionterm",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("subscription", "="),
                    (
                        models.Func(
                            "starts_on",
                            "ends_on",
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="billing_term_no_overlap",
            ),
        ),
    ]
