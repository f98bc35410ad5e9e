"""Every address of the product. Other apps are named as strings only."""

from django.conf import settings
from django.urls import include, path

from partnership import downloads, feeds, public
from partnership.views import (
    accounts,
    actions,
    administration,
    agenda,
    arrangements,
    attendance,
    disputes,
    groups,
    history,
    meetings,
    minutes,
    money,
    organisations,
    overview,
    packs,
    people,
    people_import,
    reminders,
    terms,
)

partnership_patterns = [
    path("", public.home, name="home"),
    path("sign-in/", accounts.SignIn.as_view(), name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("health/", feeds.health, name="health"),
    path("help/", public.help_page, name="help"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("privacy/", public.privacy, name="privacy"),
    path("administration/", administration.overview, name="administration"),
    path("reminders/", reminders.ReminderList.as_view(), name="reminder-list"),
    path("history/<str:model>/<str:pk>/", history.record_history, name="record-history"),
    path("files/<uuid:pk>/", downloads.file_download, name="file-download"),
    path("p/<slug:slug>/", public.partnership_home, name="public-home"),
    path("p/<slug:slug>/house.css", public.house_style, name="house-style"),
    path("p/<slug:slug>/structure/", public.structure, name="public-structure"),
    path("p/<slug:slug>/groups/<int:pk>/", public.group, name="public-group"),
    *overview.patterns,
    *groups.patterns,
    *terms.patterns,
    *arrangements.patterns,
    *disputes.patterns,
    *people.patterns,
    *people_import.patterns,
    *money.patterns,
    *organisations.patterns,
    *meetings.patterns,
    *agenda.patterns,
    *minutes.patterns,
    *attendance.patterns,
    *actions.patterns,
    *packs.patterns,
]
if not settings.IS_PRODUCTION:
    partnership_patterns += [
        path("demo/sign-in/", accounts.demo_sign_in, name="demo-sign-in"),
        path("outbox/", reminders.Outbox.as_view(), name="outbox"),
        path("outbox/<int:pk>/", reminders.outbox_mail, name="outbox-mail"),
        path("design/", administration.design, name="design"),
    ]

urlpatterns = [
    path("", include((partnership_patterns, "partnership"))),
    path("", include("plans.urls")),
    path("", include("reviews.urls")),
    path("", include("training.urls")),
    path("", include("assurance.urls")),
]

handler400 = "partnership.views.errors.bad_request"
handler403 = "partnership.views.errors.forbidden"
handler404 = "partnership.views.errors.not_found"
handler500 = "partnership.views.errors.server_error"
