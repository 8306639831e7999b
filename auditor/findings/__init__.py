"""Outcomes and the report in; findings told as stories, with verified suggestions, out."""
