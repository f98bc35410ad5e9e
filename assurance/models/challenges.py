"""Challenges between partners, and what the independent advisor looked at, said and was answered."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from assurance.rules import is_addressed, is_open_record, is_party, is_shared_with_members
from partnership.history import links, recorded
from partnership.models import Group, Organisation, Post, PostHolding
from partnership.models.of_partnership import OfPartnership
from partnership.rules import is_advisor, is_lead_partner, is_office, is_person_of_partnership
from partnership.standing import standing_of
from plans.models import Priority


class PutToQuerySet(models.QuerySet):
    """What was put to an organisation or a group (``to_organisation``, ``to_group``)."""

    def of_parties(self, standing):
        return Q(to_organisation__in=standing.organisation_ids) | Q(to_group__in=standing.chaired_group_ids)

    def visible_to(self, user):
        """Office, advisor and lead partners, and the parties; members where it is shared with them."""
        standing = standing_of(user)
        of_ours = Q(partnership__in=standing.partnership_ids)
        return self.filter(
            Q(partnership__in=standing.wide_ids | standing.lead_partner_ids)
            | of_ours & self.of_parties(standing)
            | of_ours & ~Q(shared_on=None)
        )

    def open(self):
        return self.filter(closed_on=None)

    def unanswered(self, *, on):
        """Open, and the day by which an answer was asked for has passed without one."""
        return self.open().filter(answered_on=None, answer_due_on__lt=on)

    def late_to(self, user, *, on):
        """The unanswered ones of which this person is told that they are late: the office, and the parties."""
        standing = standing_of(user)
        own = Q(partnership__in=standing.partnership_ids) & self.of_parties(standing)
        return self.unanswered(on=on).filter(Q(partnership__in=standing.office_ids) | own)


class PutTo(OfPartnership):
    """Something put to an organisation or a group, which answers by a day; then what came of it."""

    to_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="to organisation"
    )
    to_group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="to group"
    )
    answer_due_on = models.DateField("answer asked by", null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_on = models.DateField("answered", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    difference = models.TextField("difference it made", blank=True)
    shared_on = models.DateField("shared with members", null=True, blank=True)
    closed_on = models.DateField("closed", null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def put_to(self):
        """The organisation or group that is asked, or None."""
        return self.to_organisation or self.to_group

    @property
    def party_organisation_ids(self):
        return {self.to_organisation_id} - {None}

    @property
    def party_group_ids(self):
        return {self.to_group_id} - {None}


ANSWERED_WHOLLY = Q(answer="", answered_on=None, answered_by=None) | (
    ~Q(answer="") & Q(answered_on__isnull=False, answered_by__isnull=False)
)
INSIDE = is_office | is_advisor | is_lead_partner


class ChallengeQuerySet(PutToQuerySet):
    def of_parties(self, standing):
        raised = Q(by_organisation__in=standing.organisation_ids) | Q(by_group__in=standing.chaired_group_ids)
        return super().of_parties(standing) | raised


@recorded
class Challenge(PutTo):
    """One partner asks another to do better: the evidence, the answer, and the difference it made."""

    ref = models.CharField(max_length=12)
    title = models.CharField("what it is about", max_length=200)
    raised_on = models.DateField("raised")
    by_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="by organisation"
    )
    by_group = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="by group"
    )
    by_words = models.CharField(
        "by", max_length=160, blank=True, help_text="The independent advisor; a young people’s group"
    )
    issue = models.TextField("what is asked to be better")
    evidence = models.TextField("what shows it", blank=True)
    priorities = models.ManyToManyField(Priority, related_name="challenges", blank=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_on", "-pk"]
        rules_permissions = {
            "view": INSIDE | (is_person_of_partnership & (is_party | is_shared_with_members)),
            # Members read it as it is since it was shared, not what was said before.
            "look_back": INSIDE | (is_person_of_partnership & is_party),
            "change": is_office,
            "answer": is_open_record & (is_office | (is_person_of_partnership & is_addressed)),
        }
        constraints = [
            models.UniqueConstraint(fields=["partnership", "ref"], name="one_challenge_a_ref"),
            models.CheckConstraint(name="challenge_is_answered_wholly", condition=ANSWERED_WHOLLY),
            models.CheckConstraint(
                name="closed_challenge_says_what_came", condition=Q(closed_on=None) | ~Q(difference="")
            ),
        ]

    def __str__(self):
        return f"{self.ref} {self.title}"

    def get_absolute_url(self):
        return reverse("assurance:challenge-detail", args=[self.pk])

    @property
    def raised_by(self):
        """Who raised it, in words."""
        return str(self.by_organisation or self.by_group or self.by_words)

    @property
    def party_organisation_ids(self):
        return {self.to_organisation_id, self.by_organisation_id} - {None}

    @property
    def party_group_ids(self):
        return {self.to_group_id, self.by_group_id} - {None}


@links
class ChallengePriority(Challenge.priorities.through):
    class Meta:
        proxy = True


class AdvisorNoteQuerySet(PutToQuerySet):
    def waiting(self):
        """Something is asked and not answered. What was made a challenge is answered there."""
        return self.open().filter(answered_on=None, challenge=None).exclude(asked="")

    def unanswered(self, *, on):
        """Waiting, and the day by which an answer was asked for has passed."""
        return self.waiting().filter(answer_due_on__lt=on)

    def answered(self):
        """Answered and not closed: somebody has to read the answer and say what came of it."""
        return self.open().exclude(answered_on=None)

    def for_pages(self):
        """With whom it is put to, and ``is_advisors``: the advisor wrote it, and not the office for them."""
        advisor = PostHolding.objects.filter(
            user=OuterRef("written_by"), post__duty=Post.Duty.ADVISOR, post__partnerships=OuterRef("partnership")
        )
        return self.select_related(
            "partnership", "to_organisation", "to_group", "challenge", "written_by", "answered_by"
        ).annotate(is_advisors=Exists(advisor))


@recorded
class AdvisorNote(PutTo):
    """One thing the independent advisor looked at, what they said of it, and what was answered.

    The advisor writes; the office may for them, and says so. It advises and decides nothing.
    """

    class Kind(models.TextChoices):
        RECORDS = "records", "Read records or papers"
        MEETING = "meeting", "Watched a meeting"
        VISIT = "visit", "Visited a service"
        VOICE = "voice", "Spoke with children, adults or families"
        STAFF = "staff", "Spoke with practitioners"
        OTHER = "other", "Something else"

    kind = models.CharField("how", max_length=8, choices=Kind, default=Kind.RECORDS)
    looked_on = models.DateField("looked at on")
    looked_at = models.CharField("what was looked at", max_length=200)
    source_key = models.CharField(max_length=60, blank=True, help_text="The record it was, like audit:12")
    said = models.TextField("what was said of it")
    asked = models.TextField("what is asked to be answered", blank=True)
    challenge = models.OneToOneField(
        Challenge, on_delete=models.SET_NULL, null=True, blank=True, related_name="advisor_note"
    )
    priorities = models.ManyToManyField(Priority, related_name="advisor_notes", blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = AdvisorNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-looked_on", "-pk"]
        rules_permissions = {
            "view": INSIDE | (is_person_of_partnership & (is_party | is_shared_with_members)),
            "change": is_advisor | is_office,
            "answer": is_open_record & (is_office | (is_person_of_partnership & is_addressed)),
        }
        constraints = [
            models.CheckConstraint(name="advisor_note_is_answered_wholly", condition=ANSWERED_WHOLLY),
        ]

    def __str__(self):
        return self.looked_at

    def get_absolute_url(self):
        return reverse("assurance:advisor-note-detail", args=[self.pk])


@links
class AdvisorNotePriority(AdvisorNote.priorities.through):
    class Meta:
        proxy = True
