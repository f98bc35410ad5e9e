"""How long what is held about people is kept, copies of it that were made, and who was forgotten."""

import django.db.models.deletion
import rules.contrib.models
import uuid
from django.conf import settings
from django.db import migrations, models

from partnership.schema import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('partnership', '0019_sign_in'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        AtOnce([
            migrations.CreateModel(
                name='Erasure',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('subject_kind', models.SlugField(max_length=20)),
                    ('subject_key', models.CharField(max_length=40)),
                    ('pseudonym', models.CharField(blank=True, max_length=60)),
                    ('because', models.TextField(verbose_name='why they may be erased')),
                    ('asked_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn_because', models.TextField(blank=True, verbose_name='why not')),
                    ('counts', models.JSONField(default=dict, help_text='How many rows of which table were changed')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership')),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-asked_at'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='ErasureEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                    ('subject_kind', models.SlugField(db_index=False, max_length=20)),
                    ('subject_key', models.CharField(max_length=40)),
                    ('pseudonym', models.CharField(blank=True, max_length=60)),
                    ('because', models.TextField(verbose_name='why they may be erased')),
                    ('asked_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                    ('withdrawn_because', models.TextField(blank=True, verbose_name='why not')),
                    ('counts', models.JSONField(default=dict, help_text='How many rows of which table were changed')),
                    ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partnership.erasure')),
                    ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='LegalHold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.SlugField(blank=True, max_length=30)),
                    ('because', models.TextField(verbose_name='why it must be kept')),
                    ('placed_at', models.DateTimeField()),
                    ('lifted_at', models.DateTimeField(blank=True, null=True)),
                    ('lifted_because', models.TextField(blank=True, verbose_name='why it need not be kept any longer')),
                    ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership')),
                    ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-placed_at'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='LegalHoldEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.SlugField(blank=True, db_index=False, max_length=30)),
                    ('because', models.TextField(verbose_name='why it must be kept')),
                    ('placed_at', models.DateTimeField()),
                    ('lifted_at', models.DateTimeField(blank=True, null=True)),
                    ('lifted_because', models.TextField(blank=True, verbose_name='why it need not be kept any longer')),
                    ('lifted_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partnership.legalhold')),
                    ('placed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='RetentionPeriod',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.SlugField(max_length=30)),
                    ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months to keep it')),
                    ('because', models.TextField(verbose_name='why')),
                    ('is_by_itself', models.BooleanField(default=False, verbose_name='every night by itself')),
                    ('set_at', models.DateTimeField()),
                    ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership')),
                    ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['kind'],
                },
            ),
            migrations.CreateModel(
                name='RetentionPeriodEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.SlugField(db_index=False, max_length=30)),
                    ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months to keep it')),
                    ('because', models.TextField(verbose_name='why')),
                    ('is_by_itself', models.BooleanField(default=False, verbose_name='every night by itself')),
                    ('set_at', models.DateTimeField()),
                    ('partnership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partnership.retentionperiod')),
                    ('set_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='RetentionRun',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.SlugField(max_length=30)),
                    ('count', models.PositiveIntegerField()),
                    ('older_than', models.DateField()),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership')),
                ],
                options={
                    'ordering': ['-at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='RetentionRunEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('kind', models.SlugField(db_index=False, max_length=30)),
                    ('count', models.PositiveIntegerField()),
                    ('older_than', models.DateField()),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partnership.retentionrun')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='SubjectAccess',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('subject_kind', models.SlugField(max_length=20)),
                    ('subject_key', models.CharField(max_length=40)),
                    ('because', models.TextField(verbose_name='who asked, and how you know that it is them')),
                    ('is_of_cases', models.BooleanField(default=False)),
                    ('made_at', models.DateTimeField()),
                    ('sha256', models.CharField(help_text='Of the list of files, which has the digest of each', max_length=64)),
                    ('record_count', models.PositiveIntegerField()),
                    ('to_read_count', models.PositiveIntegerField(help_text='Places to be read before it is handed over')),
                    ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnership.partnership')),
                ],
                options={
                    'ordering': ['-made_at'],
                },
                bases=(rules.contrib.models.RulesModelMixin, models.Model),
            ),
            migrations.CreateModel(
                name='SubjectAccessEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                    ('subject_kind', models.SlugField(db_index=False, max_length=20)),
                    ('subject_key', models.CharField(max_length=40)),
                    ('because', models.TextField(verbose_name='who asked, and how you know that it is them')),
                    ('is_of_cases', models.BooleanField(default=False)),
                    ('made_at', models.DateTimeField()),
                    ('sha256', models.CharField(help_text='Of the list of files, which has the digest of each', max_length=64)),
                    ('record_count', models.PositiveIntegerField()),
                    ('to_read_count', models.PositiveIntegerField(help_text='Places to be read before it is handed over')),
                    ('made_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ('partnership', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partnership.partnership')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partnership.subjectaccess')),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
        AtOnce([
            migrations.AddConstraint(
                model_name='erasure',
                constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='erasure_takes_two'),
            ),
            migrations.AddConstraint(
                model_name='erasure',
                constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at', None), ('withdrawn_at', None)), fields=('subject_kind', 'subject_key'), name='one_erasure_asked'),
            ),
            migrations.AddConstraint(
                model_name='legalhold',
                constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None)), fields=('partnership', 'kind'), name='one_hold_at_a_time', nulls_distinct=False),
            ),
            migrations.AddConstraint(
                model_name='retentionperiod',
                constraint=models.UniqueConstraint(fields=('partnership', 'kind'), name='one_period_a_kind', nulls_distinct=False),
            ),
        ]),
    ]
