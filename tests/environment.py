"""Loaded by pytest before Django's settings: gives the run its mode and its database.

Without DATABASE_URL a PostgreSQL of its own is started in a temporary folder and goes when the run
ends. Workers of pytest-xdist inherit both from the process that started them.
"""

import os
import shutil

import pytest

from partnership import embedded

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

os.environ["MODE"] = "test"


def find_chromium():
    """The browser that the journeys drive: CHROMIUM where given, else one on the machine."""
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return os.environ.get("CHROMIUM") or next(filter(None, found), None)


def start_database():
    if os.environ.get("DATABASE_URL"):
        return None
    try:
        database = embedded.use_throwaway()
    except embedded.Unavailable as reason:
        raise pytest.UsageError(str(reason)) from None
    os.environ["DATABASE_URL"] = database.url
    return database


database = start_database()
