"""Sets of questions: kept by a partnership or brought by the installation, copied into requests."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assurance.models import QuestionSet, SetQuestion

FIELDS = ("text", "guidance", "is_required", "wants_evidence", "is_voice")


@transaction.atomic
def add_set(*, partnership, title, about="", source="", questions):
    """(the set, whether it is new). ``partnership``: None for one that is offered to all.

    ``questions``: dicts of ``FIELDS`` in their order. The same sent twice makes one set.
    """
    made, is_new = QuestionSet.objects.get_or_create(
        partnership=partnership, title=title, defaults={"about": about, "source": source}
    )
    if is_new:
        _write(made, questions)
    return made, is_new


@transaction.atomic
def change_set(question_set, *, title, about, source, questions, on):
    """Write the set anew. ``questions`` as of ``add_set``, with the ``pk`` of those that were there.

    One that is left out and was asked before is only asked no more, so that its answers are still found.
    Raises ValidationError where another set has that title.
    """
    question_set = locked(question_set)
    same = QuestionSet.objects.filter(partnership=question_set.partnership_id, title=title)
    if same.exclude(pk=question_set.pk).exists():
        raise ValidationError({"title": "There is a set of this title already. Choose another"})
    question_set.title, question_set.about, question_set.source = title, about, source
    question_set.save()
    kept = {each.get("pk") for each in questions}
    gone = question_set.questions.filter(retired_on=None).exclude(pk__in=kept)
    gone.filter(asked=None).delete()
    gone.update(retired_on=on)
    _write(question_set, questions)
    return question_set


@transaction.atomic
def copy_set(question_set, *, partnership):
    """(the partnership's own set with these questions, whether it is new): to be changed, which this one is not."""
    rows = question_set.questions.filter(retired_on=None).values(*FIELDS)
    return add_set(
        partnership=partnership,
        title=question_set.title,
        about=question_set.about,
        source=question_set.source,
        questions=list(rows),
    )


@transaction.atomic
def retire_set(question_set, *, on):
    """Offer it no more; what was asked from it stays. Whether this call did it."""
    return bool(QuestionSet.objects.filter(pk=question_set.pk, retired_on=None).update(retired_on=on))


@transaction.atomic
def offer_again(question_set):
    return bool(QuestionSet.objects.filter(pk=question_set.pk).exclude(retired_on=None).update(retired_on=None))


def locked(question_set):
    return QuestionSet.objects.select_for_update(of=["self"], no_key=True).get(pk=question_set.pk)


def _write(question_set, questions):
    own = {question.pk: question for question in question_set.questions.all()}
    for position, values in enumerate(questions, start=1):
        question = own.get(values.get("pk")) or SetQuestion(question_set=question_set)
        fields = {name: values[name] for name in FIELDS} | {"position": position}
        if question.pk is None or any(getattr(question, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(question, name, value)
            question.save()
