"""The data map: what every model holds about people, read from the models and from what their apps decided of them."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.module_loading import import_string

from partnership.data_protection.declaring import CATEGORIES, SPECIAL, Kind, Part

# Digests, keys and counters that machines made: no decision is asked of them.
MACHINES = {"sha256", "token_hash", "idem_key", "fingerprint", "content_hash", "provider_id", "worker", "deadline_key"}
SHORTEST = 20  # a column shorter than this holds a code, not a name
# Django's and the worker's own tables, which name nobody.
NO_RECORDS = {"auth", "contenttypes", "django_celery_beat"}
MADE_OF_OTHERS = {"pghistory.Events"}  # a view over the event tables
WORDS = (models.TextField, models.JSONField, models.BinaryField, models.GenericIPAddressField, ArrayField)
NOT_WORDS = (models.SlugField, models.URLField)


@dataclass(frozen=True)
class Line:
    """One model of the map. ``fields``: {category: [names]}, without the plain ones."""

    model: type
    part: Part
    fields: dict
    plain: tuple

    @property
    def label(self):
        return self.model._meta.label

    @property
    def name(self):
        return str(self.model._meta.verbose_name).capitalize()

    @property
    def is_special(self):
        return bool(self.fields.keys() & SPECIAL)

    @property
    def history(self):
        """The model of its event rows, or None."""
        return event_models().get(self.model)

    def named(self, *categories):
        """The names of its fields of these categories."""
        return [name for category in categories for name in self.fields.get(category, ())]

    @property
    def in_words(self):
        """(category, [field in words]) of what it holds, in the order of ``CATEGORIES``."""
        return [
            (words, [self.words_of(name) for name in self.fields[category]])
            for category, words in CATEGORIES.items()
            if category in self.fields
        ]

    def words_of(self, name):
        return str(self.model._meta.get_field(name).verbose_name)


@cache
def parts():
    """[(label of the app, its Part)] of all apps."""
    return [(name.split(".")[0], part) for name in settings.PERSONAL_DATA for part in import_string(name)]


@cache
def data_map():
    """A Line for each model that an app decided of, in the order in which they are declared."""
    return [_line(app, part, name, said) for app, part in parts() for name, said in part.models.items()]


def _line(app, part, name, said):
    model = apps.get_model(name if "." in name else f"{app}.{name}")
    unknown = said.keys() - CATEGORIES.keys()
    if unknown:
        raise ValueError(f"{model._meta.label}: {', '.join(unknown)} is no category")
    fields = {category: names.split() for category, names in said.items()}
    plain = tuple(fields.pop("plain", ()))
    return Line(model, part, fields, plain)


def personal():
    """The lines of models that hold something about people."""
    return [line for line in data_map() if line.fields]


def line_of(model):
    return _lines_by_model()[model]


@cache
def _lines_by_model():
    return {line.model: line for line in data_map()}


@cache
def event_models():
    """{model: the model of its history}."""
    return {event.pgh_tracked_model: event for event in apps.get_models() if hasattr(event, "pgh_tracked_model")}


@cache
def kinds():
    """{code: Kind} of all apps."""
    found = [kind for name in settings.RETAINED for kind in import_string(name)]
    return {kind.code: kind for kind in found}


def kind_of(part) -> Kind:
    return kinds()[part.keep]


# What must be decided


def asked_models():
    """Every model that somebody must decide of: those with rows of their own that are not history."""
    histories = set(event_models().values())
    return [
        model
        for model in apps.get_models()
        if not model._meta.proxy
        and model not in histories
        and model._meta.app_label not in NO_RECORDS
        and model._meta.label not in MADE_OF_OTHERS
    ]


def asked_fields(model, persons):
    """The names of ``model``'s fields that could say something of a person. ``persons``: the models of people."""
    return {field.name for field in model._meta.concrete_fields if _could_be_personal(field, persons)}


def _could_be_personal(field, persons):
    if field.is_relation:
        return field.related_model in persons
    if field.choices or field.name in MACHINES or field.primary_key or isinstance(field, NOT_WORDS):
        return False
    if isinstance(field, models.CharField):
        return (field.max_length or SHORTEST) >= SHORTEST
    return isinstance(field, WORDS)


def undecided(persons):
    """What nobody has decided of, in words that say what to do; empty where the map is whole."""
    lines = _lines_by_model()
    problems = []
    for model in asked_models():
        line = lines.get(model)
        if line is None:
            problems.append(f"{model._meta.label}: no Part names it")
            continue
        decided = {name for names in line.fields.values() for name in names} | set(line.plain)
        problems += [
            f"{model._meta.label}.{name}: not decided" for name in sorted(asked_fields(model, persons) - decided)
        ]
        here = {field.name for field in model._meta.concrete_fields}
        problems += [f"{model._meta.label}.{name}: there is no such field" for name in sorted(decided - here)]
    return problems
