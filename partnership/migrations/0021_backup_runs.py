"""What the Operations page says of backups and of drills in which one was put back."""

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnership", "0020_data_protection"),
    ]

    operations = [
        migrations.CreateModel(
            name="BackupRun",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(choices=[("backup", "Backup"), ("drill", "Restore drill")], max_length=6)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=7,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "snapshot",
                    models.CharField(blank=True, help_text="Its name in the repository of backups", max_length=64),
                ),
                ("taken_at", models.DateTimeField(help_text="The moment at which the database is in it", null=True)),
                (
                    "size",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Bytes of the dump and the files, before compression"
                    ),
                ),
                ("figures", models.JSONField(default=dict, help_text="Counts and seconds, by name")),
                (
                    "problem",
                    models.TextField(blank=True, help_text="What was wrong, in sentences for the administrator"),
                ),
            ],
            options={
                "ordering": ["-began_at"],
                "indexes": [models.Index(fields=["kind", "state", "-began_at"], name="newest_backup_runs")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "running")),
                            models.Q(("ended_at__isnull", False), ("state__in", ["done", "failed"])),
                            _connector="OR",
                        ),
                        name="backup_run_ends_or_runs",
                    )
                ],
            },
        ),
    ]
