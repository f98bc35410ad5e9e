"""What a report still lacks, true at any day of the year, and who can mend it.

Each part says itself what it lacks (``lacks_of_…``); here it is put together, in the order of who can mend it.
Before the year is over much is not due yet: it is told apart.
"""

from collections import Counter
from dataclasses import replace

from assurance.annual.companions import lacks_of_companions
from assurance.annual.consulting import lacks_of_consultation
from assurance.annual.contributions import lacks_of_contributions
from assurance.annual.figures import Figures
from assurance.annual.lacks import BY_ADVISOR, BY_LEADS, BY_OFFICE, BY_OTHERS, LEADS, OFFICE, Missing
from assurance.annual.meetings import lacks_of_arrangements, lacks_of_meetings
from assurance.annual.money import lacks_of_money
from assurance.annual.offers import ARRANGEMENTS, COSTS, IMPACT
from assurance.annual.recipients import lacks_of_recipients
from assurance.annual.record_lacks import (
    lacks_of_feedback,
    lacks_of_impact,
    lacks_of_plans,
    lacks_of_returns,
    last_rounds,
    priorities_of,
)
from assurance.annual.signing import lacks_of_sign_off
from assurance.annual.statements import ADVISOR, lacks_of_statement
from assurance.annual.training import lacks_of_training
from assurance.annual.word_lacks import lacks_of_figures, lacks_of_words, with_filed
from assurance.annual.year import Year

TRAINING = "Training coordinator"
FIRST = [OFFICE, LEADS, ADVISOR, TRAINING]


def missing(report, *, on):
    """Everything that the report still lacks ``on`` that day, in the order of who can mend it."""
    partnerships = list(report.partnerships.all())
    year = Year(frozenset(each.pk for each in partnerships), report.starts_on, report.ends_on)
    sections = list(with_filed(report.sections))
    rounds = last_rounds(year, on=on)
    priorities = list(priorities_of(year, rounds))
    codes = {section.rule.code for section in sections if section.rule}
    found = [
        *lacks_of_words(report, sections, on=on),
        *lacks_of_figures(report, sections=sections, figures=Figures(year)),
        *lacks_of_impact(priorities, sections),
        *lacks_of_feedback(report, partnerships, sections),
        *lacks_of_plans(rounds, priorities, on=on),
        *lacks_of_returns(year, on=on),
        *lacks_of_record(year, codes, on=on),
        *lacks_around(report, on=on),
    ]
    return sorted(found, key=lambda each: place_of(each.who))


def place_of(who):
    """The office first, then those who are asked by their part, then everybody by name."""
    return (FIRST.index(who), "") if who in FIRST else (len(FIRST), who)


def lacks_of_record(year, codes, *, on):
    """Costs, meetings, arrangements and training, where the report has a heading for them."""
    is_over = on > year.ends_on
    if codes & set(COSTS):
        for what, url in lacks_of_money(year):
            yield Missing(what, OFFICE, url, "Enter it under Money", part="Money", is_due=is_over)
    for what, url in lacks_of_meetings(year, on=on):
        yield Missing(what, OFFICE, url, "Write it up", part="Meetings")
    if set(ARRANGEMENTS[:1]) & codes:
        for what, url in lacks_of_arrangements(year):
            yield Missing(
                what, OFFICE, url, "Look at them, and publish the version", part="Arrangements", is_due=is_over
            )
    if codes & set(IMPACT):
        for what, url in lacks_of_training(year):
            yield Missing(what, TRAINING, url, "Ask those who took part, weeks later", part="Training", by=BY_OTHERS)


AROUND = [
    ("Contributions", lacks_of_contributions, "Ask for it, or remind them"),
    ("Independent scrutiny", lacks_of_statement, "Write it, and give it to the partnership"),
    ("Consultation", lacks_of_consultation, "Ask, and answer every comment"),
    ("Sign-off", lacks_of_sign_off, "Read the proof, then sign it or ask for changes"),
    ("Recipients", lacks_of_recipients, "Send it, and write down the day"),
    ("With the report", lacks_of_companions, "Make it, or bring the file"),
]


def lacks_around(report, *, on):
    """What others still owe it. Before the year is over only what is late is due."""
    is_over = on > report.ends_on
    for part, lacks, todo in AROUND:
        for each in lacks(report, on=on):
            due = is_over or ", late" in each.what
            yield replace(each, part=part, is_due=due, by=by_whom(each, part), todo=each.todo or todo)


def by_whom(each, part):
    if each.who == ADVISOR:
        return BY_ADVISOR
    if each.who == OFFICE:
        return BY_OFFICE
    return BY_LEADS if part == "Sign-off" else BY_OTHERS


# For the page


def opens_for(each, *, is_office, is_advisor, is_lead):
    """Whether its link leads such a person somewhere they can mend it."""
    return bool(each.url) and (is_office or is_advisor and each.by == BY_ADVISOR or is_lead and each.by == BY_LEADS)


def people_of(found):
    """(who, how many) in the list's order."""
    return list(Counter(each.who for each in found).items())


def parted(found):
    """(due now, not due yet)."""
    return [each for each in found if each.is_due], [each for each in found if not each.is_due]
