"""Reminders in plain words."""

from django.conf import settings

from partnership.templatetags.components import sentence_join

RESTRICTED = "A restricted item"


def kind_name(kind):
    """ "Milestones of a plan" of "milestone"; of a kind that is no more, its own word."""
    return settings.DEADLINE_KINDS.get(kind, (kind, True))[0]


def days_in_words(steps):
    """ "5 and 1 working days before, on the day, 1 and 5 after"; "Nobody is told" without any."""
    before = [-step for step in sorted(steps) if step < 0]
    after = [step for step in sorted(steps) if step > 0]
    parts = []
    if before:
        parts.append(f"{sentence_join(before)} {unit(before)} before")
    if 0 in steps:
        parts.append("on the day")
    if after:
        parts.append(f"{sentence_join(after)} {unit(after) + ' ' if not before else ''}after")
    words = ", ".join(parts) or "nobody is told"
    return words[0].upper() + words[1:]


def unit(days):
    return "working day" if days == [1] else "working days"


RUNGS = (("chair_after", "the chair"), ("office_after", "the office"), ("executive_after", "the executive"))


def ladder_in_words(policy):
    """ "The chair hears after 5, the office after 10, the executive after 15"; "Nobody else" without any."""
    heard = [(who, getattr(policy, name)) for name, who in RUNGS if getattr(policy, name)]
    if not heard:
        return "Nobody else hears of it"
    (first, days), *others = heard
    parts = [f"{first} hears after {days}", *[f"{who} after {days}" for who, days in others]]
    words = ", ".join(parts)
    return words[0].upper() + words[1:]


def example(policy, due_on, *, days):
    """What follows for one date, counted in ``days`` (WorkingDays): (date, who hears) pairs in their order."""
    told = [(days.add(due_on, step), "whoever it is asked of", step) for step in policy.steps]
    told += [
        (days.add(due_on, getattr(policy, name)), who, getattr(policy, name))
        for name, who in RUNGS
        if getattr(policy, name)
    ]
    heard = {}
    for day, who, _step in sorted(told, key=lambda each: each[2]):
        heard.setdefault(day, []).append(who)
    return [(day, sentence_join(who)) for day, who in heard.items()]


def due_words(reminder):
    """ "8 working days before, asked for by Nadia Fenwick"."""
    asked = f", asked for by {reminder.asked_by}" if reminder.asked_by else ""
    return f"{reminder.step_in_words}{asked}"
