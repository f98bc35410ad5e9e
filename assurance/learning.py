"""Learning by agency: which briefings each received and used, and who came to courses on the same learning.

A course is on the learning of reviews where a settled need seen in a review is met by it. Receipts are those that
``Receipt.visible_to`` shows: one's own organisation's, or all of them for the office, its advisor and the case review
group. What an agency has not submitted is never told, only that it was asked.
"""

from collections import Counter
from dataclasses import dataclass, field

from partnership.models import Organisation
from partnership.standing import standing_of
from reviews.models import Briefing, Receipt
from training.models import Event, LearningNeed, Place, PlaceStatus


@dataclass
class AgencyLearning:
    """``answers``: submitted Receipts, the newest first; ``came`` to ``course_titles`` in the stretch."""

    organisation: Organisation
    asked: int = 0
    answers: list = field(default_factory=list)
    came: int = 0
    courses: Counter = field(default_factory=Counter)

    @property
    def used(self):
        return [each for each in self.answers if each.used_on]

    @property
    def reached(self):
        return sum(each.reached or 0 for each in self.used)

    @property
    def course_titles(self):
        """(title, how many came), the most first."""
        return self.courses.most_common()


def learning_by_agency(user, stretch, *, at):
    """An AgencyLearning for each agency that was asked or came, by name. Four queries for however many."""
    found = {}
    for receipt in receipts_for(user, stretch):
        agency = found.setdefault(receipt.organisation_id, AgencyLearning(receipt.organisation))
        agency.asked += 1
        if receipt.submitted_at:
            agency.answers.append(receipt)
    for organisation, title in places_on_learning(user, stretch, at=at):
        agency = found.setdefault(organisation.pk, AgencyLearning(organisation))
        agency.came += 1
        agency.courses[title] += 1
    return sorted(found.values(), key=lambda each: each.organisation.name)


def receipts_for(user, stretch):
    """Those on the newest editions of briefings that came out in the stretch."""
    published = Briefing.objects.visible_to(user).published()
    return (
        Receipt.objects.visible_to(user)
        .filter(
            briefing__in=published.values("pk"),
            briefing__published_at__date__range=(stretch.starts_on, stretch.ends_on),
        )
        .select_related("organisation", "briefing")
        .order_by("-briefing__published_at", "pk")
    )


def places_on_learning(user, stretch, *, at):
    """(Organisation, title of the course) of each place attended on what reviews taught; counts, nobody's name."""
    needs = LearningNeed.objects.filter(
        source=LearningNeed.Source.REVIEW,
        analysis__partnership__in=standing_of(user).partnership_ids,
        analysis__settled_on__isnull=False,
    )
    events = Event.objects.visible_to(user).filter(
        course__needs__in=needs.values("pk"),
        starts_at__date__range=(stretch.starts_on, stretch.ends_on),
        starts_at__lte=at,
    )
    places = Place.objects.filter(event__in=events.order_by().values("pk"), status=PlaceStatus.ATTENDED)
    return [
        (place.organisation, place.event.course.title)
        for place in places.select_related("organisation", "event__course")
        .only("organisation__name", "event__course__title")
        .order_by("pk")
    ]
