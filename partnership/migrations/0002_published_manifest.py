from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnership", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="publishedfile",
            name="manifest",
            field=models.JSONField(default=dict, help_text="What the bytes were made from"),
        ),
    ]
