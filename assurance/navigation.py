"""Where everything is: the main menu, and below its current page that page's own, in named groups."""

from django.urls import reverse

from partnership.frame import NavigationGroup, NavigationItem
from partnership.standing import standing_of

# What stands below a page of the main menu, by how its addresses begin; the pages of ITS_PAGES do by themselves.
BELOW = {
    "assurance:return-list": (
        "/timetable/",
        "/requests/",
        "/question-sets/",
        "/standards/",
        "/scales/",
        "/practitioner-surveys/",
        "/schools/",
    ),
    "assurance:report-list": ("/report-",),
    "assurance:my-work": ("/updates/", "/deputies/", "/links/"),
    "plans:plan-list": (
        "/deliverables/",
        "/rounds/",
        "/priorities/",
        "/outcomes/",
        "/date-moves/",
        "/trackers/",
        "/plan-versions/",
        "/plan-issues/",
        "/plan-comments/",
    ),
    "reviews:briefing-list": ("/briefings/", "/receipts/"),
    "partnership:meeting-list": ("/calendar/", "/agenda-items/", "/papers/", "/packs/"),
    "partnership:group-list": ("/seats/", "/terms/", "/highlights/"),
    "partnership:overview": (
        "/structure/",
        "/organisations/",
        "/memberships/",
        "/nominations/",
        "/posts/",
        "/holdings/",
        "/people/",
        "/actions/",
        "/money/",
        "/contributions/",
        "/spending/",
        "/arrangements",
        "/dispute",
        "/partnerships/",
        "/reminders/",
        "/emergency-access/",
    ),
    "reviews:case-list": ("/practice-reviews/", "/reviewers/", "/review-", "/agency-summaries/", "/panel-letters/"),
    "partnership:administration": ("/areas/", "/partnerships/"),
}


def everybody(standing):
    return True


def wide(standing):
    return standing.wide_ids


def runs_training(standing):
    return standing.training_ids | standing.office_ids


# What the main menu shows below its current page: (the group's name, its pages, each with whom it is for).
ITS_PAGES = {
    "assurance:return-list": [
        (
            "Asked and answered",
            [
                ("Returns", "assurance:return-list", everybody),
                ("Requests", "assurance:request-list", lambda standing: standing.wide_ids or standing.group_ids),
                ("Timetable", "assurance:timetable", everybody),
                ("Heat map", "assurance:heat-map", everybody),
                ("Standards", "assurance:standard-set-list", everybody),
                ("Practitioners", "assurance:practitioner-survey-list", wide),
                ("Schools", "assurance:school-list", wide),
            ],
        ),
        (
            "Looked into",
            [
                ("Audits", "assurance:audit-list", everybody),
                ("Inspections", "assurance:inspection-list", everybody),
                ("Indicators", "assurance:indicator-list", everybody),
                ("Voice", "assurance:voice-list", everybody),
                ("Risks", "assurance:risk-list", everybody),
                ("Challenges", "assurance:challenge-list", everybody),
                ("Independent scrutiny", "assurance:independent-scrutiny", everybody),
            ],
        ),
    ],
    "training:event-list": [
        (
            "Programme",
            [
                ("Programme", "training:event-list", everybody),
                ("Courses", "training:course-list", everybody),
                ("Calendar", "training:calendar", everybody),
                ("Rules", "training:policies", everybody),
            ],
        ),
        (
            "People",
            [
                ("Places", "training:place-list", everybody),
                ("Practitioners", "training:practitioner-list", everybody),
                ("Framework", "training:framework", everybody),
                ("Competence", "training:gap-list", everybody),
                ("Mails", "training:mail-list", runs_training),
            ],
        ),
        (
            "Evidence",
            [
                ("Own training", "training:own-return-list", everybody),
                ("Needs", "training:needs-list", everybody),
                ("Evaluation", "training:evaluation-list", everybody),
                ("Figures", "training:figures", everybody),
                ("Charges", "training:charges", everybody),
                ("Learning by agency", "assurance:learning-by-agency", everybody),
            ],
        ),
    ],
    "assurance:report-list": [
        (
            "",
            [
                ("Annual reports", "assurance:report-list", everybody),
                ("How are we doing?", "assurance:quarterly-list", everybody),
            ],
        )
    ],
}


def navigation(request):
    """The main links for this person; only to pages that they can open."""
    standing = standing_of(request.user)
    items = [("My work", "assurance:my-work")]
    if standing.office_ids:
        items.insert(0, ("Office desk", "assurance:desk"))
    if standing.partnership_ids:
        items += [
            ("Plans", "plans:plan-list"),
            ("Meetings", "partnership:meeting-list"),
            ("Assurance", "assurance:return-list"),
            ("Groups", "partnership:group-list"),
            ("Training", "training:event-list"),
            ("Recommendations", "reviews:recommendation-list"),
            ("Learning", "reviews:briefing-list"),
            ("Reports", "assurance:report-list"),
            ("Partnership", "partnership:overview"),
        ]
    if standing.case_group_ids:
        items.append(("Cases", "reviews:case-list"))
    if standing.is_administrator:
        items.append(("Administration", "partnership:administration"))
    return [_item(label, name, standing, path=request.path) for label, name in items]


def _item(label, name, standing, *, path):
    url = reverse(name)
    pages = [reverse(page) for _group, pages in ITS_PAGES.get(name, ()) for _label, page, _is_for in pages]
    beginnings = (url, *BELOW.get(name, ()), *pages)
    if not path.startswith(beginnings):
        return NavigationItem(label, url)
    return NavigationItem(label, url, is_current=True, below=_below(name, standing, path=path))


def _below(name, standing, *, path):
    """The groups of pages that this person uses; current is the one whose address fits best."""
    groups = [
        (group, [(label, reverse(page)) for label, page, is_for in pages if is_for(standing)])
        for group, pages in ITS_PAGES.get(name, ())
    ]
    fitting = [url for _group, links in groups for _label, url in links if path.startswith(url)]
    nearest = max(fitting, key=len, default=None)
    return [
        NavigationGroup(group, [NavigationItem(label, url, is_current=url == nearest) for label, url in links])
        for group, links in groups
        if links
    ]
