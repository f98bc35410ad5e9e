
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnership', '0015_mails_on_their_way'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='agendaitem',
            index=models.Index(condition=models.Q(('needs_paper', True)), fields=['paper_due_on'], name='paper_wanted'),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(condition=models.Q(('status', 'planned')), fields=['meets_on'], name='meeting_planned'),
        ),
        migrations.AddIndex(
            model_name='meetingaction',
            index=models.Index(condition=models.Q(('closed_on', None)), fields=['due_on'], name='action_open'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['day'], name='message_of_day'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['planned_at'], name='reminder_planned'),
        ),
    ]
