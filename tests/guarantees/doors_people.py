"""Doors of people: see ``access_table.py``."""

DOORS = []
