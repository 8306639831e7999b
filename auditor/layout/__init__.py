"""Extract and Form in, Report out: which form it is, and what stands in each of its boxes."""
