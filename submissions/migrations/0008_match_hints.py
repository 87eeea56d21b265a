import django.utils.timezone
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("submissions", "0007_subtitle_files")]

    operations = [
        migrations.AddField(
            "filmprints",
            "hint_at",
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.RemoveIndex("filmprints", "prints_unmatched"),
        migrations.AddIndex(
            "filmprints",
            models.Index(fields=["hint_at"], condition=Q(matched_at__isnull=True), name="prints_unmatched"),
        ),
    ]
