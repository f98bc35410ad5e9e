"""What calendar feeds last told of each entry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('partnership', '0013_rules_in_force'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeedEvent',
            fields=[
                ('key', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('fingerprint', models.CharField(help_text='Hash of what was told', max_length=64)),
                ('sequence', models.PositiveIntegerField(default=0, help_text='How often it has changed')),
                ('changed_at', models.DateTimeField(help_text='When a feed first told of the last change')),
            ],
        ),
    ]
