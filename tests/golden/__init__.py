"""Outputs for the shipped examples, kept as files and reviewed as diffs."""
