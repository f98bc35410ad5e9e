
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assurance', '0002_timetable'),
        ('partnership', '0016_what_is_still_due'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='return',
            index=models.Index(condition=models.Q(('submitted_at', None)), fields=['request'], name='return_waiting'),
        ),
    ]
