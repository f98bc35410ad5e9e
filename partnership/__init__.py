"""The Django project and the bottom app."""
