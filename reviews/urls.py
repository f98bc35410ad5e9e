"""Addresses of cases and what comes of them; opaque, and 404 to everyone who may not know of them."""

from reviews.views import cases, practice

app_name = "reviews"

urlpatterns = [
    *cases.patterns,
    *practice.patterns,
]
