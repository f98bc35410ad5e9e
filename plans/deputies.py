"""Deputies: a lead lets somebody else answer, one deliverable in a round, or all of theirs while away.

What is handed on ends by itself: with the round, with the days away, as soon as the lead no longer
leads it, and as soon as the deputy is no longer of the partnership. Nobody hands on what was handed to them.
"""

from plans.models import Deliverable


def deliverables_of_deputy(user, *, on):
    """The open deliverables that ``user`` may answer on that day for a lead who handed them on."""
    return Deliverable.objects.open().handed_to(user, on=on)
