"""Many reports as one table: what was read of each in, facts in columns out.

Nothing here is needed to check a report; pandas and pandera are imported here only.
"""
