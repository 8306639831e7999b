"""A function of pdfium's binding in; the same without conversions, for calls made a thousandfold.

The binding converts every argument and result, which for the small questions that pdfium is asked
about each character takes longer than the answer.
"""

from __future__ import annotations

from ctypes import PYFUNCTYPE, c_int, c_void_p, cast
from typing import Any


def plain(function: Any, returns: Any = c_int, takes: Any = None) -> Any:
    """The same function: `returns` an `int` where nothing else is said, and given exactly what C
    expects, by `ctypes` objects, where `takes` does not say what to make of the arguments.

    Other threads wait while it runs, as handing over to them takes longer than the answer too."""
    found = PYFUNCTYPE(returns)(cast(function, c_void_p).value or 0)
    if takes is not None:
        found.argtypes = takes
    return found


def handle(thing: Any) -> Any:
    """A page, or whatever pdfium gave, made ready once for all the calls it is an argument of."""
    return c_void_p.from_param(cast(thing, c_void_p).value)
