"""Counts by theme and year: no small number is shown, and none can be worked out from what is."""

import random
from itertools import product

from reviews.counts import Counts, with_small_ones_hidden


def counts(*lines):
    cells = {(row, column): number for row, line in enumerate(lines) for column, number in enumerate(line)}
    return Counts(list(range(len(lines))), list(range(len(lines[0]))), cells)


def shown(found):
    return [[found.shown(row, column) for column in (*found.columns, None)] for row in (*found.rows, None)]


def possible(found, smallest):
    """{key of a hidden small number: all that it can be}, by trying every table that fits what is shown."""
    cells = [key for key in found.hidden if None not in key]
    totals = [key for key in found.keys if None in key and key not in found.hidden]
    small = [key for key in found.hidden if found.number(*key) < smallest]
    can_be = {key: set() for key in small}
    for numbers in product(range(1, smallest), repeat=len(cells)):
        other = Counts(found.rows, found.columns, found.cells | dict(zip(cells, numbers, strict=True)))
        if all(other.number(*key) == found.number(*key) for key in totals):
            for key in small:
                can_be[key].add(other.number(*key))
    return can_be


def known(found, smallest):
    return [key for key, numbers in possible(found, smallest).items() if len(numbers) == 1]


def test_small_numbers_are_hidden_and_nought_and_larger_ones_are_not():
    found = with_small_ones_hidden(counts([0, 7, 3, 2], [5, 6, 4, 1]), smallest=5)
    cells = [[found.shown(row, column) for column in found.columns] for row in found.rows]
    assert cells == [[0, 7, None, None], [5, 6, None, None]]


def test_a_lone_small_number_takes_totals_with_it():
    found = with_small_ones_hidden(counts([9, 2], [9, 9]), smallest=5)
    assert shown(found) == [[9, None, None], [9, 9, 18], [18, None, None]]


def test_where_nothing_is_small_everything_is_shown():
    assert shown(with_small_ones_hidden(counts([5, 9], [0, 6]), smallest=5)) == [[5, 9, 14], [0, 6, 6], [5, 15, 20]]


def test_two_that_can_only_both_be_the_largest_are_known_and_so_hidden_better():
    both = frozenset({(0, 0), (0, 1), (None, 0), (None, 1)})
    assert set(known(Counts([0], [0, 1], counts([4, 4]).cells, both), 5)) == both
    assert with_small_ones_hidden(counts([4, 4]), smallest=5).hidden == both | {(0, None), (None, None)}


def test_no_hidden_number_can_be_worked_out_from_what_is_shown():
    dice = random.Random(1)
    for _ in range(300):
        rows, columns = dice.choice([1, 2, 3]), dice.choice([1, 2, 3])
        smallest = dice.choice([3, 4, 5]) if rows * columns < 7 else 3
        lines = [[dice.choice([0, 0, 1, 2, 3, 4, 5, 6, 9]) for _ in range(columns)] for _ in range(rows)]
        found = with_small_ones_hidden(counts(*lines), smallest=smallest)
        assert known(found, smallest) == [], (lines, smallest)


def test_without_the_second_step_numbers_could_be_worked_out():
    first_step_only = Counts([0, 1], [0, 1], counts([9, 2], [9, 9]).cells, frozenset({(0, 1)}))
    assert known(first_step_only, 5) == [(0, 1)]
