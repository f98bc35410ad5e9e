"""Doors of money: see ``access_table.py``."""

DOORS = []
