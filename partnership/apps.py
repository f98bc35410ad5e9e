"""The bottom app: people, posts, partnerships and the shared tools."""

from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    name = "partnership"
    default_auto_field = "django.db.models.BigAutoField"
