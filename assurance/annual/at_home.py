"""The annual report in the making, on the home pages of those who read its drafts."""

from assurance.annual.steps import publish_by
from assurance.models import AnnualReport
from partnership.panels import Panel
from partnership.standing import standing_of


def report_panel(user, *, on):
    """The first that is not published, and by when it is to be; None where there is none. Three queries at most.

    How much is missing is asked by the page once it is there: to know it takes many more.
    """
    standing = standing_of(user)
    ids = standing.wide_ids | standing.lead_partner_ids
    if not ids:
        return None
    own = AnnualReport.objects.filter(partnerships__in=ids).values("pk")
    report = AnnualReport.objects.filter(pk__in=own, published_file=None).order_by("ends_on", "edition", "pk").first()
    if report is None:
        return None
    by = publish_by(report)
    return Panel("assurance/panel_report.html", {"report": report, "by": by, "is_late": bool(by) and by < on})
