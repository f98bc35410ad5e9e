"""After SECRET_KEY was changed: what the former one had encrypted is encrypted by the new one."""

import pghistory
from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from partnership.accounts.adapters import cipher

ENCRYPTED = ("secret", "seed")  # of an app, and of recovery codes


class Command(BaseCommand):
    help = "Encrypt second steps by SECRET_KEY anew; afterwards no former one is needed among SECRET_KEY_FALLBACKS."

    def handle(self, **options):
        keys, count = cipher(), 0
        with pghistory.context(task="renew_keys"), transaction.atomic():
            for step in Authenticator.objects.select_for_update().order_by("pk"):
                found = [name for name in ENCRYPTED if name in step.data]
                if not found:
                    continue
                step.data |= {name: keys.rotate(step.data[name].encode()).decode() for name in found}
                step.save(update_fields=["data"])
                count += 1
        self.stdout.write(f"Encrypted anew: {count}. SECRET_KEY_FALLBACKS may be emptied now.")
