"""Addresses of home pages, returns and reports."""

from django.urls import path

from assurance import public
from assurance.views import (
    heat_map,
    home,
    levels,
    moderation,
    organisation_pack,
    practitioners,
    question_sets,
    reports,
    requests,
    returns,
    scales,
    school_answers,
    school_surveys,
    schools,
    scrutiny,
    standards,
    summaries,
    timetable,
)

app_name = "assurance"

urlpatterns = [
    path("my-work/", home.my_work, name="my-work"),
    path("desk/", home.desk, name="desk"),
    path("reports/", reports.ReportList.as_view(), name="report-list"),
    path("reports/start/", reports.start, name="report-start"),
    path("reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path("reports/<int:pk>/preview/", reports.report_preview, name="report-preview"),
    path("reports/<int:pk>/sections/<int:section_pk>/", reports.change_section, name="section-change"),
    path("reports/<int:pk>/foreword/", reports.change_foreword, name="foreword-change"),
    path("reports/<int:pk>/evidence/", reports.gather, name="report-gather"),
    path("reports/<int:pk>/build/", reports.build_report, name="report-build"),
    path("reports/builds/<uuid:pk>/", reports.build_detail, name="build-detail"),
    path("reports/builds/<uuid:pk>/proof.pdf", reports.build_proof, name="build-proof"),
    path("reports/<int:pk>/publish/", reports.publish_report, name="report-publish"),
    path("reports/<int:pk>/edition/", reports.next_edition, name="report-edition"),
    path("p/<slug:slug>/reports/", public.report_list, name="public-report-list"),
    path("p/<slug:slug>/reports/<int:pk>/", public.report_page, name="public-report"),
    *returns.patterns,
    *timetable.patterns,
    *scales.patterns,
    *heat_map.patterns,
    *standards.patterns,
    *practitioners.patterns,
    *organisation_pack.patterns,
    *requests.patterns,
    *question_sets.patterns,
    *scrutiny.patterns,
    *levels.patterns,
    *moderation.patterns,
    *summaries.patterns,
    *schools.patterns,
    *school_surveys.patterns,
    *school_answers.patterns,
]
