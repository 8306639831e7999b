"""Outcomes and the report in; findings in words, with verified suggestions, out."""
