"""Mutated documents, by the hundred thousand: readers and pipeline raise nothing but `InputError`.

A case is a kind and a number, and comes out the same wherever it is run:

    python -m tests.fuzz --executions 200000          # all kinds; `make fuzz`
    python -m tests.fuzz --kinds pdf --from 4711 --executions 1
"""
