"""Tests of many reports need the libraries that hold tables; without them they are left out."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from upath import UPath

_NEEDED = ("numpy", "pandera", "polars")
collect_ignore_glob = [] if all(map(find_spec, _NEEDED)) else ["test_*.py"]


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """The address of a server on this machine that speaks as S3 does; one for all modules, as a
    file system keeps the address that it was first opened with."""
    server_of = pytest.importorskip("moto.server", reason="moto is not installed")
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    server = server_of.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def bucket(object_store: str, request: pytest.FixtureRequest) -> Iterator[UPath]:
    """Of the object store, the module's own."""
    from upath import UPath

    settings = {
        "AWS_ENDPOINT_URL": object_store,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        name = request.path.stem.replace("_", "-")
        place = UPath(f"s3://{name}", use_listings_cache=False)
        place.fs.mkdir(name)
        yield place
