"""Plans kept in Excel: many shapes of one plan, what is said of what a workbook hides, files that are no plan."""

import pytest

from plans.importer import read_plan
from tests.plans.samples import workbooks
from tests.plans.score import mean_f1

FLOOR = 0.92


@pytest.fixture
def read(tmp_path):
    """Read an openpyxl Workbook as a plan."""

    def read_workbook(book, filename="plan.xlsx"):
        path = tmp_path / "plan.xlsx"
        book.save(path)
        return read_plan(path, filename=filename)

    return read_workbook


@pytest.mark.parametrize("shape", workbooks.SHAPES, ids=lambda shape: shape.__name__)
def test_the_plan_is_understood_in_every_shape(read, shape):
    book, expected = shape()
    score, misses = mean_f1(read(book)["plan"], expected)
    assert score >= FLOOR, misses
