"""audit: find the wrong figure in a report before it is published."""

__version__ = "0.1.0"
