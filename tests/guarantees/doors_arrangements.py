"""Doors of arrangements: see ``access_table.py``."""

DOORS = []
