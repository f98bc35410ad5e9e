from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0005_drafts_are_hidden"),
    ]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="return",
                    name="begun_at",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="When its first words were saved, which is all that the office learns of them",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="withdrawn_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="not asked any more since"),
                ),
                migrations.AddField(
                    model_name="return",
                    name="withdrawn_because",
                    field=models.CharField(blank=True, max_length=300),
                ),
                migrations.AddField(
                    model_name="returnevent",
                    name="begun_at",
                    field=models.DateTimeField(
                        blank=True,
                        help_text="When its first words were saved, which is all that the office learns of them",
                        null=True,
                    ),
                ),
                migrations.AddField(
                    model_name="returnevent",
                    name="withdrawn_at",
                    field=models.DateTimeField(blank=True, null=True, verbose_name="not asked any more since"),
                ),
                migrations.AddField(
                    model_name="returnevent",
                    name="withdrawn_because",
                    field=models.CharField(blank=True, max_length=300),
                ),
                migrations.AddField(
                    model_name="timetableentry",
                    name="is_yearly",
                    field=models.BooleanField(default=False, verbose_name="comes back every year"),
                ),
                migrations.AddField(
                    model_name="timetableentryevent",
                    name="is_yearly",
                    field=models.BooleanField(default=False, verbose_name="comes back every year"),
                ),
            ]
        )
    ]
