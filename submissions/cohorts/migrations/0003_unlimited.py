
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cohorts', '0002_mentoring'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='promise',
            name='promise_is_something',
        ),
        migrations.RemoveConstraint(
            model_name='supportline',
            name='support_is_something',
        ),
        migrations.RemoveConstraint(
            model_name='supportline',
            name='support_taken_back_is_said',
        ),
        migrations.AlterField(
            model_name='promise',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AlterField(
            model_name='supportline',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), models.Q(('amount__isnull', True), ('kind__in', ('traffic', 'credits'))), _connector='OR'), models.Q(('unit', ''), _negated=True)), name='promise_is_something'),
        ),
        migrations.AddConstraint(
            model_name='supportline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__lt', 0), ('amount__gt', 0), models.Q(('amount__isnull', True), ('kind__in', ('traffic', 'credits')), ('side', 'promised')), _connector='OR'), models.Q(('unit', ''), _negated=True)), name='support_is_something'),
        ),
        migrations.AddConstraint(
            model_name='supportline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__isnull', True), models.Q(('note', ''), _negated=True), _connector='OR'), name='support_taken_back_is_said'),
        ),
    ]
