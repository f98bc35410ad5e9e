"""Addresses of cases and what comes of them; opaque, and 404 to everyone who may not know of them."""

from reviews import public, public_learning
from reviews.views import (
    briefings,
    cases,
    decisions,
    deletion,
    learning,
    panel,
    practice,
    publication,
    rapid_review,
    receipts,
    recommendations,
    summaries,
    themes,
)

app_name = "reviews"

urlpatterns = [
    *cases.patterns,
    *deletion.patterns,
    *practice.patterns,
    *summaries.patterns,
    *decisions.patterns,
    *rapid_review.patterns,
    *panel.patterns,
    *themes.patterns,
    *public.patterns,
    *publication.patterns,
    *recommendations.patterns,
    *briefings.patterns,
    *receipts.patterns,
    *learning.patterns,
    *public_learning.patterns,
]
