"""Halls with abilities and hours, guests, rehearsals. No two bookings of a hall overlap; a cancelled one books nothing."""

import django.db.models.deletion
from django.db import migrations, models

POSTGRES = """
ALTER TABLE premiere_screening DROP CONSTRAINT screening_no_clash;
ALTER TABLE premiere_screening ADD CONSTRAINT screening_no_clash
    EXCLUDE USING gist (hall_id WITH =, tstzrange(starts_at, busy_until, '[)') WITH &&) WHERE (cancelled_at IS NULL);
"""
# SQLite writes the table anew for a new column, and the triggers of 0002 go with the old one.
SQLITE = """
CREATE TRIGGER screening_no_clash_{event} BEFORE {event} ON premiere_screening
WHEN NEW.cancelled_at IS NULL AND EXISTS (
    SELECT 1 FROM premiere_screening AS other
    WHERE other.hall_id = NEW.hall_id AND other.id IS NOT NEW.id AND other.cancelled_at IS NULL
      AND other.starts_at < NEW.busy_until AND NEW.starts_at < other.busy_until
)
BEGIN SELECT RAISE(ABORT, 'screening_no_clash'); END;
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
        return
    for event in ("INSERT", "UPDATE"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS screening_no_clash_{event}")
        schema_editor.execute(SQLITE.format(event=event))


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_film_facts'),
        ('edition', '0009_objections'),
        ('premiere', '0002_no_clash'),
    ]

    operations = [
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='GuestFilm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('needed', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='GuestTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['starts_at'],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opens_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['opens_at'],
            },
        ),
        migrations.CreateModel(
            name='Travel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['first_id', 'second_id'],
            },
        ),
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
            ],
            options={
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('premiere.screening',),
        ),
        migrations.AddField(
            model_name='hall',
            name='access_note',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='hall',
            name='aspects',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='hall',
            name='formats',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='hall',
            name='frame_rates',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='hall',
            name='hearing_loop',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='hall',
            name='online',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='hall',
            name='sound',
            field=models.CharField(blank=True, choices=[('2.0', 'Stereo'), ('5.1', '5.1'), ('7.1', '7.1')], max_length=4),
        ),
        migrations.AddField(
            model_name='hall',
            name='wheelchair_places',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='screening',
            name='cancel_reason',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='screening',
            name='cancelled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='host',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='screening',
            name='kind',
            field=models.CharField(choices=[('screening', 'Screening'), ('rehearsal', 'Technical rehearsal')], default='screening', max_length=12),
        ),
        migrations.AddField(
            model_name='screening',
            name='min_age',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='screening',
            name='premiere',
            field=models.CharField(blank=True, choices=[('world', 'World premiere'), ('national', 'National premiere'), ('city', 'City premiere')], max_length=12),
        ),
        migrations.AddField(
            model_name='screening',
            name='rehearses',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='premiere.screening'),
        ),
        migrations.AddField(
            model_name='screening',
            name='repeat_of',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='repeats', to='premiere.screening'),
        ),
        migrations.AddField(
            model_name='screening',
            name='spoken',
            field=models.CharField(blank=True, max_length=800),
        ),
        migrations.AddField(
            model_name='screening',
            name='subtitles',
            field=models.CharField(blank=True, max_length=800),
        ),
        migrations.AddField(
            model_name='screening',
            name='ticket_note',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'screening'), ('rehearses__isnull', True)), models.Q(('cancelled_at__isnull', True), ('kind', 'rehearsal'), ('rehearses__isnull', False), ('released_at__isnull', True), ('repeat_of__isnull', True)), _connector='OR'), name='screening_kind_fits'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(('repeat_of__isnull', True), models.Q(('repeat_of', models.F('id')), _negated=True), _connector='OR'), name='screening_repeats_another'),
        ),
        migrations.AddField(
            model_name='guest',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guests', to='edition.edition'),
        ),
        migrations.AddField(
            model_name='guestfilm',
            name='film',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guest_links', to='catalogue.film'),
        ),
        migrations.AddField(
            model_name='guestfilm',
            name='guest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='premiere.guest'),
        ),
        migrations.AddField(
            model_name='guest',
            name='films',
            field=models.ManyToManyField(related_name='guests', through='premiere.GuestFilm', to='catalogue.film'),
        ),
        migrations.AddField(
            model_name='guesttime',
            name='guest',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='times', to='premiere.guest'),
        ),
        migrations.AddField(
            model_name='opening',
            name='hall',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='premiere.hall'),
        ),
        migrations.AddField(
            model_name='travel',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='premiere.venue'),
        ),
        migrations.AddField(
            model_name='travel',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='premiere.venue'),
        ),
        migrations.AddConstraint(
            model_name='guestfilm',
            constraint=models.UniqueConstraint(fields=('guest', 'film'), name='guest_film_once'),
        ),
        migrations.AddConstraint(
            model_name='guesttime',
            constraint=models.UniqueConstraint(fields=('guest', 'starts_at'), name='guest_time_once'),
        ),
        migrations.AddConstraint(
            model_name='guesttime',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='guest_time_in_order'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.UniqueConstraint(fields=('hall', 'opens_at'), name='opening_once'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='opening_in_order'),
        ),
        migrations.AddConstraint(
            model_name='travel',
            constraint=models.UniqueConstraint(fields=('first', 'second'), name='travel_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='travel',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='travel_pair_in_order'),
        ),
        migrations.AddField(
            model_name='screening',
            name='doors_minutes',
            field=models.PositiveSmallIntegerField(default=30),
        ),
        migrations.AddField(
            model_name='screening',
            name='late_minutes',
            field=models.PositiveSmallIntegerField(default=15),
        ),
        migrations.AddField(
            model_name='screening',
            name='regions',
            field=models.CharField(blank=True, max_length=800),
        ),
        migrations.CreateModel(
            name='OnlineSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_hash', models.CharField(max_length=64)),
                ('taken_at', models.DateTimeField()),
                ('screening', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='premiere.screening')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('screening', 'key_hash'), name='online_seat_once')],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
