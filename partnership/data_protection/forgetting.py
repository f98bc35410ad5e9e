"""A person is forgotten: a made-up name stands in place of theirs wherever a field holds it, in the history too.

What was published, signed or submitted stands: its part of the data map says why. Words in which somebody may be
named are changed by nobody but a person: the places are listed. Done twice, it is done once.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from partnership.data_protection.declaring import ERASED
from partnership.data_protection.guards import unguarded
from partnership.data_protection.map import event_models, personal
from partnership.data_protection.subjects import model_of, subjects
from partnership.row_security import all_rows

MOST_PLACES = 300  # in which a name still stands in words; more are counted, not listed


class Identity:
    """Who is forgotten, as the database knows them: ``name``, ``contacts`` (in small letters), and the stand-ins."""

    def __init__(self, subject, record):
        self.subject, self.record = subject, record
        self.name = getattr(record, subject.name).strip()
        contacts = (getattr(record, field).strip().lower() for field in subject.contacts)
        self.contacts = sorted({each for each in contacts if each})
        number = str(record.pk).split("-")[0]
        self.pseudonym = f"{subject.pseudonym} {number}"
        self.address = f"{subject.pseudonym.lower().replace(' ', '-')}-{number}{ERASED}"

    @property
    def is_forgotten(self):
        """Whether it has happened already."""
        if self.subject.outlives:
            return not self.name and not self.contacts
        return self.name == self.pseudonym and self.contacts == [self.address]

    def is_only_one(self):
        """Whether nobody else here bears that name, so that a name alone says who is meant."""
        others = 0
        for subject in subjects().values():
            rows = model_of(subject)._base_manager.filter(**{f"{subject.name}__iexact": self.name})
            if subject is self.subject:
                rows = rows.exclude(pk=self.record.pk)
            # The same person may have an account and be a learner: one address, one person.
            for field in subject.contacts:
                rows = rows.annotate(**{f"low_{field}": Lower(field)}).exclude(**{f"low_{field}__in": self.contacts})
            others += rows.count()
        return not others


def replacements(identity):
    """[(Line, model of rows or of history, condition, {field: stand-in})]: every field that holds who it is."""
    by_name = bool(identity.name) and identity.is_only_one()
    found = []
    for line in personal():
        if line.part.stays:
            continue
        for model in filter(None, (line.model, line.history)):
            fields = {field.name: field for field in model._meta.concrete_fields}
            for name in line.named("contacts"):
                if name in fields and identity.contacts:
                    holds = Q(pk__in=with_lower(model, name, identity.contacts))
                    found.append((line, model, holds, {name: identity.address}))
            for name in line.named("names"):
                if name in fields and by_name and isinstance(fields[name], models.CharField | models.TextField):
                    found.append((line, model, Q(**{f"{name}__iexact": identity.name}), {name: identity.pseudonym}))
    return found


def with_lower(model, field, values):
    return model._base_manager.annotate(low=Lower(field)).filter(low__in=values).values("pk")


def what_goes(subject, record):
    """{title of a piece: rows in which who it is would be replaced}, the history's among them."""
    counts = {}
    with all_rows():
        for line, model, holds, _values in replacements(Identity(subject, record)):
            if count := model._base_manager.filter(holds).count():
                counts[line.part.title] = counts.get(line.part.title, 0) + count
    return counts


def what_stays(subject, record):
    """[(Part, how many of its records point to them)] that stay as they are. Of cases nothing is said."""
    counts = {}
    for line in personal():
        if line.part.stays and not line.part.behind:
            count = links_to(line, record)
            if count:
                counts.setdefault(id(line.part), [line.part, 0])[1] += count
    return [tuple(each) for each in counts.values()]


def links_to(line, record):
    fields = [name for name in line.named("people") if line.model._meta.get_field(name).related_model is type(record)]
    if not fields:
        return 0
    condition = Q()
    for name in fields:
        condition |= Q(**{name: record.pk})
    return line.model._base_manager.filter(condition).count()


def places_in_words(identity):
    """[{model, key, field}] of words that hold the name or an address, of what is no case's."""
    found = []
    looked_for = [each for each in (identity.name, *identity.contacts) if each]
    for line in personal():
        if line.part.behind or not looked_for:
            continue
        for name in line.named("words"):
            condition = Q()
            for each in looked_for:
                condition |= Q(**{f"{name}__icontains": each})
            keys = line.model._base_manager.filter(condition).order_by("pk").values_list("pk", flat=True)
            found += [{"model": line.label, "key": str(key), "field": name} for key in keys[:MOST_PLACES]]
    return found


def forget_person(subject, record, *, reason):
    """Replace who they are, for ``reason`` (see ``guards.unguarded``).

    Gives ``{label: rows changed}`` and ``"places"``: where words may still name them.
    """
    identity = Identity(subject, record)
    if identity.is_forgotten:
        return {}
    lines = [line for line in personal() if not line.part.stays]
    own = type(record)
    with all_rows(), unguarded(own, *(line.model for line in lines), reason=reason):
        places = places_in_words(identity)
        counts = {}
        for _line, model, holds, values in replacements(identity):
            rows = model._base_manager.filter(holds)
            if model is own:  # their own record and its history: below, whatever it holds
                rows = rows.exclude(pk=record.pk)
            elif model is event_models().get(own):
                rows = rows.exclude(pgh_obj_id=record.pk)
            if changed := rows.update(**values):
                counts[model._meta.label] = counts.get(model._meta.label, 0) + changed
        for label, changed in subject.forget(record).items():
            counts[label] = counts.get(label, 0) + changed
        own_values = values_without_person(identity)
        own._base_manager.filter(pk=record.pk).update(**own_values)
        history = event_models().get(own)
        if history:
            fields = {field.name for field in history._meta.concrete_fields}
            values = {name: value for name, value in own_values.items() if name in fields}
            counts[history._meta.label] = history.objects.filter(pgh_obj_id=record.pk).update(**values)
        counts[own._meta.label] = 1
    return {label: count for label, count in sorted(counts.items()) if count} | {"places": places[:MOST_PLACES]}


def values_without_person(identity):
    """{field of their own record: what stands there afterwards}. One address is enough: the others are emptied."""
    subject = identity.subject
    line = next(line for line in personal() if line.model is type(identity.record))
    emptied = dict.fromkeys([*line.named("names", "contacts", "health", "training")], "")
    if subject.outlives:
        return emptied
    return emptied | {subject.name: identity.pseudonym, subject.contacts[0]: identity.address}
