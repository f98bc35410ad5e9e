"""Courses and the events at which they are held."""
