"""Doors of the search: open to all who signed in; what each finds is in ``tests/partnership/test_search.py``.

What is asked and what is found there are two situations: the words of the world's case must find nothing for those who
may not know of it (``twins.every_query``).
"""

from tests.guarantees.doors import OK, page, signed_in

DOORS = [page("partnership:search", signed_in(OK))]
