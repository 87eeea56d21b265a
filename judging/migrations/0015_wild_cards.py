
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('judging', '0014_teams_of_a_cohort'),
        ('submissions', '0026_residence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='cutrow',
            name='cut_row_by_hand_has_reason',
        ),
        migrations.AddField(
            model_name='round',
            name='expects',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='round',
            name='wild_cards',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='cutrow',
            name='reason',
            field=models.CharField(choices=[('by_rule', 'By the rule'), ('tie', 'Tied at the line'), ('tie_won', 'By the tie rule'), ('tie_lost', 'Below by the tie rule'), ('added_by_chair', 'Added by the chair'), ('removed_by_chair', 'Taken out by the chair'), ('wild_card', 'By a wild card')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='cutrow',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('at__isnull', True), ('by__isnull', True), ('reason__in', ('by_rule', 'tie', 'tie_won', 'tie_lost')), ('why', '')), models.Q(('at__isnull', False), ('by__isnull', False), ('reason__in', ('added_by_chair', 'removed_by_chair', 'wild_card')), models.Q(('why', ''), _negated=True)), _connector='OR'), name='cut_row_by_hand_has_reason'),
        ),
    ]
