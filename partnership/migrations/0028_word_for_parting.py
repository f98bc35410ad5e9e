"""An account at an organisation is “disconnected”, which people know the word for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnership', '0027_account_events_of_exit_packs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='accountevent',
            name='kind',
            field=models.CharField(choices=[('signed-in', 'Signed in'), ('sign-in-failed', 'Failed to sign in'), ('slowed-down', 'Tried to sign in too often'), ('signed-out', 'Signed out'), ('timed-out', 'Signed out after a while without a word'), ('session-ended', 'A session was ended'), ('asked-again', 'Proved again who they are'), ('step-added', 'Second step set up'), ('step-removed', 'Second step removed'), ('code-sent', 'Code sent by mail'), ('reset-asked', 'Asked for a new password'), ('password-changed', 'Password changed'), ('address-changed', 'E-mail address changed'), ('account-joined', 'Joined to an account at their organisation'), ('account-parted', 'Disconnected from an account at their organisation'), ('invited', 'Invited'), ('invitation-used', 'Invitation used'), ('switched-off', 'Account switched off'), ('switched-on', 'Account switched on again'), ('pack-asked', 'Asked for an exit pack'), ('pack-taken', 'Downloaded an exit pack'), ('refused', 'Refused')], max_length=16),
        ),
    ]
