"""Doors of groups: see ``access_table.py``."""

DOORS = []
