"""Addresses of the training programme."""

from django.urls import path

from training import public
from training.views import programme

app_name = "training"

urlpatterns = [
    path("training/", programme.EventList.as_view(), name="event-list"),
    path("training/<int:pk>/", programme.event_detail, name="event-detail"),
    path("p/<slug:slug>/training/", public.programme, name="public-programme"),
]
