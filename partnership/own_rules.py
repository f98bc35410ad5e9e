"""A partnership's own rule set: headings and recipients of its yearly report, in its words, beside law and guidance.

It has no clocks and no duties: dates are counted by law and guidance alone. A heading is filed under by its code: one
with the code of a heading of guidance has the same evidence filed under it.
"""

from django.db import transaction
from django.db.models import ProtectedError

from partnership.models import Partnership, Rule, RuleSet
from partnership.refusals import NotNow
from partnership.rule_changes import free_code

OWN_UNITS = (Rule.Unit.HEADING, Rule.Unit.RECIPIENT)
TAKEN_OVER = [
    "code",
    "position",
    "title",
    "words",
    "evidence",
    "number",
    "unit",
    "counted_from",
    "source",
    "verified_on",
]
USED = "A report has this heading, or was sent to this recipient. It stays, and can be renamed"


@transaction.atomic
def add_own_set(rule_set, *, taken_from):
    """Keep a new rule set of a partnership, with headings and recipients of an edition where it has any.

    What was read in the text of that edition stays read: it is the same duty in other words.
    """
    kinds = RuleSet.Audience
    adults = rule_set.partnership.kind == Partnership.Kind.ADULTS
    rule_set.audience = kinds.ADULTS if adults else kinds.CHILDREN
    rule_set.code = free_code(rule_set.title, taken=set(RuleSet.objects.values_list("code", flat=True)))
    rule_set.save()
    if taken_from is not None:
        Rule.objects.bulk_create(
            Rule(rule_set=rule_set, **{name: getattr(rule, name) for name in TAKEN_OVER})
            for rule in taken_from.rules.filter(unit__in=OWN_UNITS)
        )
    return rule_set


def headings_known():
    """``{code: title}`` of every heading of law and guidance, as the newest edition calls it."""
    rules = Rule.objects.filter(rule_set__partnership=None, unit=Rule.Unit.HEADING)
    return dict(rules.order_by("rule_set__published_on", "rule_set", "position").values_list("code", "title"))


@transaction.atomic
def move_rule(rule, *, up):
    """One place up or down among those of its kind. Gives whether it moved."""
    rules = list(
        Rule.objects.select_for_update().filter(rule_set=rule.rule_set_id, unit=rule.unit).order_by("position", "code")
    )
    place = next(index for index, each in enumerate(rules) if each.pk == rule.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rules):
        return False
    rules[place], rules[other] = rules[other], rules[place]
    for each, position in zip(rules, sorted_places(rules), strict=True):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])
    return True


def sorted_places(rules):
    """The places that ``rules`` have now, in order and none twice."""
    places, last = [], -1
    for position in sorted(rule.position for rule in rules):
        last = max(last + 1, position)
        places.append(last)
    return places


@transaction.atomic
def remove_rule(rule):
    """Remove a rule that nothing refers to. Raises NotNow where a report has it."""
    try:
        with transaction.atomic():
            rule.delete()
    except ProtectedError as used:
        raise NotNow(USED) from used
