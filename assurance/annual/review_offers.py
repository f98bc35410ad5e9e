"""What reviews taught: recommendations and re-checks, learning, briefings, what was published, how many go on.

Of a case or a review nothing is read but what its group released or published, and of those under way a count,
which is never small.
"""

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from assurance.annual.filing import (
    CONCLUDED,
    DIFFERENCE,
    HOW_MUCH,
    HOW_WELL,
    LEARNING,
    MEMBERS,
    ONGOING,
    REFUSED,
    Offer,
    in_sentences,
)
from assurance.printed import counted
from partnership.row_security import all_rows
from reviews.clock import BEGUN
from reviews.counts import USUAL_SMALLEST
from reviews.models import (
    Briefing,
    LearningPoint,
    LearningSettings,
    PracticeReview,
    Receipt,
    ReCheck,
    Recommendation,
    ReviewPublication,
    Stage,
)
from training.models import LearningNeed, Place, PlaceStatus


def recommendation_offers(year):
    """What was answered to recommendations, reasons included, and what a later look at one found."""
    for each in year.answered_recommendations():
        because = f" {each.answer_because.strip()}" if each.answer_because else ""
        yield Offer(
            headings=REFUSED if each.answer == Recommendation.Answer.DECLINED else LEARNING,
            source_key=f"recommendation:{each.pk}",
            reference=f"REC-{each.ref}" if each.ref else "REC",
            kind="recommendation",
            text=f"{each.source_words}: {each.text} {each.get_answer_display()}.{because}",
            shows=HOW_MUCH,
            dated_on=each.answered_on,
            address=each.get_absolute_url(),
        )
    for each in year.judged_rechecks():
        of = each.recommendation
        yield Offer(
            headings=LEARNING,
            source_key=f"recheck:{each.pk}",
            reference=f"REC-{of.ref}" if of.ref else "REC",
            kind="re-check",
            text=f"{of.text} {each.get_judgement_display()}. {each.evidence.strip()}",
            shows=DIFFERENCE if each.judgement == ReCheck.Judgement.EMBEDDED else HOW_WELL,
            dated_on=each.done_on,
            address=of.get_absolute_url(),
        )


def learning_offers(year):
    """Learning points that every member may read: of a case or a review, as old as their release."""
    in_year = (year.starts_on, year.ends_on)
    open_ones = Q(case=None, review=None, released_on=None, learned_on__range=in_year)
    released = Q(released_on__range=in_year)
    points = LearningPoint.objects.filter(open_ones | released, partnership__in=year.partnership_ids)
    for each in points.order_by("released_on", "text", "pk"):
        yield Offer(
            headings=LEARNING,
            source_key=f"learning:{each.pk}",
            reference="LP",
            kind="learning point",
            text=f"{each.source_words}: {in_sentences(each.text)}",
            shows=HOW_MUCH,
            dated_on=each.released_on if each.is_of_group else each.learned_on,
            address=each.get_absolute_url(),
        )


def briefings_of(year):
    """The newest editions that came out in the year."""
    return Briefing.objects.published().filter(
        partnership__in=year.partnership_ids, published_at__date__range=(year.starts_on, year.ends_on)
    )


def briefing_offers(year):
    """Each briefing that came out in the year, and how many agencies used it. Their words are theirs."""
    used = Count("receipts", filter=Q(receipts__used_on__isnull=False))
    out = briefings_of(year).annotate(asked=Count("receipts"), used=used).order_by("published_at", "pk")
    for briefing in out:
        came_to = f" {briefing.used} of {briefing.asked} agencies say that they used it." if briefing.asked else ""
        yield Offer(
            headings=LEARNING,
            source_key=f"briefing:{briefing.pk}",
            reference="BR",
            kind="briefing",
            text=f"Briefing “{briefing.title}” was published.{came_to}",
            shows=HOW_MUCH,
            dated_on=timezone.localdate(briefing.published_at),
            address=briefing.get_absolute_url(),
        )


def agency_offers(year):
    """Of each agency how many briefings it used and with how many people, and who came to courses on that learning.

    Counts alone, and of receipts only those that were submitted.
    """
    receipts = (
        Receipt.objects.filter(briefing__in=briefings_of(year).values("pk"))
        .exclude(submitted_at=None)
        .select_related("organisation")
        .order_by("organisation__name", "organisation", "pk")
    )
    by_agency = {}
    for receipt in receipts:
        by_agency.setdefault(receipt.organisation, []).append(receipt)
    came = places_on_learning(year)
    for organisation, answers in by_agency.items():
        used = [each for each in answers if each.used_on]
        people = sum(each.reached or 0 for each in used)
        with_whom = f", with {counted(people, 'person') if people == 1 else f'{people:,} people'}" if people else ""
        places = came.get(organisation.pk, 0)
        courses = f" {counted(places, 'place')} taken up on courses about what reviews taught." if places else ""
        yield Offer(
            headings=MEMBERS,
            source_key=f"agency-learning:{organisation.pk}",
            reference=f"LA-{organisation.pk}",
            kind="learning by agency",
            text=f"{organisation.name} used {len(used)} of {counted(len(answers), 'briefing')} that it answered about"
            f"{with_whom}.{courses}",
            shows=HOW_WELL if used else HOW_MUCH,
            dated_on=timezone.localdate(max(each.submitted_at for each in answers)),
        )


def places_on_learning(year):
    """{organisation: places taken up in the year on courses that meet a need seen in a review}."""
    needs = LearningNeed.objects.filter(
        source=LearningNeed.Source.REVIEW,
        analysis__partnership__in=year.partnership_ids,
        analysis__settled_on__isnull=False,
    )
    taken = Place.objects.filter(
        event__course__needs__in=needs.values("pk"),
        event__starts_at__date__range=(year.starts_on, year.ends_on),
        status=PlaceStatus.ATTENDED,
    )
    rows = taken.order_by().values("organisation").annotate(count=Count("pk", distinct=True))
    return {row["organisation"]: row["count"] for row in rows}


def concluded_offers(year):
    """Reviews whose first edition was published in the year, in the words that are public today."""
    public = (
        ReviewPublication.objects.published()
        .with_first_day()
        .filter(
            partnership__in=year.partnership_ids,
            first_published_on__range=(year.starts_on, year.ends_on),
        )
        .select_related("partnership")
        .order_by("first_published_on", "title", "pk")
    )
    for each in public:
        yield Offer(
            headings=CONCLUDED,
            source_key=f"publication:{each.review}",
            reference="REVIEW",
            kind="published review",
            text=f"{each.get_kind_display()}, {each.title}: {in_sentences(each.summary, each.findings)}",
            shows=HOW_WELL,
            dated_on=each.first_published_on,
            address=each.get_absolute_url(),
        )


def ongoing_offers(year, *, on):
    """How many reviews were under way at the end of the year, or are today; never a small number, nor a nought."""
    is_over = year.ends_on <= on
    day = year.ends_on if is_over else on
    chosen = LearningSettings.objects.filter(partnership__in=year.partnership_ids)
    smallest = max([USUAL_SMALLEST, *chosen.values_list("smallest_shown", flat=True)])
    later = Stage.objects.filter(review=OuterRef("pk"), code=BEGUN, done_on__gt=day)
    with all_rows():
        count = PracticeReview.objects.filter(
            Q(ended_on=None) | Q(ended_on__gt=day), ~Exists(later), partnership__in=year.partnership_ids
        ).count()
    number = counted(count, "review") if count >= smallest else f"fewer than {smallest} reviews, or none,"
    when = "At the end of the year" if is_over else "So far in the year"
    yield Offer(
        headings=ONGOING,
        source_key="reviews-ongoing",
        reference="REVIEWS",
        kind="reviews under way",
        text=f"{when} {number} {'were' if is_over else 'are'} under way.",
        shows=HOW_MUCH,
        dated_on=year.ends_on,
    )
