"""Consultation on a draft of the annual report: opened, commented on, answered, closed.

What everybody reads is one proof, whose bytes stay as they were; a later draft is another consultation.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assurance.annual.lacks import OFFICE, Missing
from assurance.models import AnnualReport, ConsultationComment, ReportConsultation
from assurance.models.annual_consultations import heading_of
from assurance.printed import counted
from partnership.refusals import NotNow
from partnership.templatetags.components import long_date

Result = ConsultationComment.Result
CLOSED = "The consultation is closed. Your words are still here: send them to the business office."
MOST_NAMED = 3


@transaction.atomic
def open_consultation(report, *, build, by, at, **fields):
    """(the consultation, whether it is new). ``fields``: audience, name, note, closes_on, meets_on. Raises NotNow."""
    report = AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
    if report.is_published:
        raise NotNow("This report is published. Nobody is asked about it any more.")
    if build.report_id != report.pk or not build.is_done:
        raise NotNow("There is no finished proof of this report to read. Make the PDF first.")
    same = report.consultations.filter(closed_at=None, build=build, audience=fields["audience"], name=fields["name"])
    there = same.first()
    if there:
        return there, False
    made = report.consultations.create(
        build=build, opens_on=timezone.localdate(at), opened_by=by, opened_at=at, **fields
    )
    return made, True


def locked(consultation):
    """``consultation`` as it stands; nobody closes it, or comments on it, before this ends."""
    return ReportConsultation.objects.select_for_update(of=["self"], no_key=True).get(pk=consultation.pk)


# Comments


@transaction.atomic
def add_comment(consultation, *, section, organisation, said_by, words, by, at):
    """(the comment, whether it is new). The same words sent twice are one. Raises NotNow once it is closed."""
    consultation = locked(consultation)
    if consultation.closed_at:
        raise NotNow(CLOSED)
    said = {"section": section, "organisation": organisation, "said_by": said_by, "words": words, "made_by": by}
    there = consultation.comments.filter(**said).first()
    if there:
        return there, False
    return consultation.comments.create(made_at=at, heading=heading_of(section), **said), True


@transaction.atomic
def enter_comments(consultation, *, lines, by, at, **fields):
    """How many of ``lines`` are new comments; ``fields``: section, organisation, said_by. Raises NotNow."""
    return sum(add_comment(consultation, words=line, by=by, at=at, **fields)[1] for line in lines)


def said_by_person(user, organisation):
    """How a comment names who made it: "Greta Holloway, Lantern Family Trust"."""
    return f"{user.name}, {organisation.name}"[:160] if organisation else user.name[:160]


@transaction.atomic
def change_comment(comment, *, section, organisation, words, **said):
    """Put other words in its place, while it is open and not answered; the history keeps those before."""
    locked(comment.consultation)
    comment = still_open(comment)
    if section or not comment.heading or comment.section_id:
        comment.heading = heading_of(section)
    comment.section, comment.organisation, comment.words = section, organisation, words
    for name, value in said.items():
        setattr(comment, name, value)
    comment.save(update_fields=["section", "heading", "organisation", "words", *said])
    return comment


@transaction.atomic
def take_back(comment):
    """As if it had not been said; the history keeps it. Taken back twice it is gone all the same."""
    locked(comment.consultation)
    still_open(comment).delete()


def still_open(comment):
    """``comment`` as it stands. Raises NotNow where it is answered, taken back, or its consultation closed."""
    comment = ConsultationComment.objects.select_related("consultation").filter(pk=comment.pk).first()
    if comment is None:
        raise NotNow("This comment was taken back.")
    if comment.consultation.closed_at:
        raise NotNow(CLOSED)
    if comment.answered_at:
        raise NotNow("This comment has been answered meanwhile. Your words are still here: send them as another one.")
    return comment


@transaction.atomic
def answer_comment(comment, *, result, answer, by, at):
    """Say what became of a comment. An answer that is written again keeps its history. Raises NotNow once closed."""
    if locked(comment.consultation).closed_at:
        raise NotNow("The consultation is closed. Its answers stay as those who were asked have read them.")
    comment.result, comment.answer, comment.answered_by, comment.answered_at = result, answer, by, at
    comment.save(update_fields=["result", "answer", "answered_by", "answered_at"])
    return comment


def note_comment(comment, *, by, at):
    """One press: it was noted. An answer that somebody has written stands."""
    if comment.answered_at is None:
        answer_comment(comment, result=Result.NOTED, answer="", by=by, at=at)
    return comment


@transaction.atomic
def close_consultation(consultation, *, at):
    """Everybody who was asked sees all comments and answers now. Raises NotNow while one has no answer."""
    consultation = locked(consultation)
    unanswered = list(consultation.comments.unanswered().select_related("section"))
    if unanswered and consultation.closed_at is None:
        shown = "; ".join(f"{each.said_by} on {each.about.lower()}" for each in unanswered[:MOST_NAMED])
        more = f" and {len(unanswered) - MOST_NAMED} more" if len(unanswered) > MOST_NAMED else ""
        raise NotNow(f"{waiting(len(unanswered))}: {shown}{more}. Answer them, then close it.")
    if consultation.closed_at is None:
        consultation.closed_at = at
        consultation.save(update_fields=["closed_at"])
    return consultation


def waiting(number):
    return f"{counted(number, 'comment')} {'has' if number == 1 else 'have'} no answer yet"


# What the report prints, and what it lacks


def consultation_content(report):
    """What the report tells of who was asked: a list of {name, closed, comments, changed}, oldest first."""
    return [
        {
            "name": each.name,
            "closed": long_date(timezone.localdate(each.closed_at)) if each.closed_at else "",
            "comments": each.comment_count,
            "changed": each.changed_count,
        }
        for each in report.consultations.with_counts()
    ]


def lacks_of_consultation(report, *, on):
    """That members were not asked, comments without an answer, and cover reports with empty headings."""
    consultations = list(report.consultations.with_counts().select_related("cover").prefetch_related("cover__sections"))
    if not any(each.audience == ReportConsultation.Audience.MEMBERS for each in consultations):
        url = reverse("assurance:consultation-list", args=[report.pk])
        yield Missing("What members think of the draft: nobody has asked them", OFFICE, url)
    for each in consultations:
        if each.closed_at is not None:
            continue
        if each.unanswered_count:
            url = f"{reverse('assurance:consultation-comments', args=[each.pk])}?answered=no"
            number = counted(each.unanswered_count, "comment")
            yield Missing(f"An answer to {number} of: {each.name}", OFFICE, url)
        elif each.closes_on < on:
            what = f"An end to the consultation of: {each.name}. Its last day was {long_date(each.closes_on)}"
            yield Missing(what, OFFICE, each.get_absolute_url())
        cover = getattr(each, "cover", None)
        empty = sum(not section.words.strip() for section in cover.sections.all()) if cover else 0
        if empty:
            what = f"Words under {counted(empty, 'heading')} of the cover report for: {each.name}"
            yield Missing(what, OFFICE, cover.get_absolute_url())
