"""Everything made to harm that the program is tried with; `docs/security.md` is a table of it.

`documents.DOCUMENTS` are files, tried one at a time by `tests/test_hostile_input.py`;
`commands.COMMANDS` are folders, settings, streams and signals, tried by a command in a process of
its own (`tests/test_hostile_commands.py`); `requests.REQUESTS` are sent to a server
(`tests/web/test_hostile.py`). Whoever finds another adds it there, and nowhere else.
"""
