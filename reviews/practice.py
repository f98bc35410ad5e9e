"""Practice reviews: begun after what partners decided on one case or several."""

from django.db import transaction

from reviews.cases import NotNow, begin_stages_of_review
from reviews.models import Case, PracticeReview


@transaction.atomic
def begin_review(*, partnership, cases, kind, reference, title, begun_on, by):
    """Keep a practice review of ``cases``, all of ``partnership``, decided on ``begun_on``, with its stages.

    ``by`` has looked at it: nobody begins one unseen. Raises NotNow where one of the cases has a review of this
    kind under way: somebody else has just begun it.
    """
    held = list(Case.objects.select_for_update().filter(partnership=partnership, pk__in=[case.pk for case in cases]))
    if len(held) != len({case.pk for case in cases}):
        raise NotNow("A case of another partnership can’t be reviewed here.")
    again = PracticeReview.objects.under_way().filter(cases__in=held, kind=kind).first()
    if again:
        raise NotNow(f"{again.reference} is under way already for this case.")
    review = PracticeReview.objects.create(partnership=partnership, kind=kind, reference=reference, title=title)
    review.cases.set(held)
    begin_stages_of_review(review, begun_on=begun_on)
    review.note_reading(by=by)
    return review
