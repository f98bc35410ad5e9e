"""Addresses of plans and the cycle."""

from django.urls import path

from plans import (
    carrying_views,
    comparing_views,
    document_views,
    duty_views,
    export_views,
    front_views,
    pasting_views,
    public,
    setup_views,
    starting_views,
    version_views,
    views,
    writing_views,
)

app_name = "plans"

urlpatterns = [
    path("plans/", views.PlanList.as_view(), name="plan-list"),
    path("plans/<int:pk>/", views.plan_detail, name="plan-detail"),
    path("plans/<int:pk>/leads/", views.change_leads, name="plan-leads"),
    path("plans/<int:pk>/rounds/open/", views.open_round_view, name="round-open"),
    path("plans/<int:pk>/cells/<str:kind>/<int:row_pk>/<str:cell>/", writing_views.change_cell, name="cell-change"),
    path("plans/<int:pk>/rows/<str:kind>/add/<int:parent_pk>/", writing_views.add_row, name="row-add"),
    path("plans/<int:pk>/rows/<str:kind>/<int:row_pk>/", writing_views.arrange_row, name="row-arrange"),
    path("plans/<int:pk>/rows/<str:kind>/<int:row_pk>/retire/", writing_views.retire, name="row-retire"),
    path("plans/<int:pk>/rows/retired/", writing_views.retired_rows, name="rows-retired"),
    path("plans/<int:pk>/timescale/", writing_views.read_words, name="timescale-read"),
    path("plans/<int:pk>/undo/", writing_views.undo, name="plan-undo"),
    path("plans/import/", views.import_upload, name="import-upload"),
    path("plans/import/<uuid:pk>/", views.import_preview, name="import-preview"),
    path("plans/import/<uuid:pk>/confirm/", views.import_confirm, name="import-confirm"),
    path("deliverables/<int:pk>/", views.deliverable_detail, name="deliverable-detail"),
    path("deliverables/<int:pk>/update/", views.update_deliverable, name="deliverable-update"),
    path("milestones/<int:pk>/met/", views.meet_milestone_view, name="milestone-meet"),
    path("rounds/<int:pk>/", views.round_detail, name="round-detail"),
    path("priorities/<int:pk>/review/<int:round_pk>/", views.review_detail, name="review-detail"),
    path(
        "priorities/<int:pk>/review/<int:round_pk>/propose/",
        views.propose_rating_view,
        name="review-propose",
    ),
    path(
        "priorities/<int:pk>/review/<int:round_pk>/decide/",
        views.decide_rating_view,
        name="review-decide",
    ),
    *duty_views.patterns,
    *front_views.patterns,
    *pasting_views.patterns,
    *setup_views.patterns,
    *version_views.patterns,
    *starting_views.patterns,
    *carrying_views.patterns,
    *document_views.patterns,
    *public.patterns,
    *export_views.patterns,
    *comparing_views.patterns,
]
