"""What reviews, audits, priorities, figures, risks, voices, returns and challenges offer as learning needs of a year.

An analysis is read by its advisor at once and by every member once it is settled, so each stream gives only what all
members may read, and of that what whoever makes the analysis sees: points and recommendations that their group has
released, audits and summaries that were told, risks and challenges that were shared, figures with small ones hidden.
What somebody answered about a course is never offered: nobody is quoted against a colleague.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from assurance.indicators.moves import in_words, moves_of
from assurance.indicators.small_numbers import figures_of
from assurance.models import AuditFinding, Challenge, Indicator, Risk, ThematicSummary, VoiceEntry
from partnership.models import Group
from partnership.templatetags.components import sentence_join
from plans.models import Plan, Priority, PriorityReview, Rating
from reviews.models import Briefing, LearningPoint, Recommendation
from reviews.models.recommendations import FREE
from training.models import LearningNeed
from training.needs.deciding import Offer, still_to_offer

Source = LearningNeed.Source
BACK = timedelta(days=366)  # what is older was for last year's analysis
FEWEST_OF_A_THEME = 2  # points and recommendations that share it
FEWEST_RETURNS = 5  # that gave a score, before a standard is called weak
WEAK_SHARE = 3  # one in so many scored it red


@dataclass(frozen=True)
class Stream:
    """The offers of one kind that nobody has taken or left out."""

    name: str
    offers: list


def streams_of(analysis, user, *, on):
    """Every Stream that has something to offer to ``analysis``. As many queries however much there is."""
    found = [(name, list(source(analysis.partnership_id, user, on=on))) for name, source in STREAMS]
    fresh = still_to_offer(analysis, [offer for _name, offers in found for offer in offers])
    keys = {offer.key for offer in fresh}
    kept = [(name, [offer for offer in offers if offer.key in keys]) for name, offers in found]
    return [
        Stream(name, sorted(offers, key=lambda each: (-each.dated_on.toordinal(), each.key)))
        for name, offers in kept
        if offers
    ]


def chosen_of(streams, keys):
    """Those of ``streams`` that have these keys, in their order."""
    return [offer for stream in streams for offer in stream.offers if offer.key in keys]


def of_ours(model, partnership_id, name):
    """Keys of rows of ``model`` that belong to the partnership, among others maybe."""
    return model.partnerships.through.objects.filter(partnership=partnership_id).values(name)


# Audits


def of_audits(partnership_id, user, *, on):
    """What told audits say people need to learn."""
    told = AuditFinding.objects.visible_to(user).training_needs()
    told = told.filter(audit__in=of_ours(AuditFinding.audit.field.related_model, partnership_id, "audit"))
    told = told.filter(audit__released_on__range=(on - BACK, on)).exclude(audit__group__kind=Group.Kind.CASE_REVIEW)
    for each in told.order_by("pk"):
        yield Offer(
            key=f"finding:{each.pk}",
            source=Source.AUDIT,
            topic=each.training_need,
            why=each.text,
            seen_in=f"Audit: {each.audit}",
            url=each.audit.get_absolute_url(),
            dated_on=each.audit.released_on,
        )


# Reviews


def free_points(partnership_id, user, *, on):
    """Learning points that every member may read, as old as others may know them to be."""
    points = LearningPoint.objects.visible_to(user).filter(FREE, partnership=partnership_id)
    is_recent = Q(case=None, review=None, learned_on__gte=on - BACK) | Q(released_on__gte=on - BACK)
    return points.filter(is_recent).prefetch_related("themes")


def open_recommendations(partnership_id, user):
    """Recommendations that every member may read, not ended and not declined."""
    free = Recommendation.objects.visible_to(user).shared().filter(partnership=partnership_id, closed_on=None)
    return free.exclude(answer=Recommendation.Answer.DECLINED).prefetch_related("themes")


def known_on(record, day):
    """Of what came out of a case the day of its release alone: the day before would lead to it."""
    return record.released_on if record.is_of_group else day


def of_points(partnership_id, user, *, on):
    for each in free_points(partnership_id, user, on=on).order_by("pk"):
        yield Offer(
            key=f"point:{each.pk}",
            source=Source.REVIEW,
            topic=each.text,
            why=each.text,
            seen_in=each.source_words or "Learning point",
            url=each.get_absolute_url(),
            dated_on=known_on(each, each.learned_on),
        )


def of_recommendations(partnership_id, user, *, on):
    for each in open_recommendations(partnership_id, user).order_by("pk"):
        yield Offer(
            key=f"recommendation:{each.pk}",
            source=Source.REVIEW,
            topic=each.text,
            why=" ".join(filter(None, [each.text.strip(), each.measure.strip()])),
            seen_in=" ".join(filter(None, [each.source_words or each.get_source_display(), each.ref])),
            url=each.get_absolute_url(),
            dated_on=known_on(each, each.made_on),
        )


def of_themes(partnership_id, user, *, on):
    """Themes that several released points and recommendations share; of cases themselves nothing is counted."""
    points, recommendations = Counter(), Counter()
    themes, latest = {}, {}
    free = [
        *((points, each, each.learned_on) for each in free_points(partnership_id, user, on=on)),
        *((recommendations, each, each.made_on) for each in open_recommendations(partnership_id, user)),
    ]
    for counter, record, day in free:
        for theme in record.themes.all():
            themes[theme.pk] = theme
            counter[theme.pk] += 1
            latest[theme.pk] = max(known_on(record, day), latest.get(theme.pk, known_on(record, day)))
    for pk in sorted(themes):
        if points[pk] + recommendations[pk] < FEWEST_OF_A_THEME:
            continue
        counts = [
            points[pk] and f"{points[pk]} learning point{'s' if points[pk] > 1 else ''}",
            recommendations[pk] and f"{recommendations[pk]} recommendation{'s' if recommendations[pk] > 1 else ''}",
        ]
        yield Offer(
            key=f"theme:{pk}",
            source=Source.REVIEW,
            topic=str(themes[pk]),
            why=f"{sentence_join(filter(None, counts))} that every member may read share this theme.",
            seen_in=f"Theme: {themes[pk]}",
            url=reverse("reviews:learning-list"),
            dated_on=latest[pk],
            is_lasting=True,
        )


def of_briefings(partnership_id, user, *, on):
    """Briefings in their newest edition."""
    out = Briefing.objects.visible_to(user).published().filter(partnership=partnership_id)
    for each in out.filter(published_at__date__range=(on - BACK, on)).order_by("pk"):
        yield Offer(
            key=f"briefing:{each.pk}",
            source=Source.REVIEW,
            topic=each.title,
            why=each.learning or each.practice,
            seen_in=f"Briefing: {each.title}",
            url=each.get_absolute_url(),
            dated_on=timezone.localdate(each.published_at),
        )


# The plan


def of_priorities(partnership_id, user, *, on):
    """Priorities of published plans that are not over; each with its last decided rating, where that is red."""
    plans = Plan.objects.published().filter(partnerships=partnership_id, ends_on__gte=on).values("pk")
    decided = PriorityReview.objects.decided().select_related("decided_rating", "round").order_by("-decided_at")
    priorities = Priority.objects.in_plan().visible_to(user).filter(plan__in=plans).select_related("plan")
    for each in priorities.prefetch_related(Prefetch("reviews", decided, to_attr="judged")).order_by("pk"):
        last = each.judged[0] if each.judged else None
        rating = last.decided_rating if last else None
        is_red = rating is not None and rating.token == Rating.Token.RED
        said = [f"Rated {rating.word.lower()} in {last.round.name}.", last.decision_comments] if is_red else []
        yield Offer(
            key=f"priority:{each.pk}",
            source=Source.PRIORITY,
            topic=each.title,
            why=" ".join(filter(None, [*said, each.note])) or "A priority of the plan.",
            seen_in=f"{each.plan}, priority {each.ref}".removesuffix(", priority "),
            url=each.get_absolute_url(),
            dated_on=timezone.localdate(last.decided_at) if last else each.plan.starts_on,
            is_lasting=True,
            priority_id=each.pk,
        )


# Figures


def of_indicators(partnership_id, user, *, on):
    """Indicators whose newest figure moved the wrong way, by more than chance or past its target; small ones hidden."""
    in_use = list(Indicator.objects.visible_to(user).in_use().filter(partnership=partnership_id).order_by("pk"))
    figures = figures_of(in_use, None)
    for each in in_use:
        shown = [figure for figure in figures[each.pk] if figure.value is not None]
        if not shown or shown[-1].ends_on < on - BACK:
            continue
        now = [move for move in moves_of(each, figures[each.pk]) if move.holds(shown[-1].starts_on)]
        if not any(move.is_better is False for move in now):
            continue
        yield Offer(
            key=f"indicator:{each.pk}",
            source=Source.DATA,
            topic=each.title,
            why=in_words(each, figures[each.pk]),
            seen_in=f"Indicator: {each}",
            url=each.get_absolute_url(),
            dated_on=shown[-1].ends_on,
            is_lasting=True,
        )


# Risks, challenges, voices, returns


def of_risks(partnership_id, user, *, on):
    """Open risks that were shared with members."""
    shared = Risk.objects.visible_to(user).open().filter(partnership=partnership_id, shared_on__isnull=False)
    for each in shared.with_latest().order_by("pk"):
        score = f"Scored {each.score} of 25." if each.score else ""
        yield Offer(
            key=f"risk:{each.pk}",
            source=Source.RISK,
            topic=each.title,
            why=" ".join(filter(None, [score, each.cause.strip(), each.controls.strip()])) or each.title,
            seen_in=f"Risk {each.ref}",
            url=each.get_absolute_url(),
            dated_on=each.reviewed_on or each.raised_on,
            is_lasting=True,
        )


def of_challenges(partnership_id, user, *, on):
    """Challenges of the last year that were shared with members."""
    shared = Challenge.objects.visible_to(user).filter(partnership=partnership_id, shared_on__isnull=False)
    for each in shared.filter(raised_on__range=(on - BACK, on)).order_by("pk"):
        yield Offer(
            key=f"challenge:{each.pk}",
            source=Source.OTHER,
            topic=each.title,
            why=" ".join(filter(None, [each.issue.strip(), each.evidence.strip()])),
            seen_in=f"Challenge {each.ref}",
            url=each.get_absolute_url(),
            dated_on=each.raised_on,
        )


def of_voices(partnership_id, user, *, on):
    """What children, adults and families said within a year."""
    heard = VoiceEntry.objects.visible_to(user).filter(pk__in=of_ours(VoiceEntry, partnership_id, "voiceentry"))
    for each in heard.filter(heard_on__range=(on - BACK, on)).order_by("pk"):
        yield Offer(
            key=f"voice:{each.pk}",
            source=Source.VOICE,
            topic=each.said,
            why=f"{each.who}: “{each.said.strip()}”",
            seen_in=f"What was said, {each.heard_on:%B %Y}",
            url=each.get_absolute_url(),
            dated_on=each.heard_on,
        )


def of_returns(partnership_id, user, *, on):
    """Standards of released summaries that at least a third of five or more organisations score red. No names."""
    released = ThematicSummary.objects.visible_to(user).filter(partnership=partnership_id)
    released = released.filter(released_on__range=(on - BACK, on)).select_related("request").order_by("pk")
    for each in released:
        for place, standard in enumerate(each.figures.get("standards", ())):
            scored = [mark for mark in standard["marks"] if mark["point"]]
            count = sum(mark["count"] for mark in scored)
            weak = sum(mark["count"] for mark in scored if mark["point"]["token"] == Rating.Token.RED)
            if count < FEWEST_RETURNS or weak * WEAK_SHARE < count:
                continue
            yield Offer(
                key=f"standard:{each.pk}-{place}",
                source=Source.RETURN,
                topic=standard["title"],
                why=f"{weak} of {count} organisations gave themselves the lowest marks.",
                seen_in=each.request.title,
                url=each.get_absolute_url(),
                dated_on=each.released_on,
            )


STREAMS = [
    ("Audits", of_audits),
    ("Learning points", of_points),
    ("Recommendations", of_recommendations),
    ("Themes of reviews", of_themes),
    ("Briefings", of_briefings),
    ("Priorities of the plan", of_priorities),
    ("Figures that moved the wrong way", of_indicators),
    ("Risks", of_risks),
    ("Challenges", of_challenges),
    ("What was said by children, adults and families", of_voices),
    ("Standards that are weak", of_returns),
]
