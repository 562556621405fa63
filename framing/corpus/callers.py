"""Find the line of the caller, on which a warning should stand."""

import inspect


def callers_level() -> int:
    """Return the `stacklevel` of a warning, given where this is called, on the caller's own line.

    Functions of the kit call each other, so that a fixed number would often name one of them.
    """
    level, frame = 0, inspect.currentframe()
    while frame and frame.f_globals.get("__name__", "").startswith("framing."):
        level, frame = level + 1, frame.f_back
    return level
