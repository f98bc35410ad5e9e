"""What several records of assurance share: who answers for them."""

from django.db import models

from partnership.models import Group, Organisation, Post


class Led(models.Model):
    """Somebody answers for it: a post, a group or an organisation, never a bare person."""

    lead_post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead_group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lead_organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def lead(self):
        """The post, group or organisation that answers for it, or None."""
        return self.lead_post or self.lead_group or self.lead_organisation
