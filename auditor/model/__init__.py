"""The nouns of audit: frozen values that every stage passes on and none changes.

Nothing here reads a file, knows a layout or words a sentence; standard library only.
"""
