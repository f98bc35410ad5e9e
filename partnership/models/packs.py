"""The board pack: agenda, papers, action log and attendance of one meeting as one file."""

from django.db import models
from django.urls import reverse

from partnership.history import recorded_except
from partnership.kept_bytes import BytesField
from partnership.models.builds import PASSING, Build, BuildQuerySet
from partnership.models.meetings import Meeting
from partnership.rules import is_person_of_partnership


class BoardPackQuerySet(BuildQuerySet):
    def visible_to(self, user):
        """Whoever sees the meeting sees its packs. The bytes are read when they are asked for."""
        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk")).without_bytes()

    def without_bytes(self):
        return self.defer("pdf", "word")


@recorded_except(*PASSING, "word")
class BoardPack(Build):
    """One making of a meeting's pack, as PDF and as Word. A pack that was made stays as it is."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="packs")
    word = BytesField(null=True)
    word_size = models.PositiveIntegerField(null=True, help_text="In bytes")
    left_out = models.JSONField(default=list, help_text="Papers that could not be put in, and why")

    objects = BoardPackQuerySet.as_manager()

    class Meta(Build.Meta):
        rules_permissions = {"view": is_person_of_partnership}

    def __str__(self):
        return f"Board pack of {self.meeting}"

    def get_absolute_url(self):
        return reverse("partnership:pack-detail", args=[self.pk])

    @property
    def partnership_ids(self):
        return self.meeting.partnership_ids

    @property
    def group(self):
        return self.meeting.group

    @property
    def papers_out(self):
        """Papers that are not in it, each with ``label``, ``title`` and why (``said``)."""
        return [each for each in self.left_out if not each["is_in"]]

    @property
    def papers_with_remarks(self):
        """Papers that are in it but that not everybody can read."""
        return [each for each in self.left_out if each["is_in"]]
