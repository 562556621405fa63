"""Name the first of many things in an error or a warning."""

from collections.abc import Iterable
from itertools import islice
from typing import Any


def listed(names: Iterable[Any], most: int = 3) -> str:
    """Show the first names, and that there are more.

    Examples
    --------
    >>> listed(["a", "b", "c", "d"])
    'a, b, c, …'
    """
    shown = [str(name) for name in islice(names, most + 1)]
    return ", ".join(shown[:most]) + (", …" if len(shown) > most else "")
