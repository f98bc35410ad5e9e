"""Room for deep calls, taken once.

CPython keeps the frames of running functions in chunks of 16 kB. Where a loop runs just below the end of
a chunk, every call in it takes a new chunk from the system and gives it back. A page is drawn some
hundred calls deep, by loops: depending on how deep the server itself stood, the plan page took up to
2.7 times as long (github.com/python/cpython issue 142183; mended in the later releases of 3.13 and 3.14).

A chunk is made as big as the frame that asks for it needs. So one function whose frame claims much room
and uses none gets a chunk with place for everything that it calls. The room is only ever reserved.
"""

import functools

SLOTS = 33_000  # of 8 bytes: just over 256 kB, so the chunk is of 512 kB and half of it stays for the calls


def with_stack_room(function):
    """``function`` with room for its calls. It does and gives the same."""

    def roomy(*args, **kwargs):
        return function(*args, **kwargs)

    roomy.__code__ = roomy.__code__.replace(co_stacksize=SLOTS)
    return functools.update_wrapper(roomy, function, updated=())
