"""The form that opens a round."""

from partnership.forms import PlannerModelForm
from plans.models import UpdateRound


class RoundForm(PlannerModelForm):
    """Open a turn of the cycle."""

    submit_label = "Open the round"

    class Meta:
        model = UpdateRound
        fields = [
            "name",
            "starts_on",
            "ends_on",
            "opens_on",
            "closes_on",
            "proposals_due_on",
            "decisions_due_on",
        ]
        labels = {
            "name": "What is the round called?",
            "starts_on": "First day it asks about",
            "ends_on": "Last day it asks about",
            "opens_on": "Day it opens",
            "closes_on": "Last day to answer",
            "proposals_due_on": "When are ratings proposed by?",
            "decisions_due_on": "When are they decided by?",
        }
        help_texts = {
            "name": "The leads see this name, for example “October to December 2026”.",
            "closes_on": "Leads are reminded before this day, and once after it.",
        }

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if starts and ends and ends <= starts:
            self.add_error("ends_on", "The last day must be after the first")
        if opens and closes and closes < opens:
            self.add_error("closes_on", "The last day to answer must not be before the round opens")
        proposed, decided = cleaned.get("proposals_due_on"), cleaned.get("decisions_due_on")
        if proposed and decided and decided < proposed:
            self.add_error("decisions_due_on", "Ratings are proposed before they are decided")
        return cleaned
