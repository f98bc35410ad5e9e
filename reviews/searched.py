"""What a search finds of learning: what all members may read, and of cases and reviews only what was released."""

from django.db.models.functions import Coalesce

from partnership.searching.kinds import Kind
from reviews.models import Briefing, LearningPoint, Recommendation
from reviews.models.recommendations import FREE

KINDS = [
    Kind(
        key="recommendation",
        one="Recommendation",
        label="Recommendations",
        model=Recommendation,
        title=("text",),
        # The day it was made would lead to the case that it was released from.
        on=Coalesce("released_on", "made_on"),
        seen=lambda user: Recommendation.objects.visible_to(user).shared(),
        heading=lambda recommendation: recommendation.text,
    ),
    Kind(
        key="learning",
        one="Learning point",
        label="Learning points",
        model=LearningPoint,
        title=("text",),
        on=Coalesce("released_on", "learned_on"),
        seen=lambda user: LearningPoint.objects.visible_to(user).filter(FREE),
        heading=lambda point: point.text,
    ),
    Kind(
        key="briefing",
        one="Briefing",
        label="Briefings",
        model=Briefing,
        title=("title",),
        text=("background", "happened", "learning", "practice", "reflection", "resources"),
        on="published_at",
        seen=lambda user: Briefing.objects.visible_to(user).exclude(published_at=None),
    ),
]
