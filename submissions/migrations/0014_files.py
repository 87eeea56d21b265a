import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0005_declarations'),
        ('submissions', '0013_credits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='purpose',
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('filename', models.CharField(max_length=255)),
                ('size', models.PositiveBigIntegerField()),
                ('position', models.PositiveIntegerField(default=0)),
                ('caption', models.JSONField(blank=True, default=dict)),
                ('stage', models.CharField(blank=True, max_length=8)),
                ('state', models.CharField(choices=[('waiting', 'Being read'), ('ready', 'Ready'), ('refused', 'Cannot be used')], default='waiting', max_length=8)),
                ('problem', models.CharField(blank=True, max_length=40)),
                ('facts', models.JSONField(blank=True, default=dict)),
                ('folder', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('hinted_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('asset', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='submissions.asset')),
                ('declaration', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='edition.declaration')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attachments', to='submissions.entry')),
                ('upload', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attachment', to='submissions.upload')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['hinted_at'], name='attachment_waiting')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind__in', ['poster_wide', 'poster_tall', 'portrait', 'trailer']), ('state', 'ready')), fields=('entry', 'kind'), name='attachment_one_counts'), models.CheckConstraint(condition=models.Q(('kind__in', ['poster_wide', 'poster_tall', 'still', 'portrait', 'trailer', 'document', 'evidence', 'rights'])), name='attachment_known_kind'), models.CheckConstraint(condition=models.Q(('stage', ''), models.Q(('kind', 'evidence'), ('stage__in', ('script', 'image', 'video', 'voice', 'music', 'sound', 'edit', 'other'))), _connector='OR'), name='attachment_known_stage'), models.CheckConstraint(condition=models.Q(models.Q(('declaration__isnull', False), ('kind', 'rights')), models.Q(models.Q(('kind', 'rights'), _negated=True), ('declaration__isnull', True)), _connector='OR'), name='attachment_of_declaration'), models.CheckConstraint(condition=models.Q(('upload__isnull', False), ('asset__isnull', False), _connector='OR'), name='attachment_has_bytes'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), ('asset__isnull', False), _connector='OR'), name='attachment_ready_is_kept'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('problem', ''), _negated=True), _connector='OR'), name='attachment_refused_has_problem')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('answer', models.CharField(choices=[('agreed', 'Agreed'), ('none', 'Does not apply to this film')], max_length=6)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('declaration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='edition.declaration')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='submissions.entry')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='edition.declarationversion')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('entry', 'declaration'), name='consent_one_counts'), models.CheckConstraint(condition=models.Q(('answer__in', ['agreed', 'none'])), name='consent_known_answer'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('at')), _connector='OR'), name='consent_ends_after_start')],
            },
        ),
    ]
