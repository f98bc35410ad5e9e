"""Who was heard, what they said, what was done, what changed."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from rules.contrib.models import RulesModel

from assurance.rules import is_told_in_public, listened
from partnership.history import links, recorded
from partnership.models import Group, Organisation, Partnership
from partnership.models.of_partnership import OfPartnership
from partnership.rules import is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority

HEARD, NOT_DONE, DONE, CHANGED = "heard", "not-done", "done", "changed"
STAGES = {
    HEARD: "Heard only",
    NOT_DONE: "Nothing done, because",
    DONE: "Done",
    CHANGED: "Changed",
}

# What an entry may have been taken from, by the word that its ``source_key`` begins with.
SOURCES = {
    "highlight": "A highlight report",
    "update": "An update of a lead",
    "return": "A return",
    "finding": "An audit",
}


class Sourced:
    """Names a record by ``source_key``: its kind, and what finds it."""

    @property
    def source_words(self):
        return SOURCES.get(self.source_key.partition(":")[0], "")


class VoiceEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.of_partnerships(standing_of(user).partnership_ids)

    def of_partnerships(self, ids):
        of_ours = VoiceEntry.partnerships.through.objects.filter(partnership__in=ids)
        return self.filter(pk__in=of_ours.values("voiceentry"))

    def of_priorities(self, priorities):
        """Linked to one of ``priorities`` (records or keys), or to what it was carried from in the two plans before."""
        links_of = VoiceEntry.priorities.through.objects
        return self.filter(
            Q(pk__in=links_of.filter(priority__in=priorities).values("voiceentry"))
            | Q(pk__in=links_of.filter(priority__carried_to__in=priorities).values("voiceentry"))
            | Q(pk__in=links_of.filter(priority__carried_to__carried_to__in=priorities).values("voiceentry"))
        )

    def between(self, first, last):
        """Heard from ``first`` to ``last``."""
        return self.filter(heard_on__range=(first, last))

    def published(self):
        return self.filter(is_public=True)

    def at_stage(self, stage):
        """``stage``: a key of STAGES."""
        if stage == CHANGED:
            return self.exclude(changed="")
        if stage == DONE:
            return self.filter(changed="").exclude(did="")
        heard = self.filter(changed="", did="")
        return heard.exclude(not_done_because="") if stage == NOT_DONE else heard.filter(not_done_because="")

    def answered(self):
        """Something was done, or it was said why not."""
        return self.exclude(did="", not_done_because="")

    def unanswered(self, *, on):
        """Heard longer ago than ``settings.VOICE_ANSWER_DAYS``; nobody has said what was done or why nothing was."""
        return self.at_stage(HEARD).filter(heard_on__lt=on - timedelta(days=settings.VOICE_ANSWER_DAYS))

    def without_change(self, *, on):
        """Something was done as long ago as that, and nobody has said what changed."""
        since = on - timedelta(days=settings.VOICE_ANSWER_DAYS)
        return self.at_stage(DONE).filter(Q(did_on__lt=since) | Q(did_on=None, heard_on__lt=since))


@recorded
class VoiceEntry(Sourced, RulesModel):
    """What children, adults or families said → what we did → what changed.

    The public reads words of their own (``public_…``), which the office looked at: what is written here later
    is not told before it was looked at too.
    """

    class People(models.TextChoices):
        CHILDREN = "children", "Children and young people"
        ADULTS = "adults", "Adults with care and support needs"
        FAMILIES = "families", "Parents, carers and families"
        PRACTITIONERS = "practitioners", "Practitioners"
        COMMUNITY = "community", "People of a neighbourhood or community"

    class How(models.TextChoices):
        GROUP = "group", "A standing group"
        SESSION = "session", "A session or workshop"
        SURVEY = "survey", "A survey"
        INTERVIEW = "interview", "Conversations one by one"
        ADVOCACY = "advocacy", "Through an advocate"
        COMPLAINT = "complaint", "Complaints and compliments"
        REVIEW = "review", "In an audit or a review"
        OTHER = "other", "Another way"

    partnerships = models.ManyToManyField(Partnership, related_name="voice_entries")
    heard_on = models.DateField()
    people = models.CharField("whose voice", max_length=13, choices=People, default=People.CHILDREN)
    who = models.CharField(max_length=160, help_text="A group, never a name")
    how = models.CharField("how they were heard", max_length=9, choices=How, default=How.OTHER)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="who listened"
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="for which group"
    )
    priorities = models.ManyToManyField(Priority, related_name="voice_entries", blank=True)
    people_count = models.PositiveIntegerField(default=1, help_text="0: nobody counted")
    said = models.TextField()
    did = models.TextField(blank=True)
    did_on = models.DateField("done", null=True, blank=True)
    not_done_because = models.TextField("why nothing was done", blank=True)
    changed = models.TextField(blank=True)
    changed_on = models.DateField("seen to have changed", null=True, blank=True)
    source_key = models.CharField(
        max_length=60, blank=True, help_text="The record it was taken from, like highlight:12; empty: told directly"
    )
    is_public = models.BooleanField(default=False)
    published_on = models.DateField("told to the public", null=True, blank=True)
    public_who = models.CharField("who, to the public", max_length=160, blank=True)
    public_said = models.TextField("said, to the public", blank=True)
    public_did = models.TextField("did, to the public", blank=True)
    public_because = models.TextField("why nothing was done, to the public", blank=True)
    public_changed = models.TextField("changed, to the public", blank=True)

    objects = VoiceEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-heard_on", "-pk"]
        verbose_name_plural = "voice entries"
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": is_office | (is_person_of_partnership & listened & ~is_told_in_public),
            "tell": is_office | (is_person_of_partnership & listened),
            "publish": is_office,
        }

    def __str__(self):
        return self.said[:80]

    def get_absolute_url(self):
        return reverse("assurance:voice-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return {partnership.pk for partnership in self.partnerships.all()}

    @property
    def stage(self):
        """A key of STAGES."""
        if self.changed:
            return CHANGED
        if self.did:
            return DONE
        return NOT_DONE if self.not_done_because else HEARD

    @property
    def stage_words(self):
        return STAGES[self.stage]

    @property
    def is_answered(self):
        return self.stage != HEARD

    @property
    def public_quote(self):
        """What they said, for where quotation marks are set around it."""
        return self.public_said.strip().strip('“”"').strip()

    @property
    def is_more_than_public(self):
        """Something was said since of which the public reads nothing."""
        pairs = [
            (self.did, self.public_did),
            (self.not_done_because, self.public_because),
            (self.changed, self.public_changed),
        ]
        return self.is_public and any(inside and not outside for inside, outside in pairs)


@links
class VoiceEntryPriority(VoiceEntry.priorities.through):
    class Meta:
        proxy = True


@links
class VoiceEntryPartnership(VoiceEntry.partnerships.through):
    class Meta:
        proxy = True


@recorded
class VoiceSetAside(Sourced, OfPartnership):
    """What a report or a return said that belongs into no register of voices, and why."""

    source_key = models.CharField(max_length=60)
    because = models.CharField("why it is set aside", max_length=300)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_aside_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "voices set aside"
        constraints = [
            models.UniqueConstraint(fields=["partnership", "source_key"], name="one_voice_set_aside_a_source")
        ]

    def __str__(self):
        return self.because


def public_part(partnership, *, on):
    """For the partnership's public page: the latest voices that led to something."""
    entries = VoiceEntry.objects.published().filter(partnerships=partnership, heard_on__lte=on)
    return list(entries.exclude(public_did="")[:3])
