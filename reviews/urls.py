"""Addresses of cases; opaque, and 404 to everyone outside the group."""

from django.urls import path

from reviews import views

app_name = "reviews"

urlpatterns = [
    path("reviews/", views.CaseList.as_view(), name="case-list"),
    path("reviews/<uuid:pk>/", views.case_detail, name="case-detail"),
]
