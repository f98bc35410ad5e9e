"""Room for deep calls: what is called with it does what it did before."""

import sys

from partnership.stack_room import with_stack_room


def test_a_function_with_room_does_and_gives_the_same():
    @with_stack_room
    def add(first, *, second):
        """Their sum."""
        return first + second

    assert add(2, second=3) == 5
    assert (add.__name__, add.__doc__) == ("add", "Their sum.")


def test_errors_come_through():
    @with_stack_room
    def fail():
        raise LookupError("There is none.")

    try:
        fail()
    except LookupError as error:
        assert str(error) == "There is none."
    else:
        raise AssertionError("The error was lost")


def test_it_claims_room_for_itself_and_adds_one_call():
    @with_stack_room
    def here():
        return sys._getframe()

    frame = here()
    assert frame.f_back.f_code.co_stacksize > 32_768  # more than a chunk of 256 kB holds, so the next size is taken
    assert frame.f_back.f_back is sys._getframe()
