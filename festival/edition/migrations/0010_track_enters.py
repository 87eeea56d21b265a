from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0009_objections'),
    ]

    operations = [
        migrations.AddField(
            model_name='track',
            name='enters',
            field=models.CharField(
                choices=[('film', 'Films'), ('project', 'Projects without a film yet')],
                default='film',
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name='track',
            constraint=models.CheckConstraint(
                condition=models.Q(('enters__in', ['film', 'project'])), name='track_known_enters'
            ),
        ),
    ]
