"""Doors of packs: see ``access_table.py``."""

DOORS = []
