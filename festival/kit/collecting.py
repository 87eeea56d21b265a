"""Long reckonings without the search for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search() -> Iterator[None]:
    """Python does not look for garbage within: of a hundred thousand small things that are made and kept until the end
    none is any, and the search goes through all of them again and again (a sixth of the time of a large standing). What
    is no longer used is freed as ever; only rings of things wait until after.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
