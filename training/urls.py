"""Addresses of the training programme."""

from django.urls import path

from training import public, views

app_name = "training"

urlpatterns = [
    path("training/", views.EventList.as_view(), name="event-list"),
    path("training/<int:pk>/", views.event_detail, name="event-detail"),
    path("p/<slug:slug>/training/", public.programme, name="public-programme"),
]
