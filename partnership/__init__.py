"""The Django project and the bottom app. Celery's tasks need its application wherever Django runs."""

from .celery import app as celery_app

__all__ = ["celery_app"]
