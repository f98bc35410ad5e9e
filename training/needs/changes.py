"""What a year's courses changed, by what people answered before, straight after and some weeks later."""

from collections import defaultdict

from training.evaluation.figures import added_up, figures_by_event
from training.models import Event


def changes_of(courses, *, starts_on, ends_on, on):
    """{course: what those who came say, in words} of events of those days, where enough answered to be told."""
    events = Event.objects.not_cancelled().filter(course__in=courses, starts_at__date__range=(starts_on, ends_on))
    events = list(events.select_related("course__run_by"))
    figures, by_course = figures_by_event(events, on=on), defaultdict(list)
    for event in events:
        by_course[event.course_id].append(figures[event.pk])
    said = {course: in_words(added_up(found)) for course, found in by_course.items()}
    return {course: words for course, words in said.items() if words}


def in_words(figures):
    """Confidence before and after, and how many changed something; "" where nothing is told."""
    parts = []
    if figures.learned:
        before, after = figures.learned.earlier, figures.learned.later
        of = f"of {before.count} who answered both"
        parts.append(f"Confidence {before.mean} of 5 before and {after.mean} straight after, {of}.")
    changed = figures.later.changed
    if changed:
        parts.append(f"Some weeks later {sum(changed.counts[:2])} of {changed.count} had changed something.")
    return " ".join(parts)
