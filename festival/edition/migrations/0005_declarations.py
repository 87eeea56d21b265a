import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('edition', '0004_track_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Declaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=40)),
                ('title', models.JSONField(blank=True, default=dict)),
                ('text', models.JSONField(blank=True, default=dict)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('required', models.BooleanField(default=True)),
                ('if_applicable', models.BooleanField(default=False)),
                ('document', models.CharField(choices=[('none', 'No document'), ('may', 'A document may be added'), ('must', 'A document must be added')], default='none', max_length=4)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='edition.edition')),
                ('track', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='declarations', to='edition.track')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DeclarationVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.JSONField(blank=True, default=dict)),
                ('text', models.JSONField(blank=True, default=dict)),
                ('made_at', models.DateTimeField()),
                ('declaration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='edition.declaration')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.UniqueConstraint(fields=('edition', 'key'), name='declaration_key'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('document__in', ['none', 'may', 'must'])), name='declaration_known_document'),
        ),
        migrations.AddConstraint(
            model_name='declaration',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='declaration_has_version'),
        ),
        migrations.AddConstraint(
            model_name='declarationversion',
            constraint=models.UniqueConstraint(fields=('declaration', 'number'), name='declaration_version_number'),
        ),
    ]
