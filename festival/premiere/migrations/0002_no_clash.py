"""The database refuses two screenings of one hall that overlap: whoever writes, by whatever way."""

from django.db import migrations

POSTGRES = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE premiere_screening ADD CONSTRAINT screening_no_clash
    EXCLUDE USING gist (hall_id WITH =, tstzrange(starts_at, busy_until, '[)') WITH &&);
"""
SQLITE = """
CREATE TRIGGER screening_no_clash_{event} BEFORE {event} ON premiere_screening
WHEN EXISTS (
    SELECT 1 FROM premiere_screening AS other
    WHERE other.hall_id = NEW.hall_id AND other.id IS NOT NEW.id
      AND other.starts_at < NEW.busy_until AND NEW.starts_at < other.busy_until
)
BEGIN SELECT RAISE(ABORT, 'screening_no_clash'); END;
"""


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES)
    else:
        for event in ("INSERT", "UPDATE"):
            schema_editor.execute(SQLITE.format(event=event))


class Migration(migrations.Migration):
    dependencies = [("premiere", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
