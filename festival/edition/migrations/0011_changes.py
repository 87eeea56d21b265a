
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0010_track_enters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='prize_pool',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name='EditionChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=40)),
                ('name', models.JSONField(blank=True, default=dict)),
                ('tracks', models.JSONField(blank=True, default=list)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('reason', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='edition.edition')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['edition', '-at'], name='edition_change_when')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', {}), _negated=True), name='edition_change_has_reason')],
            },
        ),
    ]
