"""What the Operations page says of pages and tasks that ended in a fault of ours."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0024_seals"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fault",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "request",
                    models.CharField(
                        blank=True, db_index=True, help_text="The request's id, or the task's", max_length=36
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("kind", models.CharField(choices=[("page", "Page"), ("task", "Task")], max_length=4)),
                ("name", models.CharField(blank=True, help_text="The view's name, or the task's", max_length=120)),
                ("error", models.CharField(blank=True, help_text="The class of the exception", max_length=80)),
                (
                    "where",
                    models.CharField(
                        blank=True,
                        help_text="The last place in our own code that it came through",
                        max_length=200,
                    ),
                ),
            ],
            options={"ordering": ["-at", "-pk"]},
        ),
    ]
