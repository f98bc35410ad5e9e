"""What a search finds of training."""

from partnership.searching.kinds import Kind
from training.models import Competency, Course, Event, LearningNeed

KINDS = [
    Kind(
        key="course",
        one="Course",
        label="Courses",
        model=Course,
        title=("title",),
        text=("purpose", "audience", "afterwards"),
    ),
    Kind(
        key="event",
        one="Event",
        label="Events",
        model=Event,
        text=("venue", "trainers"),
        on="starts_at",
        with_=("course",),
        heading=str,
    ),
    Kind(
        key="competency",
        one="Competency",
        label="Competencies",
        model=Competency,
        title=("title",),
        text=("description",),
    ),
    Kind(
        key="need",
        one="Training need",
        label="Training needs",
        model=LearningNeed,
        title=("topic",),
        text=("why",),
        with_=("analysis",),
        place=lambda need: str(need.analysis),
    ),
]
