"""What all apps decided of their tables, and what nobody has decided yet."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from partnership.data_protection.map import asked_models, event_models
from partnership.exit_pack.declaring import Along, Left, Shared

PARTNERSHIP = "partnership.Partnership"


@dataclass(frozen=True)
class Table:
    """One model whose rows leave. ``source`` and ``target``: of a link, its fields to what has it and what it names."""

    model: type
    decision: Along | Shared
    emptied: dict
    pointers: dict
    told_by: dict
    source: object = None
    target: object = None

    @property
    def label(self):
        return self.model._meta.label

    @property
    def db_table(self):
        return self.model._meta.db_table

    @property
    def key(self):
        return self.model._meta.pk.column

    @property
    def columns(self):
        """The fields that the table has a column for, but for those that PostgreSQL reckons itself."""
        return [each for each in self.model._meta.concrete_fields if not getattr(each, "generated", False)]

    @property
    def bytes(self):
        return [each for each in self.columns if isinstance(each, models.BinaryField)]

    @property
    def foreign_keys(self):
        return [each for each in self.columns if each.is_relation]

    @property
    def history(self):
        """The model of its events, or None. A link's stand at a proxy of it."""
        return _histories().get(self.db_table)

    @property
    def is_shared(self):
        return isinstance(self.decision, Shared) or self.decision.is_shared


@cache
def _histories():
    return {model._meta.db_table: event for model, event in event_models().items()}


def leaving_apps():
    """[(app, its TakenAlong)] from the lowest layer to the highest."""
    return [(path.split(".")[0], import_string(path)) for path in settings.EXIT_PACK]


@cache
def decisions():
    """{model: (decision, the TakenAlong it stands in)} of all apps."""
    found = {}
    for app, leaving in leaving_apps():
        for name, decision in leaving.models.items():
            found[apps.get_model(name if "." in name else f"{app}.{name}")] = (decision, leaving)
    return found


@cache
def tables():
    """{label: Table} of what leaves, whatever a row hangs on before it."""
    taken = {model: said for model, said in decisions().items() if not isinstance(said[0], Left)}
    found = {model._meta.label: _table(model, *said) for model, said in taken.items()}
    for model, (decision, _leaving) in taken.items():
        for link in model._meta.local_many_to_many:
            through = link.remote_field.through
            if through._meta.auto_created:
                found[through._meta.label] = Table(
                    through,
                    decision,
                    {},
                    {},
                    {},
                    source=through._meta.get_field(link.m2m_field_name()),
                    target=through._meta.get_field(link.m2m_reverse_field_name()),
                )
    return {label: found[label] for label in _in_order(found)}


def _table(model, decision, leaving):
    name = model._meta.object_name
    pointers = {path.split(".")[1]: kinds for path, kinds in leaving.pointers.items() if path.split(".")[0] == name}
    return Table(model, decision, leaving.emptied.get(name, {}), pointers, leaving.told_by.get(name, {}))


def owners(table):
    """[(field, label)] of what its rows hang on; the partnership itself stands for its link to partnerships."""
    if table.source:
        return [(table.source, table.source.related_model._meta.label)]
    found = []
    for name in table.decision.on:
        field = table.model._meta.get_field(name)
        found.append((field, field.related_model._meta.label))
    return found


def _in_order(found):
    """Labels, each after all that its rows hang on."""
    ordered, visiting = [], []

    def visit(label):
        if label in ordered or label not in found:
            return
        if label in visiting:
            raise ValueError(f"{' → '.join([*visiting, label])}: one hangs on the other")
        visiting.append(label)
        for _field, owner in owners(found[label]):
            visit(owner)
        visiting.pop()
        ordered.append(label)

    for label in found:
        visit(label)
    return ordered


def undecided():
    """What nobody has decided of, in words; empty where all is."""
    decided = decisions()
    problems = [
        f"{model._meta.label}: nobody has said whether it leaves" for model in asked_models() if model not in decided
    ]
    for label, table in tables().items():
        if isinstance(table.decision, Along) and not table.decision.on and table.decision.rows is None:
            problems.append(f"{label}: nothing says which of its rows are a partnership’s")
        for field in table.foreign_keys:
            target = field.related_model._meta.label
            if target not in tables() and not field.null:
                problems.append(f"{label}.{field.name}: points to {target}, which stays behind")
        for name in ({each.name for each in table.columns} & {"source_key"}) - table.pointers.keys():
            problems.append(f"{label}.{name}: nobody has said which rows its words name")
    return problems
