"""Spreadsheets that were read and wait for a person's yes. Nothing in them counts until then."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.documents import Document
from partnership.models.groups import Group
from partnership.models.organisations import Partnership
from partnership.rules import is_office, runs_group
from partnership.standing import standing_of


class PeopleImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports of the partnerships whose office this person is in."""
        return self.filter(partnership__in=standing_of(user).office_ids)


@recorded
class PeopleImport(RulesModel):
    """One uploaded spreadsheet of members and posts, and what was understood of each row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="people_imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    understood = models.JSONField(help_text="What each row means and what is wrong with it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": is_office, "confirm": is_office}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("partnership:people-import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return {self.partnership_id}


class ActionImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports into the logs of the groups that this person runs."""
        standing = standing_of(user)
        of_office = Q(partnerships__in=standing.office_ids) & ~Q(kind=Group.Kind.CASE_REVIEW)
        groups = Group.objects.filter(Q(pk__in=standing.chaired_group_ids) | of_office)
        return self.filter(group__in=groups.values("pk"))


@recorded
class ActionImport(RulesModel):
    """One uploaded spreadsheet of a group's actions, and what was understood of each row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="action_imports")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    understood = models.JSONField(help_text="What each row means and what is wrong with it")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = ActionImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        rules_permissions = {"view": runs_group, "confirm": runs_group}

    def __str__(self):
        return str(self.document)

    def get_absolute_url(self):
        return reverse("partnership:action-import-preview", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.group.partnership_ids
