
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0025_delivered_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='residence',
            field=models.CharField(blank=True, max_length=2),
        ),
    ]
