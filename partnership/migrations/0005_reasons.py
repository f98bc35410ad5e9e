from django.db import migrations, models
from django.db.models import F, Q

from partnership.schema import AtOnce


def fields(model, **added):
    """Each of ``added`` on ``model`` and on the table of its history."""
    return [
        migrations.AddField(model_name=name, name=field, field=value)
        for name in (model, f'{model}event')
        for field, value in added.items()
    ]


def check(model, name, condition):
    return migrations.AddConstraint(model, models.CheckConstraint(condition=condition, name=name))


class Migration(migrations.Migration):

    dependencies = [
        ('partnership', '0004_who_agreed'),
    ]

    operations = [
        AtOnce([
            *fields(
                'arrangements',
                published_without=models.TextField(blank=True, help_text='Shown on the public page', verbose_name='why it was published before everyone had endorsed it'),
                taken_back_because=models.TextField(blank=True, verbose_name='why it was taken back'),
            ),
            *fields('dispute', learned=models.TextField(blank=True, verbose_name='what was learned')),
            *fields('disputestage', due_reason=models.CharField(blank=True, max_length=300, verbose_name='why by that day')),
            check('dispute', 'dispute_settled_after_raised', Q(settled_on=None) | Q(settled_on__gte=F('raised_on'))),
            check('disputestage', 'stage_answered_after_begun', Q(answered_on=None) | Q(answered_on__gte=F('begun_on'))),
            check('disputestage', 'stage_due_after_begun', Q(answer_due_on__gte=F('begun_on'))),
        ]),
    ]
