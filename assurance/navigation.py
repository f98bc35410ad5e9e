"""Where everything is: the main menu, and below its current page that page's own, in named groups."""

from django.urls import reverse

from assurance.getting_started import IN_SESSION
from partnership.frame import NavigationGroup, NavigationItem
from partnership.standing import standing_of

# What else belongs to a page of the menus, by how its addresses begin; those that begin as the page's do by themselves.
BELOW = {
    "assurance:request-list": ("/question-sets/",),
    "assurance:standard-set-list": ("/scales/",),
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
        "/rule-sets/",
        "/rules/",
        "/reminders/",
        "/emergency-access/",
        "/access-reviews/",
        "/data-protection/",
    ),
    "reviews:case-list": ("/practice-reviews/", "/reviewers/", "/review-", "/agency-summaries/", "/panel-letters/"),
    "partnership:administration": ("/areas/", "/partnerships/", "/operations/"),
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
    if request.session.get(IN_SESSION) and not request.user.steps_away_on:
        items.insert(0, ("Getting started", "assurance:getting-started-choose"))
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
    pages = [page for _group, pages in ITS_PAGES.get(name, ()) for _label, page, _is_for in pages]
    if not any(_fit(page, path) for page in (name, *pages)):
        return NavigationItem(label, url)
    return NavigationItem(label, url, is_current=True, below=_below(name, standing, path=path))


def _fit(name, path):
    """How much of ``path`` says that it belongs to the page of that name: 0 where it does not."""
    return max((len(each) for each in (reverse(name), *BELOW.get(name, ())) if path.startswith(each)), default=0)


def _below(name, standing, *, path):
    """The groups of pages that this person uses; current is the one whose addresses fit best."""
    groups = [
        (group, [(label, page) for label, page, is_for in pages if is_for(standing)])
        for group, pages in ITS_PAGES.get(name, ())
    ]
    fits = {page: _fit(page, path) for _group, links in groups for _label, page in links}
    nearest = max(filter(fits.get, fits), key=fits.get, default=None)
    return [
        NavigationGroup(
            group, [NavigationItem(label, reverse(page), is_current=page == nearest) for label, page in links]
        )
        for group, links in groups
        if links
    ]
