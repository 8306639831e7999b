"""What a corpus is made of: paths and addresses in, documents out, under one configuration."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any

import click

from auditor.cli.config import ExcludedFiles, SettingsFinder
from auditor.cli.executors import DaskExecutor
from auditor.cli.files import InputFile, documents, find, printable_name
from auditor.cli.locations import FileLocation, Unopened, state_of_path
from auditor.cli.process import Unusable, say
from auditor.cli.remote import RemoteFiles, find_remote
from auditor.corpus.plans import ReadDocuments, ReadFile
from auditor.messages import phrase
from auditor.model.finding import Failure
from auditor.model.source import Document
from auditor.readers import Limits


class Sources:
    """The documents of a corpus, and the settings that hold for all of them."""

    def __init__(self, paths: Sequence[str], shared: Mapping[str, Any], language: str) -> None:
        """Raises `click.UsageError` for a path that is not there, or where nothing is left of all,
        and `Unusable` for settings that cannot hold for a corpus."""
        self._language = language
        self._finder = SettingsFinder(shared, os.environ, language)
        self._excluded = ExcludedFiles(self._finder)
        found = find([each for each in paths if "://" not in each], language)
        self._local = [each for each in found if not self._excluded.leaves_out(each)]
        self._remote: list[RemoteFiles] = []
        self._read: set[str] = set()
        """Places of files that workers have read themselves."""
        for address in paths:
            if "://" in address:
                self._remote.append(find_remote(address, language, self._excluded))
        self.count = len(self._local) + sum(len(each.states) for each in self._remote)
        if not self.count:
            self.say_excluded()
            raise click.UsageError(phrase("cli-all-excluded", language))
        self.settings = self._finder.settings(
            self._local[0] if self._local else InputFile("", None)
        )
        for key in ("baseline", "waivers", "previous", "children"):
            if getattr(self.settings, key):
                where = self.settings.source(key).place
                raise Unusable(phrase("corpus-setting", language, key=key, place=where))
        for file in self._local:
            self._require_same(file, file.name)

    def _require_same(self, file: InputFile, name: str) -> None:
        settings = self._finder.settings(file, name)
        if settings is not self.settings:
            files = [each.file or "-" for each in (self.settings, settings)]
            said = {"name": name, "one": files[0], "other": files[1]}
            raise Unusable(phrase("corpus-settings-differ", self._language, **said))

    def documents(self, limits: Limits) -> Iterator[Document | Failure]:
        """Each document that workers have not read themselves, or why it could not be had."""
        for file in self._local:
            if file.path is not None and os.path.abspath(file.path) in self._read:
                continue
            for each in documents(file, self._language, limits):
                if each.name != file.name:  # of an archive, one may have its own settings
                    if self._excluded.leaves_out(file, each.name):
                        continue
                    self._require_same(file, each.name)
                yield each
        for files in self._remote:
            yield from files.documents(self._language, limits, self._read)

    def read_by(
        self, cluster: DaskExecutor, plan: ReadDocuments, known: Collection[str]
    ) -> Iterator[tuple[str, ReadFile | Failure]]:
        """What workers read of those files that they can open themselves, by name; `documents` has
        the others.

        The first that this process sees and a worker does not is said, and no more are asked for.
        """
        is_seen = True
        locations = takewhile(lambda _: is_seen, self._locations())
        for file, found in cluster.open(plan, known, locations):
            if not isinstance(found, Unopened):
                self._read.add(file.place)
                yield file.name, found
            elif is_seen and found.why and file.is_here:
                is_seen = False
                path = printable_name(file.place) if os.path.isabs(file.place) else file.name
                about = {"worker": found.worker, "path": path, "why": found.why}
                say(phrase("corpus-unseen", self._language, **about))

    def _locations(self) -> Iterator[FileLocation]:
        for file in self._local:
            if file.path is not None and not file.why:
                with suppress(OSError):  # which is said when its turn is to be read here
                    place = os.path.abspath(file.path)
                    yield FileLocation(file.name, place, *state_of_path(place))
        for files in self._remote:
            yield from files.locations()

    def say_excluded(self) -> None:
        """To standard error, what was left out, archives included that were opened."""
        self._excluded.say(self._language)
