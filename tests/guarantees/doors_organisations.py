"""Doors of organisations: see ``access_table.py``."""

DOORS = []
