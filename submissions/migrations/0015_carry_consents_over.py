from django.db import migrations


def carry_over(apps, schema_editor):
    """Who ticked that they hold the rights has agreed to the declaration with those words, at that time."""
    Entry, Consent = (apps.get_model('submissions', name) for name in ('Entry', 'Consent'))
    DeclarationVersion = apps.get_model('edition', 'DeclarationVersion')
    wordings = {
        row.declaration.edition_id: row
        for row in DeclarationVersion.objects.filter(number=1, declaration__key='rights').select_related('declaration')
    }
    ticked = Entry.objects.filter(rights_agreed_at__isnull=False).order_by('pk')
    rows = []
    for pk, edition, entrant, at in ticked.values_list('pk', 'edition_id', 'entrant_id', 'rights_agreed_at'):
        wording = wordings.get(edition)
        if wording:
            rows.append(
                Consent(
                    entry_id=pk, declaration_id=wording.declaration_id, wording=wording, number=1,
                    answer='agreed', by_id=entrant, at=at,
                )
            )
    Consent.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0006_usual_declarations'),
        ('submissions', '0014_files'),
    ]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
    ]
