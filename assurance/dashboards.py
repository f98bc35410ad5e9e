"""Home pages: what is there to do, and where everything is."""

from django.urls import reverse

from partnership.frame import NavigationItem
from partnership.standing import standing_of


def navigation(request):
    """The main links for this person; only to pages that they can open."""
    standing = standing_of(request.user)
    items = [("My work", reverse("assurance:my-work"))]
    if standing.office_ids:
        items.insert(0, ("Office desk", reverse("assurance:desk")))
    if standing.partnership_ids:
        items += [
            ("Plans", reverse("plans:plan-list")),
            ("Returns", reverse("assurance:return-list")),
            ("Groups", reverse("partnership:group-list")),
            ("Training", reverse("training:event-list")),
            ("Reports", reverse("assurance:report-list")),
        ]
    if standing.case_group_ids:
        items.append(("Cases", reverse("reviews:case-list")))
    if standing.is_administrator:
        items.append(("Administration", reverse("partnership:administration")))
    return [
        NavigationItem(label, url, is_current=request.path.startswith(url)) for label, url in items
    ]
