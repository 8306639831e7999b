"""The configuration file that holds for each report, and all settings with where they came from.

A report's file is the nearest above it: `audit.toml`, or a pyproject.toml with `[tool.audit]`.
Where both stand in one folder audit.toml is taken, which is said. Files further up are not looked
at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from auditor.cli.inputs import Found
from auditor.cli.settings import counts_of
from auditor.configuration.settings import (
    Configuration,
    From,
    Layer,
    Settings,
    settings_for,
)
from auditor.errors import DefinitionError
from auditor.messages import phrase
from auditor.regular import read_regular

OWN, SHARED = "audit.toml", "pyproject.toml"
MOST_BYTES = 256_000
"""Of one file; settings are some hundreds."""
_MAY_SAY = re.compile(r"""tool["']?\s*(?:\.\s*["']?audit|\]|=)""")
"""Every way in which TOML can name the table `tool.audit`, and some others."""
_OPTIONS: Mapping[str, tuple[str, str]] = {
    "folders": ("rules", "--rules"),
    "select": ("select", "--select"),
    "ignore": ("ignore", "--ignore"),
    "fail_on": ("fail_on", "--fail-on"),
    "lang": ("lang", "--lang"),
    "baseline": ("baseline", "--baseline"),
    "waivers": ("waivers", "--waivers"),
    "previous": ("previous", "--previous"),
}
"""Parameters of commands: the key of the settings, the option."""


def layer_of_command(given: Mapping[str, Any], language: str) -> Layer:
    """What the command line sets; `given` are the parameters of the command."""
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for name, (key, option) in _OPTIONS.items():
        value = given.get(name)
        if value:
            values[key] = tuple(map(str, value)) if isinstance(value, tuple) else value
            places[key] = option
    if counts := counts_of(given.get("limits") or (), language):
        values["limits"], places["limits"] = counts, "--limit"
    return Layer(values, places, From.COMMAND_LINE)


def layer_of_environment(environment: Mapping[str, str]) -> Layer:
    """What environment variables set."""
    said = environment.get("AUDIT_LANG")
    if not said:
        return Layer({}, {}, From.ENVIRONMENT)
    lang = "zh" if said.lower().startswith("zh") else "en"
    return Layer({"lang": lang}, {"lang": "AUDIT_LANG"}, From.ENVIRONMENT)


class Configured:
    """The settings for each report of a run; every file is read once."""

    def __init__(
        self,
        given: Mapping[str, Any],
        environment: Mapping[str, str],
        language: str,
        say: Callable[[str], None],
    ) -> None:
        self._language = language
        self._say = say
        self._stronger = (layer_of_environment(environment), layer_of_command(given, language))
        self._chosen: str | None = given.get("config")
        self._isolated = bool(given.get("isolated"))
        self._known: dict[str, Configuration | None] = {}

    def settings(self, found: Found, name: str | None = None) -> Settings:
        """What holds for a report; `name` is its own where it lies in an archive."""
        path = None if found.path is None else os.path.abspath(found.path)
        folder = os.getcwd() if path is None else os.path.dirname(path)
        configuration = None if self._isolated else self._configuration(folder)
        if path is not None and name is not None:
            path += name[len(found.name) :]
        return settings_for(configuration, path, *self._stronger)

    def _configuration(self, folder: str) -> Configuration | None:
        if self._chosen is not None:
            folder, name = os.path.split(os.path.abspath(self._chosen))
            if self._chosen not in self._known:
                self._known[self._chosen] = self._read(folder, name)
                if self._known[self._chosen] is None:
                    raise DefinitionError(
                        "no-settings", "there is no [tool.audit] in it", place=self._chosen
                    )
            return self._known[self._chosen]
        if folder not in self._known:
            above = os.path.dirname(folder)
            own = self._here(folder)
            self._known[folder] = (
                own if own is not None or above == folder else self._configuration(above)
            )
        return self._known[folder]

    def _here(self, folder: str) -> Configuration | None:
        """What the folder's own files say; None where they say nothing."""
        names = [name for name in (OWN, SHARED) if os.path.lexists(os.path.join(folder, name))]
        found = [read for read in (self._read(folder, name) for name in names) if read is not None]
        if len(found) > 1:
            self._say(
                phrase(
                    "cli-two-configurations",
                    self._language,
                    taken=found[0].file,
                    left=found[1].file,
                )
            )
        return found[0] if found else None

    def _read(self, folder: str, name: str) -> Configuration | None:
        shown = os.path.relpath(folder).replace(os.sep, "/")
        file = name if shown == "." else f"{shown}/{name}"
        try:
            text = read_regular(os.path.join(folder, name), MOST_BYTES).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise DefinitionError("encoding", "the file is not UTF-8", place=file) from None
        except OSError as error:
            raise DefinitionError("unreadable", str(error.strerror), place=file) from None
        if name == SHARED and not _MAY_SAY.search(text):
            return None  # most projects' own, and no reason to start a parser
        from auditor.configuration.load import load_configuration

        return load_configuration(text, file, folder, shown)
