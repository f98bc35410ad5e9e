"""The bottom app: people, posts, partnerships and the shared tools."""

from functools import cache

from allauth.account import signals as allauth_signals
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string

from partnership.celery import app
from partnership.roles import grant_rights

# Of Django's and allauth's signals, by name: models can't be imported yet.
RECEIVERS = [
    (user_logged_in, "begin"),
    (user_logged_out, "forget"),
    (allauth_signals.password_changed, "end_the_others"),
    (allauth_signals.password_set, "end_the_others"),
    (allauth_signals.password_reset, "end_the_others"),
]


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
        for signal, receiver in RECEIVERS:
            signal.connect(import_string(f"partnership.accounts.sessions.{receiver}"), dispatch_uid=receiver)
        import_string("partnership.accounts.receivers.connect")()
        post_migrate.connect(grant_rights, sender=self, dispatch_uid="grant_rights")
