"""Little or no progress, and why: drafted from the trail of each deliverable that stood still, for a person to edit.

The yearly report must analyse areas of little or no progress (Working Together 2018, chapter 3). What
was promised, what moved and what was said is on record already, so the draft puts it into sentences,
each with the record that it comes from. It never adds a reason that nobody gave.
"""

from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.urls import reverse

from partnership.templatetags.components import sentence_join
from plans import drift
from plans.drift import capital, counted, named, number, shortened
from plans.due_words import long
from plans.models import Deliverable, StandstillNote

LOOKED_AT = 2  # rounds
LONGEST_QUOTED = 240  # characters of what somebody said
MOST_OBSTACLES = 2


@dataclass(frozen=True)
class Fact:
    """One sentence, and the page of the record it comes from."""

    text: str
    source: str
    url: str


@dataclass(frozen=True)
class StoodStill:
    """A deliverable with little or no progress: the rules that say so, in words, and its story, in paragraphs."""

    aim: object
    promise: object
    reasons: list
    story: list

    @property
    def facts(self):
        return [fact for paragraph in self.story for fact in paragraph]

    @property
    def draft(self):
        return "\n\n".join(" ".join(fact.text for fact in paragraph) for paragraph in self.story)

    @property
    def words(self):
        """What stands: the office's own words, else the draft."""
        return self.promise.note or self.draft

    @property
    def is_written(self):
        return bool(self.promise.note)


# Rules: each gives what it says of a deliverable in a few words, or nothing


def worst_twice(promise, day):
    """Rated the worst in the last two rounds in which anybody answered."""
    said = promise.said[-LOOKED_AT:]
    if len(said) < LOOKED_AT or not all(day.is_worst(answer.rating) for answer in said):
        return ""
    return f"Rated {said[-1].rating} in the last two rounds"


def no_answer(promise, day):
    asked = day.past[-LOOKED_AT:]
    last = promise.last
    if len(asked) < LOOKED_AT or (last and last.round.closes_on >= asked[0].closes_on):
        return ""
    return "No answer in the last two rounds"


def nothing_met(promise, day):
    """Since the last two periods began something was due, and nothing was met."""
    asked = day.past[-LOOKED_AT:]
    if len(asked) < LOOKED_AT or not promise.missed(day.on):
        return ""
    since = asked[0].starts_on
    if any(mark.met_on and mark.met_on >= since for mark in promise.promised):
        return ""
    return f"No milestone met since {long(since)}"


def moved_twice(promise, day):
    most = max((len(work.moves_that_count()) for work in promise.works), default=0)
    return f"A date moved {drift.times(most)}" if most >= drift.MOVED else ""


def same_words(promise, day):
    return "The same words in three rounds or more" if drift.same_words(promise, None, day) else ""


RULES = [worst_twice, no_answer, nothing_met, moved_twice, same_words]


def reasons_of(promise, day):
    """Why we say that it stands still, rule by rule; nothing for what is done."""
    if promise.rating and promise.rating.is_done:
        return []
    return [reason for reason in (rule(promise, day) for rule in RULES) if reason]


def stood_still(course, *, on):
    """A StoodStill for each deliverable of a running or closed plan that a rule names, in the plan's order."""
    plan = course.plan
    on = plan.judged_on(on)
    day = drift.Day(on, course.past(on), course.ratings)
    found = []
    for aim in course.aims:
        for promise in aim.promises:
            reasons = reasons_of(promise, day)
            if reasons:
                found.append(StoodStill(aim, promise, reasons, story_of(course, aim, promise, on=on)))
    return found


def story_of(course, aim, promise, *, on):
    """The Facts of one deliverable, in the order in which a person would tell them: a list of paragraphs."""
    story = Story(course, aim, promise, on=on)
    paragraphs = [
        [*story.promised(), *story.done(), *story.moved()],
        [*story.rated(), *story.in_the_way()],
        [*story.decided()],
    ]
    return [paragraph for paragraph in paragraphs if paragraph]


class Story:
    """What the trail of one deliverable says, sentence by sentence."""

    def __init__(self, course, aim, promise, *, on):
        self.course, self.plan = course, course.plan
        self.aim, self.promise, self.on = aim, promise, on
        self.url = reverse("plans:deliverable-detail", args=[promise.pk])

    def fact(self, text, source, url=""):
        return Fact(text, source, url or self.url)

    def promised(self):
        leads = [lead.text for lead in self.promise.leads]
        led = f", led by {listed(leads)}" if leads else ""
        yield self.fact(f"We promised {quoted(self.promise.title)}{led}.", "The plan")
        if not leads:
            yield self.fact("No lead is named for it.", "The plan")

    def done(self):
        works = [work for work in self.promise.works if work.promised]
        met = [work for work in works if work.is_met]
        if len(works) > 1:
            count = {0: "none is met", 1: "one is met"}.get(len(met), f"{number(len(met))} are met")
            yield self.fact(f"Of its {counted(len(works), 'dated activity')}, {count}.", "The plan")
        for work in works:
            missed = work.missed(self.on)
            if missed:
                yield self.fact(
                    capital(f"{named(work)} was due on {long(missed[0].due_on)} and is not met."), "The plan"
                )

    def moved(self):
        for work in self.promise.works:
            for move in work.moves:
                verb = {True: "was moved", False: "was asked to move, which was not agreed,", None: "was asked to move"}
                because = f", because {quoted(move.reason)}" if move.reason.strip() else ""
                before = f" from {move.before}" if move.before.strip() else ""
                back = " The old date was put back since." if move.is_taken_back else ""
                yield self.fact(
                    f"The date of {named(work)} {verb[move.is_agreed]}{before} to {move.after}{because}.{back}",
                    f"A new date, asked for on {long(move.asked_on)}",
                )

    def rated(self):
        said = self.promise.said
        if said:
            runs = [(rating, list(answers)) for rating, answers in groupby(said, key=lambda each: each.rating)]
            ratings = [f"{rating} in {sentence_join([each.round for each in answers])}" for rating, answers in runs]
            yield self.fact(f"It was rated {', then '.join(ratings)}.", "The leads’ updates", f"{self.url}#updates")
        silent = [round for round in self.course.past(self.on) if round.pk not in self.promise.answers]
        if silent:
            names = sentence_join([str(round) for round in silent])
            yield self.fact(f"No update came in {names}.", "The rounds", silent[-1].get_absolute_url())

    def in_the_way(self):
        told = [answer for answer in self.promise.said if answer.risk.strip() or answer.worse_reason.strip()]
        for answer in told[-MOST_OBSTACLES:]:
            words = " ".join(filter(None, [answer.worse_reason.strip(), answer.risk.strip()]))
            yield self.fact(
                f"What was in the way in {answer.round}, in the lead’s words: {quoted(words)}.",
                f"The update of {long(answer.on)}",
                f"{self.url}#updates",
            )

    def decided(self):
        verdicts = sorted(self.aim.verdicts.values(), key=lambda verdict: verdict.round.closes_on)
        for verdict in [each for each in verdicts if each.rating][-LOOKED_AT:]:
            url = reverse("plans:review-detail", args=[self.aim.pk, verdict.round.pk])
            yield self.fact(self.verdict_words(verdict), f"The priority’s review, {verdict.round}", url)
            if verdict.actions:
                asked = sentence_join([quoted(text) for text in verdict.actions])
                yield self.fact(f"The review’s action log says {asked}.", "The review’s action log", url)

    def verdict_words(self, verdict):
        if verdict.decided is None:
            group = the(self.plan.scrutiny_group or "scrutiny group")
            said = f": {quoted(verdict.scrutiny_comments)}" if verdict.scrutiny_comments.strip() else ""
            return (
                f"{group} proposed {verdict.proposed} for the priority in {verdict.round}{said}. It is not decided yet."
            )
        group = the(self.plan.deciding_group or "deciding group")
        proposed = f" ({verdict.proposed} was proposed)" if verdict.differs else ""
        why = verdict.decision_reason if verdict.differs else verdict.decision_comments
        said = f": {quoted(why)}" if why.strip() else ""
        return f"{group} rated the priority {verdict.decided} in {verdict.round}{proposed}{said}."


def the(group):
    """ "The Executive", and a name that brings its own article as it is."""
    name = str(group)
    return name if name.lower().startswith("the ") else f"The {name}"


def listed(names):
    """Names one after another; parted by semicolons where one has a comma of its own."""
    if len(names) > 1 and any("," in name for name in names):
        return f"{'; '.join(names[:-1])}; and {names[-1]}"
    return sentence_join(names)


def quoted(text):
    """What somebody wrote, as a part of our sentence."""
    return f"“{shortened(text, LONGEST_QUOTED).rstrip('.')}”"


# Keeping what the office writes


@transaction.atomic
def keep_note(deliverable, *, text, by, at):
    """The office's own words on one deliverable; what they were before is in the history."""
    Deliverable.objects.select_for_update(of=["self"], no_key=True).get(pk=deliverable.pk)
    values = {"text": text, "written_by": by, "written_at": at}
    note, _made = StandstillNote.objects.update_or_create(deliverable=deliverable, defaults=values)
    return note
