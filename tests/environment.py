"""Loaded by pytest before Django's settings: gives the run its mode and its database.

Without DATABASE_URL a PostgreSQL of its own is started in a temporary folder and goes when the run
ends; its database is migrated already, and each worker's begins as a copy of it (``TESTS_TEMPLATE``).
Workers of pytest-xdist inherit all this from the process that started them.
"""

import gc
import os

import pytest

from partnership import embedded
from tests import migrated


def start_database():
    if os.environ.get("DATABASE_URL"):
        return None
    try:
        database = migrated.use_throwaway_copy()
    except embedded.Unavailable as reason:
        raise pytest.UsageError(str(reason)) from None
    os.environ |= {"DATABASE_URL": database.url, "TESTS_TEMPLATE": embedded.DATABASE}
    return database


os.environ["MODE"] = "test"
# Playwright runs an event loop in the thread where a journey also asks the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
DATABASE = start_database()  # kept: letting go of it would stop the server


def pytest_configure(config):
    """Here rather than by ``-p``: after Playwright's plugin, so that our fixture completes its."""
    config.pluginmanager.import_plugin("tests.browser")


def pytest_collection_finish():
    """What was imported and collected stays to the end: the garbage collector need not look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
