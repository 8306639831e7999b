"""What the distribution is called on the package index, and what installs an optional part of it.

`audit`, as the command is called, is another project on the index.
"""

DISTRIBUTION = "disclosure-audit"


def install_command(extra: str) -> str:
    """The shell command that installs one of the extras of `pyproject.toml`."""
    return f"pip install '{DISTRIBUTION}[{extra}]'"
