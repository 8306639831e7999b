"""The `audit` command run in this process: arguments in, what it printed and how it ended out."""

from __future__ import annotations

from click.testing import CliRunner, Result

from auditor.cli import main


def run(*arguments: object, given: str | bytes | None = None, **environment: str) -> Result:
    """The command's result, in English unless the environment asks for another language, with
    `given` as standard input; whatever it raised but an exit is raised here."""
    env = {"AUDIT_LANG": "en", **environment}
    result = CliRunner().invoke(main, [str(each) for each in arguments], input=given, env=env)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result
