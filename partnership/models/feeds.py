"""Calendar feeds: a secret address from which a person's own calendar program reads what is due."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from rules.contrib.models import RulesModel

from partnership.history import recorded_except
from partnership.models.groups import Group
from partnership.models.organisations import Partnership
from partnership.rules import is_owner


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own."""
        return self.filter(owner=user.pk)

    def usable(self):
        """Not taken back, of somebody who may sign in."""
        return self.filter(revoked_at=None, owner__is_active=True)


@recorded_except("token_hash", "last_read_at")
class CalendarFeed(RulesModel):
    """One address for one calendar of one person. Its secret is kept as a hash; what it gives is asked anew each time.

    Of a group or a partnership where one is named, else what is due from the owner.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    last_read_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(name="feed_of_one_thing", condition=Q(group=None) | Q(partnership=None)),
        ]
        rules_permissions = {"view": is_owner, "revoke": is_owner}

    def __str__(self):
        return str(self.group or self.partnership or "What is due from me")


class FeedEvent(models.Model):
    """What feeds last told of one entry, by its key, so that a calendar program knows a changed event from its own.

    Every feed tells the same of an entry, so there is one row of it however many read. It is kept for good,
    because a ``sequence`` may never fall. Nothing restricted has one.
    """

    key = models.CharField(max_length=80, primary_key=True)
    fingerprint = models.CharField(max_length=64, help_text="Hash of what was told")
    sequence = models.PositiveIntegerField(default=0, help_text="How often it has changed")
    changed_at = models.DateTimeField(help_text="When a feed first told of the last change")

    def __str__(self):
        return self.key
