"""Which returns a moderation panel looked at has a history, like every other link."""

import django.db.models.deletion
from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('assurance', '0022_consultations_opened_again'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name='ModerationPanelReturn',
                    fields=[
                    ],
                    options={
                        'proxy': True,
                        'indexes': [],
                        'constraints': [],
                    },
                    bases=('assurance.moderationpanel_returns',),
                ),
                migrations.CreateModel(
                    name='ModerationPanelReturnEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('moderationpanel', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assurance.moderationpanel')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('return', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='assurance.return')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
            ]
        ),
    ]
