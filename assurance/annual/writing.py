"""Writing the report: what is typed is kept as a draft of its writer until it is saved."""

from dataclasses import dataclass

from django.db import transaction

from assurance.annual.figures import resolve
from assurance.annual.typed import remember, replaced, seen_values, typed_numbers
from assurance.models import AnnualReport, ReportDraft
from assurance.printed import as_objects, paragraphs

FOREWORD, IN_SHORT = "foreword", "in-short"
LONGEST_KEPT = 20_000  # characters of one answer in a draft
LONG_SENTENCE = 25  # words on average from which a text is hard to read


def page_of(section):
    """The name under which drafts of a section are kept."""
    return f"section:{section.pk}"


@transaction.atomic
def save_words(form, report, *, page, by, at):
    """Keep a valid form, and what every figure says at that moment; the writer's draft has served."""
    AnnualReport.objects.select_for_update(of=["self"], no_key=True).get(pk=report.pk)
    form.save()
    remember(report, form.figures.all(), at=at)
    forget_draft(report, page=page, by=by)


# Drafts


@transaction.atomic
def keep_draft(report, *, page, by, at, answers):
    """Keep what ``by`` has typed so far (``{field: as typed}``). Nothing else reads it."""
    kept = {
        name: str(typed).replace("\x00", "").replace("\r\n", "\n")[:LONGEST_KEPT] for name, typed in answers.items()
    }
    draft, _made = ReportDraft.objects.update_or_create(
        report=report, page=page, author=by, defaults={"answers": kept, "saved_at": at}
    )
    return draft


def forget_draft(report, *, page, by):
    ReportDraft.objects.filter(report=report, page=page, author=by).delete()


def draft_of(report, *, page, by):
    """What ``by`` has typed there and not saved, or None."""
    return ReportDraft.objects.filter(report=report, page=page, author=by).first()


def replace_typed(answers, wanted, figures):
    """``answers`` with one typed number as a reference. ``wanted``: "narrative:12:1,146:people-heard"."""
    name, start, number, reference = (wanted.split(":", 3) + [""] * 4)[:4]
    figure = figures.find(reference)
    if name not in answers or not start.isdecimal() or figure is None:
        return answers
    text = answers[name].replace("\r\n", "\n")
    return answers | {name: replaced(text, int(start[:9]), number, figure)}


# How it reads


@dataclass(frozen=True)
class Preview:
    """One text as it reads today: paragraphs, its length, what may be hard to read, numbers typed by hand."""

    name: str
    label: str
    paragraphs: list
    word_count: int
    hint: str
    typed: list


def previews(form, report):
    """A Preview of each text of ``form`` with live figures, as typed or as saved."""
    seen = seen_values(report)
    every = form.figures.all()
    return [preview(form, name, every, seen) for name in form.live]


def preview(form, name, every, seen):
    text = (form[name].value() or "").replace("\r\n", "\n")
    reads = resolve(text, form.figures)
    return Preview(
        name=name,
        label=str(form[name].label),
        paragraphs=as_objects(paragraphs(reads)),
        word_count=len(reads.split()),
        hint=reading_hint(reads),
        typed=typed_numbers(text, every, seen),
    )


def reading_hint(text):
    """That sentences are long, where they are; short ones need no praise."""
    sentences = [each for each in text.replace("?", ".").replace("!", ".").split(". ") if len(each.split()) > 2]
    if not sentences:
        return ""
    mean = round(sum(len(each.split()) for each in sentences) / len(sentences))
    if mean < LONG_SENTENCE:
        return ""
    return f"Sentences have {mean} words on average. Fifteen to twenty are easier to read: cut the longest in two."
