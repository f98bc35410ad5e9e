"""The bottom app: people, posts, partnerships and the shared tools."""

from functools import cache

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from partnership.celery import app
from partnership.operations import error_reports
from partnership.roles import grant_rights
from partnership.sealing.watching import watch_history
from partnership.searching.columns import install_columns
from partnership.triggers import install_triggers


class PartnershipConfig(AppConfig):
    name = "partnership"
    default_auto_field = "django.db.models.BigAutoField"
    # Tasks need it wherever Django runs. Not in ``__init__``, which the processes that read documents load too.
    celery = app

    def ready(self):
        """The settings that swap models are found once, and not anew for each model that a migration draws.

        Django forgets them whenever any registry gains a model, also one that a migration makes for itself.
        """
        self.apps.get_swappable_settings_name = cache(self.apps.get_swappable_settings_name)
        error_reports.connect()
        import_string("partnership.accounts.receivers.connect")()  # by name: models can't be imported yet
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="install_triggers")
        post_migrate.connect(install_columns, sender=self, dispatch_uid="install_columns")
        post_migrate.connect(grant_rights, sender=self, dispatch_uid="grant_rights")
        post_migrate.connect(watch_history, sender=self, dispatch_uid="watch_history")
