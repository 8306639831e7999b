"""The values of audit: frozen structs that every stage passes on and none changes.

Nothing here reads a file, knows a layout or words a sentence; msgspec only.
"""
