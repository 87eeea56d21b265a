"""Releases, drafts, what counts how much; a screening may be held back."""

import django.db.models.deletion
from importlib import import_module

from django.conf import settings
from django.db import migrations, models


# SQLite writes the table anew for a new column, and the triggers that keep a hall free go with the old one.
guard = import_module("festival.premiere.migrations.0003_halls_and_guests").guard


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0009_objections'),
        ('premiere', '0003_halls_and_guests'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='screening',
            name='held',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='screening',
            name='revision',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name='Checklist',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('levels', models.JSONField(default=dict)),
                ('edition', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='checklist', to='edition.edition')),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('origin', models.CharField(choices=[('kept', 'Kept by hand'), ('before', 'Kept before a change of the whole'), ('solver', 'Proposed by the solver')], default='kept', max_length=8)),
                ('at', models.DateTimeField()),
                ('document', models.JSONField()),
                ('told', models.JSONField(blank=True, default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='edition.edition')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('note', models.JSONField(blank=True, default=dict)),
                ('document', models.JSONField()),
                ('programme', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('changes', models.JSONField(default=list)),
                ('back_to', models.PositiveIntegerField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='releases', to='edition.edition')),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'number'), name='release_number_once')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
