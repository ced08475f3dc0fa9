"""Long work without pauses: Python's search for circular garbage looks at everything that lives, again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept() -> Iterator[None]:
    """What is made meanwhile lives as long as the program: it is never searched, neither now nor later.

    For the start, where the search takes a fifth of the time (and processes forked later share it for longer),
    and for a command's last work, behind which one more search would only keep the prompt waiting.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def no_search() -> Iterator[None]:
    """What is made meanwhile is freed only where nothing refers to it any more; circles wait for ``search``.

    For work that makes millions of plain values: there the search costs a third of the time and finds little.
    """
    outermost = gc.isenabled()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        if outermost:
            gc.unfreeze()
            gc.enable()


def search() -> None:
    """Free the circles among what was made since ``no_search`` began, the innermost one."""
    gc.collect()
