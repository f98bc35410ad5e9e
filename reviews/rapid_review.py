"""The rapid review of a case as its pack says it: gathered once, for the PDF and the Word document alike."""

from django.utils import timezone

from partnership.access import may
from partnership.templatetags.components import long_date, sentence_join
from reviews.decisions import Verdict, lines_of
from reviews.forms.rapid_review import PURPOSES, RapidReviewForm
from reviews.forms.summaries import HEADINGS
from reviews.models import RapidReview
from reviews.summaries import WORDS
from reviews.timeline import marks_of

NOTHING = "Nothing was written."
LEFT_OUT = {"next_steps"}  # stands with the decisions


def review_of(case):
    """The rapid review of ``case``; one that is not yet kept where nobody has written."""
    return RapidReview.objects.filter(case=case).first() or RapidReview(case=case, partnership_id=case.partnership_id)


def section_of(case, user):
    """What the case page shows: how much of the rapid review is written."""
    review = review_of(case)
    return {
        "written": [name for name in PURPOSES if getattr(review, name)],
        "missing": [label_of(name).lower() for name in PURPOSES if not getattr(review, name)],
        "count": len(PURPOSES),
        "is_open": case.closed_on is None and may(user, "change", case),
    }


def label_of(name):
    return RapidReviewForm._meta.labels[name]


def content_of(case, *, by, now):
    """All that both documents say, as plain values. ``now``: the moment, in local time; ``by``: whose copy it is."""
    on = timezone.localdate(now)
    partnership = case.partnership
    review, verdict = review_of(case), Verdict(lines_of(case, on=on))
    is_closed = case.closed_on is not None
    return {
        "name": partnership.name,
        "colour": partnership.house_colour,
        "reference": case.reference,
        "category": case.category,
        "copy": f"Copy of {by}, made on {long_date(now)} at {now:%H:%M}",
        "made_on": on,
        "facts": facts_of(case),
        "summary": case.summary,
        "stages": [stage_line(mark) for mark in marks_of(case, on=on)],
        "agencies": [agency_line(each) for each in case.summaries.select_related("organisation", "contact")],
        "purposes": [(label_of(name), getattr(review, name)) for name in PURPOSES if name not in LEFT_OUT],
        "next_steps": review.next_steps,
        "summaries": [summary_part(each) for each in returned(case)],
        "advice": [
            {
                "outcome": each.get_outcome_display(),
                "reasons": each.reasons,
                "who": f"{each.given_by}, {long_date(each.given_on)}",
            }
            for each in case.advice.select_related("given_by")
        ],
        "verdict": verdict_words(verdict, is_closed=is_closed),
        "decisions": [decision_part(line, is_closed=is_closed) for line in verdict.lines],
        "sign_off": sign_off_of(case, verdict),
        "letters": [letter_part(each) for each in case.letters.prefetch_related("points")],
    }


def facts_of(case):
    """(what, value) of the notification, without what is not known."""
    facts = [
        ("Local reference", case.reference),
        ("Kind", case.get_kind_display()),
        ("What it is about", case.category),
        ("Themes", sentence_join([str(theme) for theme in case.themes.all()])),
        ("Area", str(case.area or "")),
        ("A looked-after child died", "Yes" if case.is_looked_after_death else ""),
        ("The Panel’s own number", case.panel_reference),
    ]
    return [(what, value) for what, value in facts if value]


def stage_line(mark):
    late = mark.stage.late_because
    if mark.done_on:
        done = long_date(mark.done_on)
    elif mark.stage.not_needed_because:
        done = "Not needed"
    else:
        done = "Not done" if mark.is_over else "Not yet"
    return {
        "title": mark.title,
        "due": long_date(mark.due_on) if mark.due_on else "",
        "done": done,
        "because": late or mark.stage.not_needed_because,
        "is_late": mark.is_late,
    }


def agency_line(summary):
    if summary.submitted_at:
        state = f"Back on {long_date(summary.submitted_at)}" + (", on paper" if summary.came_on_paper else "")
    elif summary.sent_back_because:
        state = "Sent back, still wanted"
    else:
        state = "Not back" if summary.asked_on else "Not asked"
    return {
        "agency": str(summary.organisation),
        "contact": str(summary.contact or ""),
        "asked": long_date(summary.asked_on) if summary.asked_on else "",
        "state": state,
    }


def returned(case):
    return case.summaries.filter(submitted_at__isnull=False).select_related("organisation", "submitted_by")


def summary_part(summary):
    """One agency's answer, with how it came."""
    day = long_date(summary.submitted_at)
    if summary.came_on_paper:
        came = f"Came on paper on {day}. Typed in by {summary.submitted_by} of the group."
    else:
        came = f"Sent by {summary.submitted_by} on {day}."
    return {
        "agency": str(summary.organisation),
        "came": came,
        "answers": [(HEADINGS[name], getattr(summary, name)) for name in WORDS],
    }


def verdict_words(verdict, *, is_closed):
    if verdict.outcome:
        return f"All safeguarding partners have decided: {verdict.outcome.label}."
    if verdict.differs:
        said = [f"{sentence_join(partners)}: {outcome}" for outcome, partners in verdict.by_outcome]
        return f"The safeguarding partners differ. {'; '.join(said)}."
    if is_closed:
        return "The case was closed before all safeguarding partners had decided."
    return "Not all safeguarding partners have decided yet."


def decision_part(line, *, is_closed):
    decision = line.standing
    nothing = "Not decided" if is_closed else "Not decided yet"
    return {
        "partner": str(line.organisation),
        "outcome": decision.get_outcome_display() if decision else nothing,
        "reasons": decision.reasons if decision else "",
        "who": who_decided(decision) if decision else "",
    }


def who_decided(decision):
    words = f"{decision.decided_by}, {long_date(decision.decided_on)}"
    if decision.recorded_by_id != decision.decided_by_id:
        words += f" (recorded by {decision.recorded_by})"
    return words


def sign_off_of(case, verdict):
    """(who or what, in words): each partner's representative, and when it went to the Panel."""
    nothing = "No" if case.closed_on else "Not yet"
    lines = [
        (str(line.organisation), f"Agreed by {who_decided(line.standing)}" if line.standing else nothing)
        for line in verdict.lines
    ]
    sent = case.stages.filter(code="rapid-review").first()
    if sent:
        lines.append(("Sent to the Panel", long_date(sent.done_on) if sent.done_on else nothing))
    return lines


def letter_part(letter):
    answered = f", answered on {long_date(letter.answered_on)}" if letter.answered_on else ""
    return {
        "heading": f"{letter.get_view_display()} (letter of {long_date(letter.received_on)}{answered})",
        "words": letter.words,
        "points": [(point.point, point.response) for point in letter.points.all()],
    }
