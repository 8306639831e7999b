"""Extract and Form in, Report out: which form it is, and what stands in each of its boxes."""

from auditor.forms.align import align
from auditor.forms.recognise import recognise

__all__ = ["align", "recognise"]
