"""What happened in the year a report is about: every question the report asks of the rest, set-based.

Cases, what case review groups meet about and have not released, and disputes are not among the sources, and
returns only by their number.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Q, Sum

from assurance.models import AssuranceRequest, Audit, Return, ThematicSummary, VoiceEntry
from partnership.models import (
    Arrangements,
    ArrangementsChange,
    Group,
    Meeting,
    MeetingAction,
    MeetingDecision,
    Membership,
    Organisation,
)
from plans.models import CarryDecision, Plan, PriorityReview, StandstillNote, Update, UpdateRound
from reviews.models import ReCheck, Recommendation
from training.models import HELD, Course, Place


@dataclass(frozen=True)
class Year:
    """The partnerships of a report and its first and last day."""

    partnership_ids: frozenset
    starts_on: date
    ends_on: date

    @classmethod
    def of(cls, report):
        return cls(frozenset(report.partnership_ids), report.starts_on, report.ends_on)

    def before(self):
        """The same days a year earlier (29 February becomes the 28th)."""
        return Year(self.partnership_ids, a_year_before(self.starts_on), a_year_before(self.ends_on))

    # The plan and its cycle

    def plans(self):
        """Plans that ran in the year and are past their draft."""
        shown = [Plan.Status.APPROVED, Plan.Status.PUBLISHED, Plan.Status.CLOSED]
        of_ours = Plan.objects.filter(partnerships__in=self.partnership_ids).values("pk")
        return Plan.objects.filter(
            pk__in=of_ours, status__in=shown, starts_on__lte=self.ends_on, ends_on__gte=self.starts_on
        ).order_by("starts_on", "pk")

    def rounds(self):
        """Update rounds whose period ended in the year, oldest first."""
        return UpdateRound.objects.filter(
            plan__in=self.plans(), ends_on__range=(self.starts_on, self.ends_on)
        ).order_by("ends_on", "pk")

    def updates(self):
        return (
            Update.objects.current()
            .filter(round__in=self.rounds())
            .select_related("deliverable__priority", "round", "rating")
            .order_by("round__ends_on", "deliverable__priority__position", "deliverable__position", "pk")
        )

    def decided_reviews(self):
        return (
            PriorityReview.objects.decided()
            .filter(round__in=self.rounds())
            .exclude(decided_rating=None)
            .select_related("priority", "round", "proposed_rating", "decided_rating")
            .order_by("round__ends_on", "priority__position", "pk")
        )

    def outcomes(self):
        """What became of the promises of plans that ended in the year: done or dropped, once the next plan is known."""
        ended = self.plans().filter(ends_on__range=(self.starts_on, self.ends_on))
        return (
            CarryDecision.objects.filter(deliverable__priority__plan__in=ended.values("pk"))
            .exclude(decision=CarryDecision.Decision.CARRIED)
            .exclude(plan__status=Plan.Status.DRAFT)
            .select_related("deliverable__priority")
            .order_by("deliverable__priority__position", "deliverable__position", "pk")
        )

    def standstill_notes(self):
        """What the office wrote of deliverables that made little or no progress."""
        return (
            StandstillNote.objects.filter(deliverable__priority__plan__in=self.plans().values("pk"))
            .select_related("deliverable__priority")
            .order_by("deliverable__priority__plan", "deliverable__priority__position", "deliverable__position")
        )

    # Voices, returns, training

    def voices(self):
        """Everybody who was heard in the year, told to the public or not."""
        of_ours = VoiceEntry.objects.of_partnerships(self.partnership_ids)
        return of_ours.between(self.starts_on, self.ends_on).order_by("heard_on", "pk")

    def requests(self):
        """Requests due in the year with ``asked_count`` and ``submitted_count``."""
        of_ours = AssuranceRequest.objects.filter(partnerships__in=self.partnership_ids).values("pk")
        return (
            AssuranceRequest.objects.filter(pk__in=of_ours, due_on__range=(self.starts_on, self.ends_on))
            .exclude(sent_on=None)
            .with_return_counts()
            .order_by("due_on", "pk")
        )

    def returns(self):
        return Return.objects.filter(request__in=self.requests().values("pk"))

    def summaries(self):
        """What the returns to a request say together, where it was released in the year."""
        return (
            ThematicSummary.objects.filter(
                partnership__in=self.partnership_ids, released_on__range=(self.starts_on, self.ends_on)
            )
            .select_related("request", "partnership")
            .order_by("released_on", "pk")
        )

    def audits(self):
        """Audits that members were told of in the year, with the one that each looks at again."""
        told = Audit.objects.of_partnerships(self.partnership_ids)
        return (
            told.filter(released_on__range=(self.starts_on, self.ends_on))
            .select_related("re_audit_of")
            .order_by("released_on", "pk")
        )

    def courses(self):
        """Courses held in the year with ``event_count``, ``taken_count``, ``attended_count``, ``last_at``."""
        of_ours = Course.objects.filter(partnerships__in=self.partnership_ids).values("pk")
        held = Q(
            held_events__starts_at__date__range=(self.starts_on, self.ends_on),
            held_events__places__status__in=HELD,
        )
        attended = held & Q(held_events__places__status=Place.Status.ATTENDED)
        return (
            Course.objects.filter(pk__in=of_ours)
            .annotate(
                event_count=Count("held_events", filter=held, distinct=True),
                taken_count=Count("held_events__places", filter=held),
                attended_count=Count("held_events__places", filter=attended),
                last_at=Max("held_events__starts_at", filter=held),
            )
            .filter(event_count__gt=0)
            .order_by("title", "pk")
        )

    def places(self):
        of_ours = Course.objects.filter(partnerships__in=self.partnership_ids).values("pk")
        return Place.objects.filter(
            event__course__in=of_ours,
            event__starts_at__date__range=(self.starts_on, self.ends_on),
            status__in=HELD,
        )

    def places_by_organisation(self):
        """Rows of ``name booked attended``, the most booked first."""
        return (
            self.places()
            .values(name=F("organisation__name"))
            .annotate(booked=Count("pk"), attended=Count("pk", filter=Q(status=Place.Status.ATTENDED)))
            .order_by("-booked", "name")
        )

    # What reviews recommended

    def answered_recommendations(self):
        """Those answered in the year that every member may read; never what a case review group keeps to itself."""
        return (
            Recommendation.objects.shared()
            .filter(partnership__in=self.partnership_ids, answered_on__range=(self.starts_on, self.ends_on))
            .order_by("answered_on", "ref", "pk")
        )

    def judged_rechecks(self):
        """What was found in the year when such recommendations were looked at again.

        What a case review group said of one before it was released stays the group's.
        """
        shared = Recommendation.objects.shared().filter(partnership__in=self.partnership_ids)
        told = Q(recommendation__case=None, recommendation__review=None, recommendation__released_on=None)
        told |= Q(done_on__gte=F("recommendation__released_on"))
        return (
            ReCheck.objects.filter(told, recommendation__in=shared, done_on__range=(self.starts_on, self.ends_on))
            .select_related("recommendation")
            .order_by("done_on", "pk")
        )

    # How we met

    def groups(self):
        """The groups of the partnerships, without those whose meetings nobody else may know of."""
        of_ours = Group.objects.filter(partnerships__in=self.partnership_ids).values("pk")
        return Group.objects.filter(pk__in=of_ours).exclude(kind=Group.Kind.CASE_REVIEW)

    def meetings(self):
        return (
            Meeting.objects.filter(group__in=self.groups().values("pk"))
            .between(self.starts_on, self.ends_on)
            .select_related("group")
            .order_by("group__name", "group", "meets_on", "pk")
        )

    def meeting_decisions(self):
        return (
            MeetingDecision.objects.filter(meeting__in=self.meetings().order_by().values("pk"))
            .exclude(meeting__status=Meeting.Status.CANCELLED)
            .select_related("meeting__group")
            .order_by("meeting__meets_on", "meeting", "pk")
        )

    def closed_actions(self):
        """Lines of action logs that were closed in the year, whenever they were agreed."""
        return (
            MeetingAction.objects.filter(
                group__in=self.groups().values("pk"), closed_on__range=(self.starts_on, self.ends_on)
            )
            .select_related("group")
            .order_by("closed_on", "pk")
        )

    def arrangements(self):
        """Versions that were published in the year."""
        return Arrangements.objects.published().filter(
            partnership__in=self.partnership_ids, published_at__date__range=(self.starts_on, self.ends_on)
        )

    def arrangement_changes(self):
        return (
            ArrangementsChange.objects.filter(arrangements__in=self.arrangements().values("pk"))
            .select_related("arrangements__partnership")
            .order_by("arrangements__published_at", "arrangements", "position", "pk")
        )

    # Who we are

    def memberships(self):
        """Memberships that held at the end of the year."""
        began = Q(from_on=None) | Q(from_on__lte=self.ends_on)
        lasted = Q(to_on=None) | Q(to_on__gte=self.ends_on)
        return (
            Membership.objects.filter(began & lasted, partnership__in=self.partnership_ids)
            .select_related("organisation", "partnership")
            .order_by("organisation__name", "partnership__name")
        )

    def statutory_partners(self):
        roles = self.memberships().filter(role=Membership.Role.STATUTORY)
        return Organisation.objects.filter(pk__in=roles.values("organisation")).order_by("name")

    # The figures on the year's one page

    def figures(self):
        """Counts for the key figures."""
        updates = self.updates().order_by()
        with_difference = updates.exclude(difference_made="")
        requests = self.requests().aggregate(asked=Sum("asked_count"), submitted=Sum("submitted_count"))
        places = self.places().aggregate(
            booked=Count("pk"), attended=Count("pk", filter=Q(status=Place.Status.ATTENDED))
        )
        return {
            "deliverables": updates.values("deliverable").distinct().count(),
            "deliverables_with_difference": with_difference.values("deliverable").distinct().count(),
            "people_heard": self.voices().aggregate(people=Sum("people_count"))["people"] or 0,
            "returns_asked": requests["asked"] or 0,
            "returns_submitted": requests["submitted"] or 0,
            "places_booked": places["booked"],
            "places_attended": places["attended"],
        }


def a_year_before(day):
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
