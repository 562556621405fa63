"""The framing kit: how outlets tell the same event differently.

Tables flow, functions are the bends: articles are read, cleaned, counted and scored by codebooks,
scores become estimates with intervals, estimates become figures. Every public name is
`framing.<name>`; a name is imported when it is first used.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
