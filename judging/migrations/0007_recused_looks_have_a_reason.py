from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("judging", "0006_taken_looks"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='look',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'recused'), _negated=True), models.Q(('reason', ''), _negated=True), models.Q(('taken', ''), _negated=True), _connector='OR'), name='look_recused_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.CheckConstraint(condition=models.Q(('taken', ''), ('state', 'recused'), _connector='OR'), name='look_taken_is_recused'),
        ),
    ]
