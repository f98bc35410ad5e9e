"""A year of training in figures."""
