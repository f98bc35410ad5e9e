"""Where a report stands, step by step from its evidence to those it is sent to, each with its page."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.urls import reverse

from assurance.annual.signing import open_sign_off, seats_of
from assurance.annual.statements import last_given
from assurance.models import ReportEvidence
from partnership.clocks import by_clock
from partnership.models import Rule
from partnership.templatetags.components import long_date

DONE, BEGUN, TO_DO, LATE = "done", "begun", "to-do", "late"
WORDS = {DONE: "Done", BEGUN: "Begun", TO_DO: "Not begun", LATE: "Late"}


@dataclass(frozen=True)
class Step:
    """``standing``: in a sentence; ``state``: a key of WORDS; ``url`` and ``link``: its page and what it is called."""

    name: str
    standing: str
    state: str
    url: str
    link: str

    @property
    def state_words(self):
        return WORDS[self.state]


def steps_of(report, *, on):
    """Every Step of ``report``. The same number of queries however much there is."""
    return [
        of_evidence(report),
        of_words(report),
        of_contributions(report, on=on),
        of_scrutiny(report, on=on),
        of_consultation(report, on=on),
        of_sign_off(report, on=on),
        of_publishing(report, on=on),
        of_recipients(report),
    ]


def page(name, report):
    return reverse(f"assurance:{name}", args=[report.pk])


def state_of(done, all_of):
    return DONE if all_of and done >= all_of else BEGUN if done else TO_DO


def of_evidence(report):
    use = ReportEvidence.Use
    told = ReportEvidence.objects.filter(section__report=report).aggregate(
        all=Count("pk"),
        offered=Count("pk", filter=Q(use=use.OFFERED)),
        taken=Count("pk", filter=Q(use__in=[use.ACCEPTED, use.QUOTED])),
    )
    if not told["all"]:
        standing = "Nothing is filed yet."
    elif told["offered"]:
        standing = f"{told['taken']:,} in the report, {told['offered']:,} to decide."
    else:
        standing = f"{told['taken']:,} in the report, everything is decided."
    state = state_of(told["all"] - told["offered"], told["all"])
    first = report.sections.filter(evidence__use=use.OFFERED).first() or report.sections.first()
    url = reverse("assurance:report-evidence", args=[report.pk, first.pk]) if first else ""
    return Step("Evidence", standing, state, url, "Decide on evidence" if told["offered"] else "See the evidence")


def of_words(report):
    told = report.sections.aggregate(all=Count("pk"), written=Count("pk", filter=~Q(narrative="")))
    done, all_of = told["written"] + bool(report.foreword.strip()), told["all"] + 1
    standing = f"{told['written']} of {told['all']} sections written, foreword {'too' if report.foreword else 'not'}."
    empty = None if report.is_published else report.sections.filter(narrative="").first()
    url = reverse("assurance:section-change", args=[report.pk, empty.pk]) if empty else "#sections"
    return Step(
        "Words", standing, state_of(done, all_of), url, "Write the next section" if empty else "See the sections"
    )


def of_contributions(report, *, on):
    told = report.contributions.asked().aggregate(
        all=Count("pk"),
        returned=Count("pk", filter=~Q(submitted_at=None)),
        late=Count("pk", filter=Q(submitted_at=None, due_on__lt=on)),
    )
    standing = f"{told['returned']} of {told['all']} agencies have written." if told["all"] else "Nobody is asked yet."
    if told["late"]:
        standing += f" {told['late']} {'is' if told['late'] == 1 else 'are'} late."
    state = LATE if told["late"] else state_of(told["returned"], told["all"]) if told["returned"] else TO_DO
    state = BEGUN if state == TO_DO and told["all"] else state
    link = "See the contributions" if told["all"] else "Ask agencies"
    return Step("Contributions", standing, state, page("contribution-list", report), link)


def of_scrutiny(report, *, on):
    given = last_given(report)
    url = page("statement-detail", report)
    if given is None:
        day = report.statement_due_on
        standing = f"The statement is due on {long_date(day)}." if day else "The statement is not given yet."
        return Step("Independent scrutiny", standing, LATE if day and day < on else TO_DO, url, "See how it stands")
    is_answered = bool(given.answer.strip())
    standing = "The statement is given and answered." if is_answered else "The statement is given and not answered."
    return Step("Independent scrutiny", standing, DONE if is_answered else BEGUN, url, "Read the statement")


def of_consultation(report, *, on):
    found = list(report.consultations.with_counts())
    url = page("consultation-list", report)
    if not found:
        return Step("Consultation", "Nobody is asked about a draft yet.", TO_DO, url, "Ask about a draft")
    comments = sum(each.comment_count for each in found)
    waiting = sum(each.unanswered_count for each in found)
    is_open = [each for each in found if each.closed_at is None]
    said = "1 comment" if comments == 1 else f"{comments} comments"
    standing = f"{said}, {waiting} without an answer." if waiting else f"{said}, every one answered."
    late = any(each.closes_on < on for each in is_open)
    state = LATE if waiting and late else BEGUN if is_open else DONE
    return Step("Consultation", standing if comments else "No comments yet.", state, url, "See the consultations")


def of_sign_off(report, *, on):
    sign_off = open_sign_off(report)
    if sign_off is None and report.is_published:
        return Step("Sign-off", "Nobody was asked to sign.", DONE, page("version-list", report), "See the versions")
    if sign_off is None:
        return Step(
            "Sign-off", "The leads are not asked yet.", TO_DO, page("sign-off-ask", report), "Ask for signatures"
        )
    seats = seats_of(sign_off, on=on)
    signed = sum(seat.signature is not None for seat in seats)
    standing = f"{signed} of {len(seats)} statutory partners have signed."
    late = signed < len(seats) and sign_off.due_on < on
    state = LATE if late else state_of(signed, len(seats)) if signed else BEGUN
    return Step("Sign-off", standing, state, sign_off.get_absolute_url(), "See the signatures")


def of_publishing(report, *, on):
    if report.is_published:
        standing = f"Published on {long_date(report.published_file.published_at)}."
        return Step("Publication", standing, DONE, page("version-list", report), "See the versions")
    by = publish_by(report)
    last = report.builds.done().only("number", "finished_at").order_by("-number").first()
    proof = f"Version {last.number} was made on {long_date(last.finished_at)}." if last else "No proof is made yet."
    until = f" To be published by {long_date(by)}." if by else ""
    state = LATE if by and by < on else BEGUN if last else TO_DO
    return Step("Publication", f"{proof}{until}", state, page("version-list", report), "See the versions")


def of_recipients(report):
    told = report.recipients.aggregate(
        all=Count("pk"), done=Count("pk", filter=~Q(sent_on=None) | ~Q(not_sent_because=""))
    )
    if not report.is_published:
        standing = f"{told['all']} will be sent it." if told["all"] else "Nobody is listed yet."
        state = BEGUN if told["all"] else TO_DO
    else:
        standing, state = f"Sent to {told['done']} of {told['all']}.", state_of(told["done"], told["all"])
    return Step("Recipients", standing, state, page("recipient-list", report), "See who is sent it")


def publish_by(report):
    """The day by which the rules of its edition want it published, or None. One query."""
    rules = Rule.objects.clocks().filter(code="yearly-report-month", rule_set=report.rule_set_id)
    rows = by_clock(type(report).objects.filter(pk=report.pk), rules, counted_from="ends_on")
    return rows.values_list("clock_due_on", flat=True).first()
