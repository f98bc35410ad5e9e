"""The bottom app: people, posts, partnerships and the shared tools."""

from functools import cache

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from partnership.accounts.limits import begin
from partnership.celery import app


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
        user_logged_in.connect(begin, dispatch_uid="begin")
