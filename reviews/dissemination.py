"""How a briefing is spread: what is planned, what is done, and how many it reached."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The plan of one briefing. ``late``: keys of the steps that should have been done before the day asked."""

    steps: list
    late: frozenset
    done_count: int
    reached: int

    @property
    def words(self):
        """ "2 of 3 done, 140 people reached"."""
        said = f"{self.done_count} of {len(self.steps)} done"
        return f"{said}, {self.reached} people reached" if self.reached else said


def spread_of(briefing, *, on):
    steps = list(briefing.steps.select_related("lead_post__organisation"))
    return Spread(
        steps=steps,
        late=frozenset(step.pk for step in steps if step.done_on is None and step.due_on < on),
        done_count=sum(1 for step in steps if step.done_on),
        reached=sum(step.reached or 0 for step in steps),
    )
