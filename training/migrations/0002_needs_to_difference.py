"""Learning needs, bookings by practitioners, evaluation, competence, charges, and mails to those without an account."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import rules.contrib.models
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('partnership', '0017_emergency_access'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('plans', '0013_what_is_still_due'),
        ('training', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='AgencyCourse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=160, verbose_name='course')),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('needed_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='people who need it')),
                    ('trained_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='people who took it')),
                ],
                options={
                    'ordering': ['record', 'position', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='AgencyCourseEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('position', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=160, verbose_name='course')),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('needed_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='people who need it')),
                    ('trained_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='people who took it')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='AgencyTrainingReturn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('asked_on', models.DateField(verbose_name='asked')),
                    ('due_on', models.DateField(verbose_name='due')),
                    ('assured', models.TextField(blank=True, verbose_name='how you know that it is good')),
                    ('difference', models.TextField(blank=True, verbose_name='difference it made')),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1, help_text='Counts savings, so that none is lost')),
                ],
                options={
                    'ordering': ['-ends_on', 'organisation__name'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='AgencyTrainingReturnEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('starts_on', models.DateField(verbose_name='from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('asked_on', models.DateField(verbose_name='asked')),
                    ('due_on', models.DateField(verbose_name='due')),
                    ('assured', models.TextField(blank=True, verbose_name='how you know that it is good')),
                    ('difference', models.TextField(blank=True, verbose_name='difference it made')),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                    ('version', models.PositiveIntegerField(default=1, help_text='Counts savings, so that none is lost')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ChargeStatement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('edition', models.PositiveSmallIntegerField(default=1)),
                    ('content', models.JSONField(help_text='Its lines: what, how many, at what charge, how much')),
                    ('total', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='in pounds')),
                    ('note', models.CharField(blank=True, help_text='What this edition corrects', max_length=300)),
                    ('issued_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-ends_on', 'organisation__name', '-edition'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='ChargeStatementEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('starts_on', models.DateField()),
                    ('ends_on', models.DateField()),
                    ('edition', models.PositiveSmallIntegerField(default=1)),
                    ('content', models.JSONField(help_text='Its lines: what, how many, at what charge, how much')),
                    ('total', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='in pounds')),
                    ('note', models.CharField(blank=True, help_text='What this edition corrects', max_length=300)),
                    ('issued_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Competency',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=160)),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('description', models.TextField(blank=True)),
                    ('valid_months', models.PositiveSmallIntegerField(blank=True, help_text='Empty where once is enough', null=True, verbose_name='refreshed every so many months')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'verbose_name_plural': 'competencies',
                    'ordering': ['partnership', 'position', 'title', 'pk'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='CompetencyEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('title', models.CharField(max_length=160)),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('description', models.TextField(blank=True)),
                    ('valid_months', models.PositiveSmallIntegerField(blank=True, help_text='Empty where once is enough', null=True, verbose_name='refreshed every so many months')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='CompetencyRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('gained_on', models.DateField(verbose_name='gained')),
                    ('evidence', models.CharField(help_text='The agency’s own course, e-learning, a qualification', max_length=200, verbose_name='how')),
                ],
                options={
                    'ordering': ['practitioner', '-gained_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='CompetencyRecordEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('gained_on', models.DateField(verbose_name='gained')),
                    ('evidence', models.CharField(help_text='The agency’s own course, e-learning, a qualification', max_length=200, verbose_name='how')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='CourseCompetencyEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='CoursePriorityEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Evaluation',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('stage', models.CharField(choices=[('before', 'Before'), ('after', 'Straight after'), ('later', 'Some weeks later')], max_length=6)),
                    ('opens_on', models.DateField()),
                    ('closes_on', models.DateField()),
                    ('generation', models.PositiveSmallIntegerField(default=1)),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('confidence', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                    ('usefulness', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)])),
                    ('changed', models.CharField(blank=True, choices=[('yes', 'Yes, and it made a difference'), ('partly', 'Partly'), ('not-yet', 'Not yet'), ('no', 'No')], max_length=7)),
                    ('words', models.TextField(blank=True)),
                    ('hindered', models.TextField(blank=True, verbose_name='what stood in the way')),
                    ('manager_email', models.EmailField(blank=True, max_length=254, verbose_name='manager’s e-mail')),
                    ('is_with_manager', models.BooleanField(default=False, verbose_name='answered together with the manager')),
                    ('manager_answered_at', models.DateTimeField(blank=True, null=True)),
                    ('manager_changed', models.CharField(blank=True, choices=[('yes', 'Yes, and it made a difference'), ('partly', 'Partly'), ('not-yet', 'Not yet'), ('no', 'No')], max_length=7)),
                    ('manager_words', models.TextField(blank=True)),
                ],
                options={
                    'ordering': ['place', 'opens_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='EvaluationSummary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stage', models.CharField(choices=[('before', 'Before'), ('after', 'Straight after'), ('later', 'Some weeks later')], max_length=6)),
                    ('text', models.TextField(verbose_name='what people say')),
                    ('difference', models.TextField(blank=True, verbose_name='difference it made in practice')),
                    ('answer_count', models.PositiveSmallIntegerField(verbose_name='answers read')),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name_plural': 'evaluation summaries',
                    'ordering': ['event', 'stage'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='EvaluationSummaryEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('stage', models.CharField(choices=[('before', 'Before'), ('after', 'Straight after'), ('later', 'Some weeks later')], max_length=6)),
                    ('text', models.TextField(verbose_name='what people say')),
                    ('difference', models.TextField(blank=True, verbose_name='difference it made in practice')),
                    ('answer_count', models.PositiveSmallIntegerField(verbose_name='answers read')),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='EventTrainer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=160, verbose_name='post or name')),
                    ('days', models.DecimalField(decimal_places=2, default=Decimal('0.5'), max_digits=4, verbose_name='trainer days')),
                ],
                options={
                    'ordering': ['event', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='EventTrainerEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=160, verbose_name='post or name')),
                    ('days', models.DecimalField(decimal_places=2, default=Decimal('0.5'), max_digits=4, verbose_name='trainer days')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='LearningNeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rank')),
                    ('topic', models.CharField(max_length=200)),
                    ('why', models.TextField(blank=True, verbose_name='what shows it')),
                    ('source', models.CharField(choices=[('review', 'Review'), ('audit', 'Audit'), ('priority', 'Priority of the plan'), ('data', 'Data'), ('risk', 'Risk'), ('voice', 'What children, adults and families say'), ('return', 'Returns and self-assessments'), ('member', 'Member organisation'), ('group', 'Group'), ('people', 'Practitioners’ survey'), ('other', 'Elsewhere')], default='other', max_length=8)),
                    ('source_key', models.CharField(blank=True, help_text='Which record offered it', max_length=60)),
                    ('source_title', models.CharField(blank=True, max_length=200, verbose_name='seen in')),
                    ('source_url', models.CharField(blank=True, max_length=200)),
                    ('audience', models.CharField(blank=True, max_length=200, verbose_name='for whom')),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'Can wait'), (2, 'This year'), (3, 'Soon'), (4, 'Now')], default=2)),
                    ('decision', models.CharField(blank=True, choices=[('', 'Not decided'), ('met', 'Met by courses'), ('partly', 'Partly met'), ('unmet', 'Left unmet')], default='', max_length=6)),
                    ('reasons', models.TextField(blank=True, verbose_name='why, and what is left')),
                ],
                options={
                    'ordering': ['analysis', 'position', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='LearningNeedCourseEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='LearningNeedEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('position', models.PositiveSmallIntegerField(default=0, verbose_name='rank')),
                    ('topic', models.CharField(max_length=200)),
                    ('why', models.TextField(blank=True, verbose_name='what shows it')),
                    ('source', models.CharField(choices=[('review', 'Review'), ('audit', 'Audit'), ('priority', 'Priority of the plan'), ('data', 'Data'), ('risk', 'Risk'), ('voice', 'What children, adults and families say'), ('return', 'Returns and self-assessments'), ('member', 'Member organisation'), ('group', 'Group'), ('people', 'Practitioners’ survey'), ('other', 'Elsewhere')], default='other', max_length=8)),
                    ('source_key', models.CharField(blank=True, help_text='Which record offered it', max_length=60)),
                    ('source_title', models.CharField(blank=True, max_length=200, verbose_name='seen in')),
                    ('source_url', models.CharField(blank=True, max_length=200)),
                    ('audience', models.CharField(blank=True, max_length=200, verbose_name='for whom')),
                    ('level', models.CharField(blank=True, max_length=60)),
                    ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'Can wait'), (2, 'This year'), (3, 'Soon'), (4, 'Now')], default=2)),
                    ('decision', models.CharField(blank=True, choices=[('', 'Not decided'), ('met', 'Met by courses'), ('partly', 'Partly met'), ('unmet', 'Left unmet')], default='', max_length=6)),
                    ('reasons', models.TextField(blank=True, verbose_name='why, and what is left')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='NeedsAnalysis',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=160)),
                    ('starts_on', models.DateField(verbose_name='for the year from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('introduction', models.TextField(blank=True, help_text='What whoever is asked reads first')),
                    ('opens_on', models.DateField(blank=True, null=True, verbose_name='questions open')),
                    ('closes_on', models.DateField(blank=True, null=True, verbose_name='questions close')),
                    ('settled_on', models.DateField(blank=True, null=True, verbose_name='settled')),
                ],
                options={
                    'verbose_name_plural': 'needs analyses',
                    'ordering': ['-starts_on', '-pk'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='NeedsAnalysisEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('title', models.CharField(max_length=160)),
                    ('starts_on', models.DateField(verbose_name='for the year from')),
                    ('ends_on', models.DateField(verbose_name='to')),
                    ('introduction', models.TextField(blank=True, help_text='What whoever is asked reads first')),
                    ('opens_on', models.DateField(blank=True, null=True, verbose_name='questions open')),
                    ('closes_on', models.DateField(blank=True, null=True, verbose_name='questions close')),
                    ('settled_on', models.DateField(blank=True, null=True, verbose_name='settled')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='NeedsInvitation',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('member', 'Member organisation'), ('group', 'Group'), ('people', 'Practitioners')], max_length=6)),
                    ('generation', models.PositiveSmallIntegerField(default=1)),
                    ('sent_on', models.DateField(blank=True, null=True, verbose_name='link given')),
                ],
                options={
                    'ordering': ['analysis', 'kind', 'organisation__name', 'group__name', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='NeedsInvitationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                    ('kind', models.CharField(choices=[('member', 'Member organisation'), ('group', 'Group'), ('people', 'Practitioners')], max_length=6)),
                    ('generation', models.PositiveSmallIntegerField(default=1)),
                    ('sent_on', models.DateField(blank=True, null=True, verbose_name='link given')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='NeedsReply',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('replied_on', models.DateField()),
                    ('by', models.CharField(blank=True, help_text='Members and groups only', max_length=160, verbose_name='name and post')),
                    ('job', models.CharField(blank=True, max_length=120, verbose_name='kind of work')),
                ],
                options={
                    'verbose_name_plural': 'needs replies',
                    'ordering': ['invitation', 'replied_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='NeedsWish',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('topic', models.CharField(max_length=200)),
                    ('audience', models.CharField(blank=True, max_length=200, verbose_name='for whom')),
                    ('urgency', models.PositiveSmallIntegerField(choices=[(1, 'Can wait'), (2, 'This year'), (3, 'Soon'), (4, 'Now')], default=2, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)])),
                    ('why', models.TextField(blank=True, verbose_name='what shows it')),
                ],
                options={
                    'verbose_name_plural': 'needs wishes',
                    'ordering': ['reply', 'position', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Practitioner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120)),
                    ('email', models.EmailField(blank=True, help_text='Empty where an old log did not say', max_length=254, verbose_name='work e-mail')),
                    ('job', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                    ('began_on', models.DateField(blank=True, null=True, verbose_name='began in this role')),
                    ('manager_name', models.CharField(blank=True, max_length=120, verbose_name='manager’s name')),
                    ('manager_email', models.EmailField(blank=True, max_length=254, verbose_name='manager’s e-mail')),
                    ('left_on', models.DateField(blank=True, null=True, verbose_name='left')),
                ],
                options={
                    'ordering': ['name', 'pk'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='PractitionerEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('email', models.EmailField(blank=True, help_text='Empty where an old log did not say', max_length=254, verbose_name='work e-mail')),
                    ('job', models.CharField(blank=True, max_length=120, verbose_name='job title')),
                    ('began_on', models.DateField(blank=True, null=True, verbose_name='began in this role')),
                    ('manager_name', models.CharField(blank=True, max_length=120, verbose_name='manager’s name')),
                    ('manager_email', models.EmailField(blank=True, max_length=254, verbose_name='manager’s e-mail')),
                    ('left_on', models.DateField(blank=True, null=True, verbose_name='left')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='RoleRequirement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('within_months', models.PositiveSmallIntegerField(default=6, verbose_name='within so many months')),
                ],
                options={
                    'ordering': ['role', 'competency'],
                },
            ),
            migrations.CreateModel(
                name='RoleRequirementEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('within_months', models.PositiveSmallIntegerField(default=6, verbose_name='within so many months')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TrainingImport',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('understood', models.JSONField(help_text='What each row means and what is wrong with it')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('confirmed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'ordering': ['-created_at'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='TrainingImportEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                    ('understood', models.JSONField(help_text='What each row means and what is wrong with it')),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('confirmed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TrainingMail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('confirm', 'Confirm your place'), ('booked', 'Booked, with an invitation'), ('waiting', 'On the waiting list'), ('agree', 'Your agreement is asked'), ('declined', 'Not agreed'), ('moved', 'The event changed'), ('cancelled', 'Your place is cancelled'), ('off', 'The event is cancelled'), ('remind', 'Reminder'), ('evaluate', 'Questions'), ('manager', 'Questions to the manager'), ('certify', 'Certificate'), ('needs', 'What do your people have to learn?'), ('record', 'Link to one’s own record'), ('charge', 'Statement')], max_length=9)),
                    ('key', models.CharField(help_text='Says what it tells of, so that nothing is told twice', max_length=80, unique=True)),
                    ('address', models.EmailField(max_length=254)),
                    ('sequence', models.PositiveSmallIntegerField(default=0, help_text='Of the event, when the mail was made')),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('claimed_at', models.DateTimeField(null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('problem', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'ordering': ['-made_at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='TrainingMailEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(choices=[('confirm', 'Confirm your place'), ('booked', 'Booked, with an invitation'), ('waiting', 'On the waiting list'), ('agree', 'Your agreement is asked'), ('declined', 'Not agreed'), ('moved', 'The event changed'), ('cancelled', 'Your place is cancelled'), ('off', 'The event is cancelled'), ('remind', 'Reminder'), ('evaluate', 'Questions'), ('manager', 'Questions to the manager'), ('certify', 'Certificate'), ('needs', 'What do your people have to learn?'), ('record', 'Link to one’s own record'), ('charge', 'Statement')], max_length=9)),
                    ('key', models.CharField(help_text='Says what it tells of, so that nothing is told twice', max_length=80)),
                    ('address', models.EmailField(max_length=254)),
                    ('sequence', models.PositiveSmallIntegerField(default=0, help_text='Of the event, when the mail was made')),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('problem', models.CharField(blank=True, max_length=300)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TrainingPolicy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('is_charging', models.BooleanField(default=False, verbose_name='agencies are charged')),
                    ('free_places_per_trainer_day', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1)])),
                    ('trainer_day_charge', models.DecimalField(decimal_places=2, default=Decimal('100'), max_digits=7, verbose_name='charge for a trainer day that is owed, in pounds')),
                    ('non_attendance_charge', models.DecimalField(decimal_places=2, default=Decimal('50'), max_digits=7, verbose_name='charge for not coming, in pounds')),
                    ('free_cancelling_days', models.PositiveSmallIntegerField(default=5, help_text='Working days before the event until which cancelling costs nothing')),
                    ('confirm_hours', models.PositiveSmallIntegerField(default=48, help_text='So long somebody has to confirm a booking by mail', validators=[django.core.validators.MinValueValidator(1)])),
                    ('agreement_days', models.PositiveSmallIntegerField(default=5, help_text='Days that a place is kept for a manager’s agreement', validators=[django.core.validators.MinValueValidator(1)])),
                    ('fill_until_days', models.PositiveSmallIntegerField(default=2, help_text='The waiting list fills by itself until so many days before the event')),
                    ('remind_days_before', models.PositiveSmallIntegerField(default=5, help_text='Days before the event on which those who are booked are reminded')),
                    ('later_weeks', models.PositiveSmallIntegerField(default=6, help_text='Weeks after the event when the last questions are sent', validators=[django.core.validators.MinValueValidator(1)])),
                    ('later_closing_weeks', models.PositiveSmallIntegerField(default=8, help_text='Weeks after the event when they close', validators=[django.core.validators.MinValueValidator(2)])),
                    ('fewest_answers', models.PositiveSmallIntegerField(default=5, help_text='Answers are shown from so many on', validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(50)])),
                    ('private_domains', models.TextField(blank=True, default='gmail.com\ngooglemail.com\nhotmail.com\nhotmail.co.uk\noutlook.com\nlive.co.uk\nyahoo.com\nyahoo.co.uk\nicloud.com\naol.com\nbtinternet.com\nsky.com\nproton.me', help_text='Domains of private e-mail addresses, one a line')),
                ],
                options={
                    'verbose_name_plural': 'training policies',
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='TrainingPolicyEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('is_charging', models.BooleanField(default=False, verbose_name='agencies are charged')),
                    ('free_places_per_trainer_day', models.PositiveSmallIntegerField(default=10, validators=[django.core.validators.MinValueValidator(1)])),
                    ('trainer_day_charge', models.DecimalField(decimal_places=2, default=Decimal('100'), max_digits=7, verbose_name='charge for a trainer day that is owed, in pounds')),
                    ('non_attendance_charge', models.DecimalField(decimal_places=2, default=Decimal('50'), max_digits=7, verbose_name='charge for not coming, in pounds')),
                    ('free_cancelling_days', models.PositiveSmallIntegerField(default=5, help_text='Working days before the event until which cancelling costs nothing')),
                    ('confirm_hours', models.PositiveSmallIntegerField(default=48, help_text='So long somebody has to confirm a booking by mail', validators=[django.core.validators.MinValueValidator(1)])),
                    ('agreement_days', models.PositiveSmallIntegerField(default=5, help_text='Days that a place is kept for a manager’s agreement', validators=[django.core.validators.MinValueValidator(1)])),
                    ('fill_until_days', models.PositiveSmallIntegerField(default=2, help_text='The waiting list fills by itself until so many days before the event')),
                    ('remind_days_before', models.PositiveSmallIntegerField(default=5, help_text='Days before the event on which those who are booked are reminded')),
                    ('later_weeks', models.PositiveSmallIntegerField(default=6, help_text='Weeks after the event when the last questions are sent', validators=[django.core.validators.MinValueValidator(1)])),
                    ('later_closing_weeks', models.PositiveSmallIntegerField(default=8, help_text='Weeks after the event when they close', validators=[django.core.validators.MinValueValidator(2)])),
                    ('fewest_answers', models.PositiveSmallIntegerField(default=5, help_text='Answers are shown from so many on', validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(50)])),
                    ('private_domains', models.TextField(blank=True, default='gmail.com\ngooglemail.com\nhotmail.com\nhotmail.co.uk\noutlook.com\nlive.co.uk\nyahoo.com\nyahoo.co.uk\nicloud.com\naol.com\nbtinternet.com\nsky.com\nproton.me', help_text='Domains of private e-mail addresses, one a line')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='WorkRole',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title', models.CharField(max_length=160)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'ordering': ['partnership', 'position', 'title', 'pk'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='WorkRoleEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('title', models.CharField(max_length=160)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
        AtOnce([
            migrations.AlterModelOptions(
                name='course',
                options={'ordering': ['title', 'pk']},
            ),
            migrations.AlterModelOptions(
                name='event',
                options={'ordering': ['starts_at', 'pk']},
            ),
            migrations.AlterModelOptions(
                name='place',
                options={'ordering': ['event', 'organisation__name', 'person', 'pk']},
            ),
            migrations.AddField(
                model_name='course',
                name='afterwards',
                field=models.TextField(blank=True, verbose_name='what people can do afterwards'),
            ),
            migrations.AddField(
                model_name='course',
                name='is_agreement_needed',
                field=models.BooleanField(default=False, verbose_name='the manager has to agree'),
            ),
            migrations.AddField(
                model_name='course',
                name='is_work_email_needed',
                field=models.BooleanField(default=True, verbose_name='only with a work e-mail address'),
            ),
            migrations.AddField(
                model_name='course',
                name='priorities',
                field=models.ManyToManyField(blank=True, related_name='courses', to='plans.priority'),
            ),
            migrations.AddField(
                model_name='course',
                name='retired_on',
                field=models.DateField(blank=True, null=True, verbose_name='not held any more since'),
            ),
            migrations.AddField(
                model_name='course',
                name='run_by',
                field=models.ForeignKey(blank=True, help_text='Whose rules of training count, and who charges', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courses_run', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='courseevent',
                name='afterwards',
                field=models.TextField(blank=True, verbose_name='what people can do afterwards'),
            ),
            migrations.AddField(
                model_name='courseevent',
                name='is_agreement_needed',
                field=models.BooleanField(default=False, verbose_name='the manager has to agree'),
            ),
            migrations.AddField(
                model_name='courseevent',
                name='is_work_email_needed',
                field=models.BooleanField(default=True, verbose_name='only with a work e-mail address'),
            ),
            migrations.AddField(
                model_name='courseevent',
                name='retired_on',
                field=models.DateField(blank=True, null=True, verbose_name='not held any more since'),
            ),
            migrations.AddField(
                model_name='courseevent',
                name='run_by',
                field=models.ForeignKey(blank=True, db_constraint=False, help_text='Whose rules of training count, and who charges', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='event',
                name='books_until_on',
                field=models.DateField(blank=True, null=True, verbose_name='books until'),
            ),
            migrations.AddField(
                model_name='event',
                name='cancelled_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='cancelled'),
            ),
            migrations.AddField(
                model_name='event',
                name='cancelled_because',
                field=models.CharField(blank=True, max_length=300),
            ),
            migrations.AddField(
                model_name='event',
                name='ends_at',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name='event',
                name='joining',
                field=models.TextField(blank=True, help_text='Only those who are booked see them: room, parking, what to bring', verbose_name='joining details'),
            ),
            migrations.AddField(
                model_name='event',
                name='length',
                field=models.DecimalField(decimal_places=2, default=Decimal('0.5'), help_text='A half day is 0.5', max_digits=4, verbose_name='length in training days'),
            ),
            migrations.AddField(
                model_name='event',
                name='link',
                field=models.URLField(blank=True, help_text='Only those who are booked see it', max_length=500, verbose_name='joining link'),
            ),
            migrations.AddField(
                model_name='event',
                name='places_per_organisation',
                field=models.PositiveSmallIntegerField(blank=True, help_text='The most places for one organisation; empty for no limit', null=True, verbose_name='fair share'),
            ),
            migrations.AddField(
                model_name='event',
                name='register_closed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='register closed'),
            ),
            migrations.AddField(
                model_name='event',
                name='sequence',
                field=models.PositiveSmallIntegerField(default=0, help_text='How often its day, time or place changed: invitations carry it (RFC 5546, 2.1.4)'),
            ),
            migrations.AddField(
                model_name='event',
                name='shares_until_on',
                field=models.DateField(blank=True, help_text='After that day free places go to whoever waits longest', null=True, verbose_name='shares end on'),
            ),
            migrations.AddField(
                model_name='event',
                name='sign_in_code',
                field=models.CharField(blank=True, help_text='Said in the room, so that people sign in', max_length=6),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='books_until_on',
                field=models.DateField(blank=True, null=True, verbose_name='books until'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='cancelled_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='cancelled'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='cancelled_because',
                field=models.CharField(blank=True, max_length=300),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='ends_at',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='joining',
                field=models.TextField(blank=True, help_text='Only those who are booked see them: room, parking, what to bring', verbose_name='joining details'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='length',
                field=models.DecimalField(decimal_places=2, default=Decimal('0.5'), help_text='A half day is 0.5', max_digits=4, verbose_name='length in training days'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='link',
                field=models.URLField(blank=True, help_text='Only those who are booked see it', max_length=500, verbose_name='joining link'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='places_per_organisation',
                field=models.PositiveSmallIntegerField(blank=True, help_text='The most places for one organisation; empty for no limit', null=True, verbose_name='fair share'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='register_closed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='register closed'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='sequence',
                field=models.PositiveSmallIntegerField(default=0, help_text='How often its day, time or place changed: invitations carry it (RFC 5546, 2.1.4)'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='shares_until_on',
                field=models.DateField(blank=True, help_text='After that day free places go to whoever waits longest', null=True, verbose_name='shares end on'),
            ),
            migrations.AddField(
                model_name='eventevent',
                name='sign_in_code',
                field=models.CharField(blank=True, help_text='Said in the room, so that people sign in', max_length=6),
            ),
            migrations.AddField(
                model_name='place',
                name='agree_by_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='kept for the manager until'),
            ),
            migrations.AddField(
                model_name='place',
                name='agreed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='manager agreed'),
            ),
            migrations.AddField(
                model_name='place',
                name='asked_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='asked for'),
            ),
            migrations.AddField(
                model_name='place',
                name='cancelled_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='cancelled'),
            ),
            migrations.AddField(
                model_name='place',
                name='cancelled_because',
                field=models.CharField(blank=True, max_length=300),
            ),
            migrations.AddField(
                model_name='place',
                name='confirmed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='confirmed by mail'),
            ),
            migrations.AddField(
                model_name='place',
                name='generation',
                field=models.PositiveSmallIntegerField(default=1, help_text='A new one ends the links that were mailed before'),
            ),
            migrations.AddField(
                model_name='place',
                name='is_late',
                field=models.BooleanField(default=False, verbose_name='cancelled too late to be free'),
            ),
            migrations.AddField(
                model_name='place',
                name='manager_email',
                field=models.EmailField(blank=True, max_length=254, verbose_name='manager’s e-mail'),
            ),
            migrations.AddField(
                model_name='place',
                name='needs',
                field=models.CharField(blank=True, max_length=300, verbose_name='what they need to take part'),
            ),
            migrations.AddField(
                model_name='place',
                name='signed_in_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='signed in'),
            ),
            migrations.AddField(
                model_name='place',
                name='signed_in_how',
                field=models.CharField(blank=True, choices=[('code', 'Signed in by code'), ('list', 'Ticked on the list'), ('import', 'From an imported log')], max_length=6),
            ),
            migrations.AddField(
                model_name='place',
                name='waiting_since',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name='place',
                name='waived_because',
                field=models.CharField(blank=True, max_length=200, verbose_name='not charged because'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='agree_by_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='kept for the manager until'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='agreed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='manager agreed'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='asked_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='asked for'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='cancelled_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='cancelled'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='cancelled_because',
                field=models.CharField(blank=True, max_length=300),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='confirmed_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='confirmed by mail'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='generation',
                field=models.PositiveSmallIntegerField(default=1, help_text='A new one ends the links that were mailed before'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='is_late',
                field=models.BooleanField(default=False, verbose_name='cancelled too late to be free'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='manager_email',
                field=models.EmailField(blank=True, max_length=254, verbose_name='manager’s e-mail'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='needs',
                field=models.CharField(blank=True, max_length=300, verbose_name='what they need to take part'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='signed_in_at',
                field=models.DateTimeField(blank=True, null=True, verbose_name='signed in'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='signed_in_how',
                field=models.CharField(blank=True, choices=[('code', 'Signed in by code'), ('list', 'Ticked on the list'), ('import', 'From an imported log')], max_length=6),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='waiting_since',
                field=models.DateTimeField(blank=True, null=True),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='waived_because',
                field=models.CharField(blank=True, max_length=200, verbose_name='not charged because'),
            ),
            migrations.AlterField(
                model_name='course',
                name='mode',
                field=models.CharField(choices=[('room', 'In a room'), ('online', 'Online'), ('blended', 'Partly online'), ('own-time', 'In one’s own time'), ('briefing', 'Briefing'), ('confer', 'Conference')], default='room', max_length=8),
            ),
            migrations.AlterField(
                model_name='courseevent',
                name='mode',
                field=models.CharField(choices=[('room', 'In a room'), ('online', 'Online'), ('blended', 'Partly online'), ('own-time', 'In one’s own time'), ('briefing', 'Briefing'), ('confer', 'Conference')], default='room', max_length=8),
            ),
            migrations.AlterField(
                model_name='place',
                name='booked_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name='place',
                name='person',
                field=models.CharField(max_length=120, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='place',
                name='status',
                field=models.CharField(choices=[('unsure', 'Waits to be confirmed by mail'), ('agreement', 'Waits for the manager’s agreement'), ('booked', 'Booked'), ('waiting', 'On the waiting list'), ('attended', 'Attended'), ('missed', 'Did not attend'), ('cancelled', 'Cancelled')], default='booked', max_length=10),
            ),
            migrations.AlterField(
                model_name='placeevent',
                name='booked_by',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AlterField(
                model_name='placeevent',
                name='person',
                field=models.CharField(max_length=120, verbose_name='name'),
            ),
            migrations.AlterField(
                model_name='placeevent',
                name='status',
                field=models.CharField(choices=[('unsure', 'Waits to be confirmed by mail'), ('agreement', 'Waits for the manager’s agreement'), ('booked', 'Booked'), ('waiting', 'On the waiting list'), ('attended', 'Attended'), ('missed', 'Did not attend'), ('cancelled', 'Cancelled')], default='booked', max_length=10),
            ),
            migrations.AddField(
                model_name='agencycourseevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='agencycourseevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.agencycourse'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturn',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturn',
                name='partnership',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturn',
                name='submitted_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='agencycourseevent',
                name='record',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.agencytrainingreturn'),
            ),
            migrations.AddField(
                model_name='agencycourse',
                name='record',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='courses', to='training.agencytrainingreturn'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturnevent',
                name='organisation',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturnevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturnevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturnevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.agencytrainingreturn'),
            ),
            migrations.AddField(
                model_name='agencytrainingreturnevent',
                name='submitted_by',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='chargestatement',
                name='issued_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='chargestatement',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='chargestatement',
                name='partnership',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='chargestatementevent',
                name='issued_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='chargestatementevent',
                name='organisation',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='chargestatementevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='chargestatementevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='chargestatementevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.chargestatement'),
            ),
            migrations.AddField(
                model_name='competency',
                name='partnership',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='course',
                name='competencies',
                field=models.ManyToManyField(blank=True, related_name='courses', to='training.competency'),
            ),
            migrations.AddField(
                model_name='competencyevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='competencyevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='competencyevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.competency'),
            ),
            migrations.AddField(
                model_name='competencyrecord',
                name='competency',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='training.competency'),
            ),
            migrations.AddField(
                model_name='competencyrecord',
                name='recorded_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='competencyrecordevent',
                name='competency',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.competency'),
            ),
            migrations.AddField(
                model_name='competencyrecordevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='competencyrecordevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.competencyrecord'),
            ),
            migrations.AddField(
                model_name='competencyrecordevent',
                name='recorded_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='coursecompetencyevent',
                name='competency',
                field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.competency'),
            ),
            migrations.AddField(
                model_name='coursecompetencyevent',
                name='course',
                field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.course'),
            ),
            migrations.AddField(
                model_name='coursecompetencyevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='coursepriorityevent',
                name='course',
                field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.course'),
            ),
            migrations.AddField(
                model_name='coursepriorityevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='coursepriorityevent',
                name='priority',
                field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.priority'),
            ),
            migrations.AddField(
                model_name='evaluation',
                name='place',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evaluations', to='training.place'),
            ),
            migrations.AddField(
                model_name='evaluationsummary',
                name='event',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='summaries', to='training.event'),
            ),
            migrations.AddField(
                model_name='evaluationsummary',
                name='written_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='evaluationsummaryevent',
                name='event',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.event'),
            ),
            migrations.AddField(
                model_name='evaluationsummaryevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='evaluationsummaryevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.evaluationsummary'),
            ),
            migrations.AddField(
                model_name='evaluationsummaryevent',
                name='written_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='eventtrainer',
                name='event',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='training.event'),
            ),
            migrations.AddField(
                model_name='eventtrainer',
                name='organisation',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='trainer_days', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='eventtrainerevent',
                name='event',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.event'),
            ),
            migrations.AddField(
                model_name='eventtrainerevent',
                name='organisation',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='eventtrainerevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='eventtrainerevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.eventtrainer'),
            ),
            migrations.AddField(
                model_name='learningneed',
                name='courses',
                field=models.ManyToManyField(blank=True, related_name='needs', to='training.course'),
            ),
            migrations.AddField(
                model_name='learningneed',
                name='priority',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='learning_needs', to='plans.priority'),
            ),
            migrations.AddField(
                model_name='learningneedcourseevent',
                name='course',
                field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.course'),
            ),
            migrations.AddField(
                model_name='learningneedcourseevent',
                name='learningneed',
                field=models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.learningneed'),
            ),
            migrations.AddField(
                model_name='learningneedcourseevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='learningneedevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='learningneedevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.learningneed'),
            ),
            migrations.AddField(
                model_name='learningneedevent',
                name='priority',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='plans.priority'),
            ),
            migrations.AddField(
                model_name='needsanalysis',
                name='partnership',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='learningneedevent',
                name='analysis',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.needsanalysis'),
            ),
            migrations.AddField(
                model_name='learningneed',
                name='analysis',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='training.needsanalysis'),
            ),
            migrations.AddField(
                model_name='needsanalysisevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='needsanalysisevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='needsanalysisevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.needsanalysis'),
            ),
            migrations.AddField(
                model_name='needsinvitation',
                name='analysis',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='training.needsanalysis'),
            ),
            migrations.AddField(
                model_name='needsinvitation',
                name='group',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.group'),
            ),
            migrations.AddField(
                model_name='needsinvitation',
                name='organisation',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='needsinvitationevent',
                name='analysis',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.needsanalysis'),
            ),
            migrations.AddField(
                model_name='needsinvitationevent',
                name='group',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.group'),
            ),
            migrations.AddField(
                model_name='needsinvitationevent',
                name='organisation',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='needsinvitationevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='needsinvitationevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.needsinvitation'),
            ),
            migrations.AddField(
                model_name='needsreply',
                name='invitation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='training.needsinvitation'),
            ),
            migrations.AddField(
                model_name='needswish',
                name='need',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wishes', to='training.learningneed'),
            ),
            migrations.AddField(
                model_name='needswish',
                name='reply',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wishes', to='training.needsreply'),
            ),
            migrations.AddField(
                model_name='practitioner',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practitioners', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='competencyrecordevent',
                name='practitioner',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='competencyrecord',
                name='practitioner',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='place',
                name='practitioner',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='places', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='placeevent',
                name='practitioner',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='practitionerevent',
                name='organisation',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.organisation'),
            ),
            migrations.AddField(
                model_name='practitionerevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='practitionerevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='rolerequirement',
                name='competency',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='training.competency'),
            ),
            migrations.AddField(
                model_name='rolerequirementevent',
                name='competency',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.competency'),
            ),
            migrations.AddField(
                model_name='rolerequirementevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='rolerequirementevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.rolerequirement'),
            ),
            migrations.AddField(
                model_name='trainingimport',
                name='created_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='trainingimport',
                name='document',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.document'),
            ),
            migrations.AddField(
                model_name='trainingimport',
                name='partnership',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='trainingimportevent',
                name='created_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='trainingimportevent',
                name='document',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.document'),
            ),
            migrations.AddField(
                model_name='trainingimportevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='trainingimportevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='trainingimportevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.trainingimport'),
            ),
            migrations.AddField(
                model_name='trainingmail',
                name='evaluation',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='training.evaluation'),
            ),
            migrations.AddField(
                model_name='trainingmail',
                name='invitation',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='training.needsinvitation'),
            ),
            migrations.AddField(
                model_name='trainingmail',
                name='place',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='training.place'),
            ),
            migrations.AddField(
                model_name='trainingmail',
                name='practitioner',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='trainingmail',
                name='statement',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='training.chargestatement'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='evaluation',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.evaluation'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='invitation',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.needsinvitation'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.trainingmail'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='place',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.place'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='practitioner',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.practitioner'),
            ),
            migrations.AddField(
                model_name='trainingmailevent',
                name='statement',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.chargestatement'),
            ),
            migrations.AddField(
                model_name='trainingpolicy',
                name='partnership',
                field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='training_policy', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='trainingpolicyevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='trainingpolicyevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='trainingpolicyevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.trainingpolicy'),
            ),
            migrations.AddField(
                model_name='workrole',
                name='partnership',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='rolerequirementevent',
                name='role',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.workrole'),
            ),
            migrations.AddField(
                model_name='rolerequirement',
                name='role',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='training.workrole'),
            ),
            migrations.AddField(
                model_name='practitionerevent',
                name='role',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='training.workrole'),
            ),
            migrations.AddField(
                model_name='practitioner',
                name='role',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='practitioners', to='training.workrole'),
            ),
            migrations.AddField(
                model_name='workroleevent',
                name='partnership',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership'),
            ),
            migrations.AddField(
                model_name='workroleevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='workroleevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='training.workrole'),
            ),
        ]),
        AtOnce([
            migrations.CreateModel(
                name='CourseCompetency',
                fields=[
                ],
                options={
                    'proxy': True,
                    'indexes': [],
                    'constraints': [],
                },
                bases=('training.course_competencies',),
            ),
            migrations.CreateModel(
                name='CoursePriority',
                fields=[
                ],
                options={
                    'proxy': True,
                    'indexes': [],
                    'constraints': [],
                },
                bases=('training.course_priorities',),
            ),
            migrations.CreateModel(
                name='LearningNeedCourse',
                fields=[
                ],
                options={
                    'proxy': True,
                    'indexes': [],
                    'constraints': [],
                },
                bases=('training.learningneed_courses',),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=models.CheckConstraint(condition=models.Q(('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='event_ends_after_it_starts'),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), models.Q(('cancelled_because', ''), _negated=True), _connector='OR'), name='cancelled_event_says_why'),
            ),
            migrations.AddIndex(
                model_name='place',
                index=models.Index(fields=['event', 'status', 'waiting_since'], name='place_waiting'),
            ),
            migrations.AddConstraint(
                model_name='place',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'cancelled'), _negated=True), fields=('event', 'practitioner'), name='one_place_a_person_at_an_event'),
            ),
            migrations.AddConstraint(
                model_name='agencytrainingreturn',
                constraint=models.UniqueConstraint(fields=('partnership', 'organisation', 'starts_on'), name='one_training_return_a_year'),
            ),
            migrations.AddConstraint(
                model_name='agencytrainingreturn',
                constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='training_return_ends_after_it_starts'),
            ),
            migrations.AddConstraint(
                model_name='chargestatement',
                constraint=models.UniqueConstraint(fields=('partnership', 'organisation', 'starts_on', 'ends_on', 'edition'), name='one_statement_an_edition'),
            ),
            migrations.AddConstraint(
                model_name='chargestatement',
                constraint=models.CheckConstraint(condition=models.Q(('edition', 1), models.Q(('note', ''), _negated=True), _connector='OR'), name='later_statement_says_what_it_corrects'),
            ),
            migrations.AddConstraint(
                model_name='competency',
                constraint=models.UniqueConstraint(models.F('partnership'), django.db.models.functions.text.Lower('title'), name='one_competency_a_title'),
            ),
            migrations.AddConstraint(
                model_name='evaluation',
                constraint=models.UniqueConstraint(fields=('place', 'stage'), name='one_evaluation_a_stage'),
            ),
            migrations.AddConstraint(
                model_name='evaluation',
                constraint=models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='evaluation_closes_after_it_opens'),
            ),
            migrations.AddConstraint(
                model_name='evaluationsummary',
                constraint=models.UniqueConstraint(fields=('event', 'stage'), name='one_summary_a_stage'),
            ),
            migrations.AddConstraint(
                model_name='needsanalysis',
                constraint=models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='needs_year_ends_after_it_starts'),
            ),
            migrations.AddConstraint(
                model_name='needsanalysis',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes_on', None), ('opens_on', None)), ('closes_on__gte', models.F('opens_on')), _connector='OR'), name='needs_questions_open_and_close'),
            ),
            migrations.AddConstraint(
                model_name='needsanalysis',
                constraint=models.UniqueConstraint(fields=('partnership', 'starts_on'), name='one_needs_analysis_a_year'),
            ),
            migrations.AddConstraint(
                model_name='learningneed',
                constraint=models.UniqueConstraint(condition=models.Q(('source_key', ''), _negated=True), fields=('analysis', 'source_key'), name='one_need_a_source'),
            ),
            migrations.AddConstraint(
                model_name='learningneed',
                constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['', 'met']), models.Q(('reasons', ''), _negated=True), _connector='OR'), name='need_left_unmet_says_why'),
            ),
            migrations.AddConstraint(
                model_name='needsinvitation',
                constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('analysis', 'kind', 'organisation'), name='one_needs_link_an_organisation'),
            ),
            migrations.AddConstraint(
                model_name='needsinvitation',
                constraint=models.UniqueConstraint(condition=models.Q(('group__isnull', False)), fields=('analysis', 'group'), name='one_needs_link_a_group'),
            ),
            migrations.AddConstraint(
                model_name='needsinvitation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('group__isnull', False), ('kind', 'group'), ('organisation', None)), models.Q(('group', None), ('kind__in', ['member', 'people']), ('organisation__isnull', False)), _connector='OR'), name='needs_link_is_somebodys'),
            ),
            migrations.AddIndex(
                model_name='trainingmail',
                index=models.Index(condition=models.Q(('problem', ''), ('sent_at', None)), fields=['made_at'], name='training_mail_waits'),
            ),
            migrations.AddConstraint(
                model_name='trainingpolicy',
                constraint=models.CheckConstraint(condition=models.Q(('later_closing_weeks__gt', models.F('later_weeks'))), name='later_questions_close_after_they_open'),
            ),
            migrations.AddConstraint(
                model_name='workrole',
                constraint=models.UniqueConstraint(models.F('partnership'), django.db.models.functions.text.Lower('title'), name='one_role_a_title'),
            ),
            migrations.AddConstraint(
                model_name='rolerequirement',
                constraint=models.UniqueConstraint(fields=('role', 'competency'), name='one_requirement_a_competency'),
            ),
            migrations.AddConstraint(
                model_name='practitioner',
                constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('email', ''), _negated=True), name='one_practitioner_an_email'),
            ),
        ]),
    ]
