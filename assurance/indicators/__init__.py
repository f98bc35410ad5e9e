"""Indicators: figures read, typed, hidden where they are small, and shown."""
