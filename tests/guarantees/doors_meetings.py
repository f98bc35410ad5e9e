"""Doors of meetings: see ``access_table.py``."""

DOORS = []
