"""What ``./run bench`` measures: one module for each figure, each answering with one line of words.

Ratios, because seconds belong to a machine; CPU seconds and the least of several runs, because
machines are busy. Whatever a benchmark writes it takes back.
"""
