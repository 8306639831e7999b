"""Zip containers of strangers: what `zipfile` raises of one that is broken, in one place.

It has no class of its own for that: each way of packing raises what its library raises, a password
is a `RuntimeError`, a field that is cut off a `struct.error`.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from zipfile import BadZipFile

BROKEN = (
    *(BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(RuntimeError, ValueError, LookupError, ArithmeticError),
)
"""What a container raises when it is opened, listed or unpacked, and it is no whole container."""
