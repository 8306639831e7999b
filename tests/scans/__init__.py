"""A page as a scanner gives it, kept as a picture so that reading it back needs no Chinese font.

`python -m tests.scans` draws it anew, with `page.json` for what is printed on it.
"""
