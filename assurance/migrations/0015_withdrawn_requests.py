"""A request may be withdrawn from everybody, and who is not asked any more is told so once."""

from django.db import migrations, models

from partnership.schema import AtOnce

WITHDRAWN_AT = models.DateTimeField(blank=True, null=True, verbose_name="withdrawn from everybody")
WITHDRAWN_BECAUSE = models.CharField(blank=True, max_length=300)
TOLD_AT = models.DateTimeField(blank=True, null=True, verbose_name="when its people were told so")
FIELDS = [
    ("assurancerequest", "withdrawn_at", WITHDRAWN_AT),
    ("assurancerequest", "withdrawn_because", WITHDRAWN_BECAUSE),
    ("return", "withdrawal_told_at", TOLD_AT),
]


class Migration(migrations.Migration):
    dependencies = [("assurance", "0014_words_of_voices")]

    operations = [
        AtOnce(
            [
                migrations.AddField(f"{model}{of}", name, field.clone())
                for model, name, field in FIELDS
                for of in ("", "event")
            ]
        )
    ]
