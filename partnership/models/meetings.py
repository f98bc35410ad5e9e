"""Meetings of a group: when, about what, who was there, what was decided and who will do what."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from rules.contrib.models import RulesModel

from partnership.history import recorded
from partnership.models.documents import Document
from partnership.models.groups import Group
from partnership.models.organisations import Organisation
from partnership.models.people import Post
from partnership.rules import is_action_lead, is_item_lead, is_person_of_partnership, runs_group
from partnership.standing import standing_of


def groups_seen_by(user):
    """The groups whose meetings, papers and actions this person may know of.

    Those of a case review group are for those who sit there, and nobody else learns that they exist.
    """
    standing = standing_of(user)
    restricted = Q(kind=Group.Kind.CASE_REVIEW)
    seated = Q(pk__in=standing.group_ids, partnerships__in=standing.case_group_ids)
    seen = ~restricted & Q(pk__in=Group.objects.visible_to(user).values("pk")) | restricted & seated
    return Group.objects.filter(pk__in=Group.objects.filter(seen).values("pk"))


def of_groups_seen_by(user):
    """The same as a condition on ``group``."""
    return Q(group__in=groups_seen_by(user).values("pk"))


def stands_with_its_minutes():
    """A trigger: a row that belongs to a meeting stands once the meeting's minutes are agreed."""
    return pgtrigger.Trigger(
        name="stands_with_its_minutes",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (
                SELECT FROM partnership_meeting
                WHERE minutes_agreed_on IS NOT NULL AND id IN (OLD.meeting_id, NEW.meeting_id)
            ) THEN
                RAISE EXCEPTION 'the minutes of this meeting are agreed';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(of_groups_seen_by(user))

    def published(self):
        """Dates that the public may know: of groups on the public page, never of a case review group."""
        return self.filter(group__is_public=True).exclude(group__kind=Group.Kind.CASE_REVIEW)

    def planned(self):
        return self.filter(status=Meeting.Status.PLANNED)

    def held(self):
        return self.filter(status=Meeting.Status.HELD)

    def between(self, first, last):
        return self.filter(meets_on__range=(first, last))


@recorded
class Meeting(RulesModel):
    """One meeting of a group, from the day it is planned to its agreed minutes."""

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    title = models.CharField(max_length=120, blank=True, help_text="Only where it has a name, as “Development day”")
    meets_on = models.DateField("date")
    starts_at = models.TimeField("from", null=True, blank=True)
    ends_at = models.TimeField("until", null=True, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    link = models.URLField(blank=True, help_text="To join online. Shown to members only")
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    cancelled_reason = models.TextField("why it was cancelled", blank=True)
    led_by = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="led_meetings",
        help_text="Who leads it, where another group does",
    )
    papers_due_on = models.DateField("papers due", null=True, blank=True)
    also_there = models.TextField("also there", blank=True, help_text="Guests and others, with why they came")
    minutes_agreed_on = models.DateField("minutes agreed", null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["meets_on", "starts_at", "pk"]
        rules_permissions = {"view": is_person_of_partnership, "change": runs_group}
        indexes = [models.Index(fields=["meets_on"], condition=Q(status="planned"), name="meeting_planned")]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "meets_on"], condition=~Q(status="cancelled"), name="one_meeting_of_a_group_a_day"
            ),
            models.CheckConstraint(
                name="cancelled_meeting_says_why", condition=~Q(status="cancelled") | ~Q(cancelled_reason="")
            ),
            models.CheckConstraint(
                name="meeting_ends_after_it_starts",
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="agreed_minutes_stand",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__minutes_agreed_on__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.title or self.group.name}, {self.meets_on:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("partnership:meeting-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.group.partnership_ids

    @property
    def is_cancelled(self):
        return self.status == self.Status.CANCELLED

    @property
    def has_agreed_minutes(self):
        """Agreed minutes stand; what was wrong in them is minuted at the next meeting."""
        return self.minutes_agreed_on is not None


@recorded
class MeetingMove(models.Model):
    """A meeting was moved. The yearly report says from when to when, and why."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="moves")
    was_on = models.DateField()
    now_on = models.DateField()
    reason = models.TextField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    moved_at = models.DateTimeField()

    class Meta:
        ordering = ["moved_at"]

    def __str__(self):
        return f"From {self.was_on:%-d %B %Y} to {self.now_on:%-d %B %Y}"


class ItemKind(models.TextChoices):
    """What a meeting is asked to do with an item."""

    DECISION = "decision", "For decision"
    ASSURANCE = "assurance", "For assurance"
    INFORMATION = "information", "For information"


@recorded
class StandingItem(models.Model):
    """What is on every agenda of a group; one may be another group's, such as young people's."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="standing_items")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=11, choices=ItemKind, default=ItemKind.INFORMATION)
    minutes = models.PositiveSmallIntegerField("length in minutes", null=True, blank=True)
    asked_by = models.ForeignKey(
        Group, on_delete=models.PROTECT, null=True, blank=True, related_name="standing_elsewhere"
    )

    class Meta:
        ordering = ["group", "position", "pk"]

    def __str__(self):
        return self.title


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(of_groups_seen_by(user))

    def unplaced(self):
        """Of the forward plan, not yet on any meeting's agenda."""
        return self.filter(meeting=None)


@recorded
class AgendaItem(RulesModel):
    """Something for a group to take: on one meeting's agenda, or on the forward plan until it is."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="agenda_items")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    wanted_by = models.DateField("wanted by", null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=100)
    title = models.CharField(max_length=200)
    kind = models.CharField(
        "what the meeting is asked for", max_length=11, choices=ItemKind, default=ItemKind.INFORMATION
    )
    asked = models.TextField("what the meeting is asked to do", blank=True)
    minutes = models.PositiveSmallIntegerField("length in minutes", null=True, blank=True)
    lead_post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lead"
    )
    needs_paper = models.BooleanField("a paper is wanted", default=False)
    paper_due_on = models.DateField("paper due", null=True, blank=True)
    source = models.CharField(
        "where it comes from",
        max_length=200,
        blank=True,
        help_text="As “Deliverable 2.1” or “asked by the Executive in May”",
    )
    source_path = models.CharField("its page here", max_length=300, blank=True)
    discussion = models.TextField("what was said", blank=True)
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to")

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "position", "pk"]
        indexes = [models.Index(fields=["paper_due_on"], condition=Q(needs_paper=True), name="paper_wanted")]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": runs_group,
            "add_paper": runs_group | is_item_lead,
        }
        triggers = [stands_with_its_minutes()]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        if self.meeting_id:
            return f"{reverse('partnership:meeting-detail', args=[self.meeting_id])}#item-{self.pk}"
        return reverse("partnership:forward-plan", args=[self.group_id])

    @property
    def partnership_ids(self):
        return self.group.partnership_ids


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(item__in=AgendaItem.objects.visible_to(user).values("pk"))


@recorded
class Paper(RulesModel):
    """A document for an agenda item, read by the people of the group's partnerships."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="papers")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=1)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    added_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["item", "position", "pk"]
        rules_permissions = {"view": is_person_of_partnership, "change": runs_group}

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnership:paper-download", args=[self.pk])

    @property
    def group(self):
        return self.item.group

    @property
    def partnership_ids(self):
        return self.item.partnership_ids

    @property
    def filename(self):
        return self.document.filename

    @property
    def size(self):
        return self.document.size


@recorded
class Attendance(models.Model):
    """Whether an organisation was there. Before anybody has said so, it has not answered."""

    class Status(models.TextChoices):
        PRESENT = "present", "Present"
        DEPUTY = "deputy", "Deputy"
        APOLOGIES = "apologies", "Apologies"
        NONE = "none", "No response"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="attendance")
    status = models.CharField(max_length=9, choices=Status, default=Status.NONE)
    who = models.CharField(max_length=200, blank=True, help_text="Who came, or whom they spoke for")

    class Meta:
        ordering = ["meeting", "organisation__name"]
        constraints = [models.UniqueConstraint(fields=["meeting", "organisation"], name="one_answer_an_organisation")]
        triggers = [stands_with_its_minutes()]

    def __str__(self):
        return f"{self.organisation}: {self.get_status_display()}"


@recorded
class MeetingDecision(models.Model):
    """What a meeting decided, in its words, with its reason."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    ref = models.CharField(max_length=30)
    text = models.TextField("what was decided")
    reason = models.TextField("why", blank=True)

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "ref"], name="one_decision_a_ref")]
        triggers = [stands_with_its_minutes()]

    def __str__(self):
        return self.ref


class MeetingActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(of_groups_seen_by(user))

    def open(self):
        return self.filter(closed_on=None)

    def overdue(self, *, on):
        return self.open().filter(due_on__lt=on)

    def led_from(self, organisation):
        """Those that an organisation or one of its posts answers for."""
        return self.filter(Q(lead_organisation=organisation) | Q(lead_post__organisation=organisation))

    def with_latest_update(self):
        """Annotate ``latest_text``, ``latest_at`` and ``latest_by_name``: the last that was said of it."""
        said = ActionUpdate.objects.filter(action=OuterRef("pk")).order_by("-said_at", "-pk")
        return self.annotate(
            latest_text=Subquery(said.values("text")[:1]),
            latest_at=Subquery(said.values("said_at")[:1]),
            latest_by_name=Subquery(said.values("said_by__name")[:1]),
        )


@recorded
class MeetingAction(RulesModel):
    """A line of a group's action log. It is carried from meeting to meeting until it is closed."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="actions")
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        help_text="Where it was agreed",
    )
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    ref = models.CharField(max_length=30)
    text = models.TextField("action")
    lead_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead_group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("due")
    closed_on = models.DateField("closed", null=True, blank=True)
    outcome = models.TextField("what came of it", blank=True)

    objects = MeetingActionQuerySet.as_manager()

    class Meta:
        ordering = ["group", "due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(closed_on=None), name="action_open")]
        rules_permissions = {
            "view": is_person_of_partnership,
            "change": runs_group,
            "update": runs_group | is_action_lead,
        }
        constraints = [
            models.UniqueConstraint(fields=["group", "ref"], name="one_action_a_ref"),
            models.CheckConstraint(name="closed_action_says_what_came", condition=Q(closed_on=None) | ~Q(outcome="")),
        ]

    def __str__(self):
        return f"{self.ref}: {self.text}"

    def get_absolute_url(self):
        return reverse("partnership:action-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.group.partnership_ids

    @property
    def lead(self):
        """The post, group or organisation that answers for it, or None."""
        return self.lead_post or self.lead_group or self.lead_organisation

    def is_late(self, *, on):
        return self.closed_on is None and self.due_on < on


@recorded
class ActionUpdate(models.Model):
    """What somebody said of an action, and when. The next is a new row."""

    action = models.ForeignKey(MeetingAction, on_delete=models.CASCADE, related_name="updates")
    text = models.TextField("what has happened")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["-said_at", "-pk"]

    def __str__(self):
        return self.text
