"""Lists: an index holds the key of each row, so that no row is fetched to find a page, and one is in the order of knowledge."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("ledger", "0001_tables"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="version", name="version_list"),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                fields=[
                    "kind", "local_id", "known_to", "state", "sensitivity", "entry", "known_from", "valid_from", "place",
                    "organisation", "id",
                ],
                name="version_list",
            ),
        ),
        migrations.AddIndex(
            model_name="version",
            index=models.Index(
                fields=["kind", "known_from", "id", "known_to", "state", "sensitivity", "entry"], name="version_known"
            ),
        ),
    ]
