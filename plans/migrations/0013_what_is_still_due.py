
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plans', '0012_order_of_lines'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='milestone',
            index=models.Index(condition=models.Q(('met_on', None)), fields=['due_on'], name='milestone_unmet'),
        ),
    ]
