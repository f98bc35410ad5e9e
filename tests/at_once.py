"""Several people press at the same moment: each in a thread with a connection of its own."""

import threading

from django.db import connection


def at_once(*jobs):
    """Run ``jobs`` in threads with connections of their own, begun together; gives what each came to."""
    start, came_to = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(index, job):
        try:
            start.wait(10)
            came_to[index] = job()
        except Exception as problem:
            came_to[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came_to
