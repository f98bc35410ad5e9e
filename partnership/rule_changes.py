"""Changing rules: what a change would move is told before it is made, and a new edition begins as a copy."""

from django.db import transaction
from django.utils.text import slugify

from partnership.deadlines import counted_deadlines
from partnership.models import Rule


class WouldMove(Exception):
    """Nothing was changed: ``count`` open dates would come out otherwise, and nobody has agreed to that number."""

    def __init__(self, count):
        super().__init__(f"{count} would move")
        self.count = count


@transaction.atomic
def change(save, *, agreed, on):
    """Call ``save``; give how many open dates it moved.

    Raises WouldMove, and takes everything back, where that is not the number that was ``agreed``.
    """
    before = open_dates(on)
    save()
    after = open_dates(on)
    count = sum(before.get(key) != after.get(key) for key in before | after)
    if count != agreed:
        raise WouldMove(count)
    return count


def open_dates(on):
    """``{key: day}`` of everything open that was counted by a rule."""
    return {deadline.key: deadline.due_on for deadline in counted_deadlines(on=on)}


@transaction.atomic
def add_rule_set(rule_set, *, taken_from):
    """Keep a new rule set, with the rules of another edition where it has any: each still to be verified."""
    rule_set.code = free_code(rule_set.title, taken=set(type(rule_set).objects.values_list("code", flat=True)))
    rule_set.save()
    if taken_from is None:
        return rule_set
    Rule.objects.bulk_create(
        Rule(
            rule_set=rule_set,
            source=rule_set.title,
            verified_on=None,
            **{name: getattr(rule, name) for name in TAKEN_OVER},
        )
        for rule in taken_from.rules.all()
    )
    return rule_set


TAKEN_OVER = ["code", "position", "title", "words", "evidence", "number", "unit", "is_before", "counted_from"]


def place_rule(rule):
    """Give a new rule its code, and its place after the others."""
    others = list(rule.rule_set.rules.values_list("code", "position"))
    rule.code = free_code(rule.title, taken={code for code, _ in others})
    rule.position = max((position for _, position in others), default=0) + 1


def free_code(title, *, taken):
    """The word by which it is known for ever, from its title."""
    code = slugify(title)[:40].strip("-") or "rule"
    numbered = (f"{code}-{number}" for number in range(2, len(taken) + 3))
    return code if code not in taken else next(each for each in numbered if each not in taken)
