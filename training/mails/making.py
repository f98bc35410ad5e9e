"""All mails that are made by the day and nobody’s press, at once: for a database that was put back from a backup."""

from training.evaluation.asking import open_evaluations
from training.mails.reminding import remind
from training.places.bookings import fill_everywhere, let_go


def make_all(*, on, at):
    """Do what beat would do next. They are made, and held before any leaves: see ``partnership.operations``."""
    let_go(at=at)
    fill_everywhere(at=at)
    remind(at=at)
    open_evaluations(on=on, at=at)
