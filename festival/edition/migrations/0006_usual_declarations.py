from django.db import migrations

from festival.edition.declarations import usual_declarations

# What an entrant ticked before there were declarations, word for word: who ticked it agreed to this.
TICKED = {
    'en': 'I hold the rights to everything in this film (picture, music, voices, likenesses), and the festival may show it if it is selected.',
    'zh': '本人拥有影片全部内容（画面、音乐、声音、肖像）的权利；影片如获选，同意影展放映。',
}


def declare(apps, schema_editor):
    """Editions that are there already ask what a new one asks."""
    Edition, Declaration, DeclarationVersion = (
        apps.get_model('edition', name) for name in ('Edition', 'Declaration', 'DeclarationVersion')
    )
    for edition in Edition.objects.order_by('pk'):
        for position, plan in enumerate(usual_declarations()):
            text = TICKED if plan.key == 'rights' else plan.text
            row = Declaration.objects.create(
                edition=edition, key=plan.key, title=plan.title, text=text, required=plan.required,
                if_applicable=plan.if_applicable, document=plan.document, position=position,
            )
            DeclarationVersion.objects.create(
                declaration=row, number=1, title=plan.title, text=text, made_at=edition.created_at
            )


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0005_declarations'),
    ]

    operations = [
        migrations.RunPython(declare, migrations.RunPython.noop),
    ]
