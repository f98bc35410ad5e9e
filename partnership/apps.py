"""The bottom app: people, posts, partnerships and the shared tools."""

from django.apps import AppConfig

from partnership.celery import app


class PartnershipConfig(AppConfig):
    name = "partnership"
    default_auto_field = "django.db.models.BigAutoField"
    # Tasks need it wherever Django runs. Not in ``__init__``, which the processes that read documents load too.
    celery = app
