"""The seal over the history: digests of its rows in a chain, to which rows are only ever added."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models


class SealedRows(models.Model):
    """Digests of some rows of one table of the history, as they stood ``at`` that moment.

    Of a row that stands in several of them the last one counts: rows are sealed once, and again when they were
    changed or taken away by the law's leave, with ``because`` saying why in a code that names nobody. ``digests``
    holds 32 bytes for each of ``ids``, ``salts`` 16. A salt is wiped when its row is changed lawfully, so that nobody
    can find out by guessing what stood there; nothing else of these rows ever changes.
    """

    class Kind(models.TextChoices):
        SEALED = "sealed", "Sealed"
        CHANGED = "changed", "Changed with a reason"
        GONE = "gone", "Taken away with a reason"
        AGAIN = "again", "Sealed again, as its table has other columns now"

    kind = models.CharField(max_length=7, choices=Kind)
    events = models.CharField("table of the history", max_length=63)
    because = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    columns = ArrayField(models.TextField(), help_text="Of which columns, each with its type")
    ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()
    salts = models.BinaryField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["events", "last_id"], name="sealed_rows_of_a_table")]
        triggers = [
            pgtrigger.Protect(name="seals_stay", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="seals_stand", operation=pgtrigger.Update, condition=pgtrigger.AnyChange(exclude=["salts"])
            ),
        ]

    def __str__(self):
        return f"{len(self.ids)} of {self.events}"


class Seal(models.Model):
    """One link of the chain: a digest over the digests since the link before, and over that link itself."""

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    through = models.BigIntegerField(help_text="The last SealedRows that it covers")
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        triggers = [pgtrigger.Protect(name="seals_stand", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"Seal {self.number}"
