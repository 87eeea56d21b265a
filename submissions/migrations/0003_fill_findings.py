from django.db import migrations


def fill(apps, schema_editor):
    """Rows for the reports that are there already, as `inspect_actions.finding_rows` writes them."""
    Inspection, FindingRow = (apps.get_model("submissions", name) for name in ("Inspection", "FindingRow"))
    ids = list(Inspection.objects.exclude(verdict="").order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), 200):
        rows = []
        reports = Inspection.objects.filter(pk__in=ids[start : start + 200]).values_list("pk", "report")
        for pk, report in reports:
            gravest = {}
            for finding in report.get("findings") or []:
                gravest.setdefault(finding["rule"], finding["severity"])
            rows += [FindingRow(inspection_id=pk, rule=rule, severity=each) for rule, each in gravest.items()]
        FindingRow.objects.bulk_create(rows, batch_size=1000)


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0002_findings_and_waivers'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
