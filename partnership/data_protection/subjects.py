"""The people of whom something is held, of all apps: see ``declaring.Subject`` and ``SUBJECTS`` in the settings."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string


@cache
def subjects():
    """{code: Subject} of all apps."""
    found = [import_string(name) for name in settings.SUBJECTS]
    return {subject.code: subject for subject in found}


def model_of(subject):
    return apps.get_model(subject.label)


@cache
def person_models():
    """The models whose rows are people."""
    return frozenset(model_of(subject) for subject in subjects().values())
