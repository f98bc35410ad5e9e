from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnership', '0003_structure'),
    ]

    operations = [
        migrations.AddField(
            model_name='budgetyear',
            name='agreed_by',
            field=models.CharField(blank=True, help_text='As “the Executive”, or each partner that agreed', max_length=200),
        ),
        migrations.AddField(
            model_name='budgetyearevent',
            name='agreed_by',
            field=models.CharField(blank=True, help_text='As “the Executive”, or each partner that agreed', max_length=200),
        ),
    ]
