"""When people were told of a sign-off: those who signed what is withdrawn, and the office that all have signed."""

from django.db import migrations, models

from partnership.schema import AtOnce

TOLD = {
    "told_signed_at": "when the office was told that all have signed",
    "told_withdrawn_at": "when those who signed were told so",
}


class Migration(migrations.Migration):
    dependencies = [("assurance", "0019_report_words")]

    operations = [
        AtOnce(
            [
                migrations.AddField(model, name, models.DateTimeField(words, blank=True, null=True))
                for model in ("signoff", "signoffevent")
                for name, words in TOLD.items()
            ]
        ),
    ]
