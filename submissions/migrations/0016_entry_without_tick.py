from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0015_carry_consents_over'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='entry',
            name='rights_agreed_at',
        ),
    ]
