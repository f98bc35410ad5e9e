"""Practice reviews, for the case review group alone."""

from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from partnership.access import get_permitted
from reviews.models import PracticeReview
from reviews.timeline import marks_of


@require_safe
def review_detail(request, pk):
    """One practice review; that this person looked at it is recorded."""
    review = get_permitted(request.user, PracticeReview, "view", pk=pk)
    review.note_reading(by=request.user)
    today = timezone.localdate()
    context = {
        "review": review,
        "crumbs": [("Cases", reverse("reviews:case-list")), (review.reference, None)],
        "marks": marks_of(review, on=today),
        "today": today,
        "readings": review.readings.select_related("read_by")[:10],
    }
    return render(request, "reviews/review_detail.html", context)


patterns = [
    path("practice-reviews/<uuid:pk>/", review_detail, name="review-detail"),
]
