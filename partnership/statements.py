"""A partnership's accessibility statement and privacy notice: drafted, published, looked at again each year.

What was published stands. To look at one again and change nothing publishes the same words anew, so that each
version says on which day somebody last answered for it.
"""

from django.db import transaction

from partnership.models import Partnership, PublicStatement
from partnership.refusals import NotNow
from partnership.statement_words import usual_words


def statement_in_force(partnership, kind):
    """The last one published, or None while the usual words stand."""
    return PublicStatement.objects.in_force().filter(partnership=partnership, kind=kind).first()


@transaction.atomic
def begin_statement(partnership, kind, *, by):
    """The draft in hand; a new one has the words that stand now."""
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    own = partnership.public_statements.filter(kind=kind)
    draft = own.filter(published_at=None).first()
    if draft:
        return draft
    last = own.order_by("-version").first()
    return PublicStatement.objects.create(
        partnership=partnership,
        kind=kind,
        version=last.version + 1 if last else 1,
        words=last.words if last else usual_words(partnership, kind),
        written_by=by,
    )


@transaction.atomic
def publish_statement(statement, *, at, on):
    """Let its words stand from now; ``on`` is the day of ``at``. Raises NotNow where they stand already."""
    locked = PublicStatement.objects.select_for_update().get(pk=statement.pk)
    if locked.published_at:
        raise NotNow("It is published already. Nothing was changed.")
    locked.published_at, locked.reviewed_on = at, on
    locked.save()
    return locked


@transaction.atomic
def keep_statement(partnership, kind, *, by, at, on):
    """Publish the words that stand as looked at again on a day. Raises NotNow while a draft would change them."""
    draft = begin_statement(partnership, kind, by=by)
    standing = statement_in_force(partnership, kind)
    if draft.words != (standing.words if standing else usual_words(partnership, kind)):
        raise NotNow("A draft is being written. Publish it, or remove it first.")
    return publish_statement(draft, at=at, on=on)


@transaction.atomic
def remove_draft(statement):
    """Raises NotNow for what is published."""
    removed, _each = PublicStatement.objects.filter(pk=statement.pk, published_at=None).delete()
    if not removed:
        raise NotNow("It is published, and what is published stands.")
