"""What can be found: a ``Kind`` for each model, offered by its app."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import Model, Q
from django.utils.module_loading import import_string

from partnership.standing import standing_of


@dataclass(frozen=True)
class Kind:
    """One kind of record, called ``one``, and ``label`` where it is several.

    ``title`` and ``text`` name the columns whose words find it; those of the title count more. A column may stand here
    only if whoever sees the record may read it. ``seen`` is the door where it is not the model's own ``visible_to``;
    ``of`` leads from the model to its partnerships where that door is open to people of others too, because a search
    stays within one's own. ``ref`` is the field (or expression) by which people call it ("2.3"), ``on`` that of its
    day. ``heading``, ``place`` and ``url`` say how it is shown, of a record read with ``with_`` (``select_related``).
    """

    key: str
    one: str
    label: str
    model: type[Model]
    title: tuple = ()
    text: tuple = ()
    ref: object = ""
    on: object = None
    of: str = ""
    seen: Callable | None = None
    with_: tuple = ()
    heading: Callable = str
    place: Callable = lambda record: ""
    url: Callable = lambda record: record.get_absolute_url()

    @property
    def columns(self):
        return (*self.title, *self.text)

    def rows_for(self, user):
        """What ``user`` may find: primary keys only, so that no door's own joins double a row."""
        rows = self.seen(user) if self.seen else self.model.objects.visible_to(user)
        if self.of:
            rows = rows.filter(Q((f"{self.of}__in", standing_of(user).partnership_ids)))
        return self.model._base_manager.filter(pk__in=rows.order_by().values("pk")).order_by()

    def records(self, user, keys):
        """{primary key as text: record} of those with these keys that ``user`` may find."""
        return {str(each.pk): each for each in self.rows_for(user).filter(pk__in=keys).select_related(*self.with_)}

    def words_of(self, record):
        """All that is said in its ``text``, to cut the words around a match from."""
        return "\n".join(filter(None, (getattr(record, name) for name in self.text)))


@cache
def all_kinds():
    """{key: Kind}, in the order of ``settings.SEARCH_SOURCES`` and of each app."""
    return {kind.key: kind for kinds in map(import_string, settings.SEARCH_SOURCES) for kind in kinds}
