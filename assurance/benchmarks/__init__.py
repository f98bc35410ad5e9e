"""What ``./run bench`` measures: one module for each part of the product, answering with a list of ``Figure``s.

Ratios, because seconds belong to a machine; CPU seconds and the least of several runs, because
machines are busy. Whatever a benchmark writes it takes back.
"""
