"""Who was heard, what they said, what was done, what changed."""

from django.db import models
from rules.contrib.models import RulesModel

from partnership.history import links, recorded
from partnership.models import Partnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of


class VoiceEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(partnerships__in=standing_of(user).partnership_ids).distinct()

    def published(self):
        return self.filter(is_public=True)


@recorded
class VoiceEntry(RulesModel):
    """What children, adults or families said → what we did → what changed."""

    partnerships = models.ManyToManyField(Partnership, related_name="voice_entries")
    heard_on = models.DateField()
    who = models.CharField(max_length=160, help_text="A group, never a name")
    people_count = models.PositiveIntegerField(default=1)
    said = models.TextField()
    did = models.TextField(blank=True)
    changed = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)

    objects = VoiceEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-heard_on"]
        verbose_name_plural = "voice entries"
        rules_permissions = {"view": is_person_of_partnership, "change": is_office}

    def __str__(self):
        return self.said[:80]

    @property
    def partnership_ids(self):
        return set(self.partnerships.values_list("pk", flat=True))


@links
class VoiceEntryPartnership(VoiceEntry.partnerships.through):
    class Meta:
        proxy = True


def public_part(partnership, *, on):
    """For the partnership's public page: the latest voices that led to something."""
    entries = VoiceEntry.objects.published().filter(partnerships=partnership, heard_on__lte=on)
    return list(entries.exclude(did="")[:3])
