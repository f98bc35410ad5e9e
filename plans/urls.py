"""Addresses of plans and the cycle."""

from django.urls import path

from plans import (
    carrying_views,
    comparing_views,
    deputy_views,
    document_views,
    duty_views,
    export_views,
    front_views,
    import_views,
    link_views,
    pasting_views,
    public,
    review_views,
    round_views,
    setup_views,
    starting_views,
    update_views,
    version_views,
    views,
    writing_views,
)

app_name = "plans"

urlpatterns = [
    path("plans/", views.PlanList.as_view(), name="plan-list"),
    path("plans/<int:pk>/", views.plan_detail, name="plan-detail"),
    path("plans/<int:pk>/leads/", views.change_leads, name="plan-leads"),
    path("plans/<int:pk>/cells/<str:kind>/<int:row_pk>/<str:cell>/", writing_views.change_cell, name="cell-change"),
    path("plans/<int:pk>/rows/<str:kind>/add/<int:parent_pk>/", writing_views.add_row, name="row-add"),
    path("plans/<int:pk>/rows/<str:kind>/<int:row_pk>/", writing_views.arrange_row, name="row-arrange"),
    path("plans/<int:pk>/rows/<str:kind>/<int:row_pk>/retire/", writing_views.retire, name="row-retire"),
    path("plans/<int:pk>/rows/retired/", writing_views.retired_rows, name="rows-retired"),
    path("plans/<int:pk>/timescale/", writing_views.read_words, name="timescale-read"),
    path("plans/<int:pk>/undo/", writing_views.undo, name="plan-undo"),
    path("deliverables/<int:pk>/", views.deliverable_detail, name="deliverable-detail"),
    *import_views.patterns,
    *update_views.patterns,
    *link_views.patterns,
    *round_views.patterns,
    *review_views.patterns,
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
    *deputy_views.patterns,
]
