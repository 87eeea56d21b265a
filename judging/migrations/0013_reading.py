from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('judging', '0012_look_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='round',
            name='reading_minutes',
            field=models.PositiveSmallIntegerField(default=10),
        ),
        migrations.AddField(
            model_name='look',
            name='to_read',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(
                condition=models.Q(('reading_minutes__gte', 1)), name='round_reading_takes_time'
            ),
        ),
    ]
