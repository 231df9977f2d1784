"""Work in whose midst Python looks for no garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Have Python look for garbage after a batch: while it is in hand, there is none to find.

    Its objects, some hundred of each delivery or person, live as long as it does. Python would look
    through them thirty times meanwhile, and now and then through all libraries with them.
    """
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
