"""The annual report: filed through the year, written beside its evidence, published as bytes that stay.

Nothing of a case is ever read here: what a review taught is written by people, under its heading.
"""
