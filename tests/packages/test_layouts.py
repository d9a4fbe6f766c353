"""The builds that are pinned for the tests are those that napi finds by itself."""

import pytest
from conftest import CACHE, rows

import napi

# Packages with several builds that are fine here; the newest is found, as in Node.
SEVERAL = ("zeromq",)


# The others hold libraries of addons.
ADDONS = [name for name, row in rows().items() if row["node_file"].endswith(".node")]


@pytest.mark.parametrize("name", ADDONS)
def test_the_pinned_build_is_found_by_the_name_of_its_package(name):
    row, folder = rows()[name], CACHE / "node_modules" / name
    if not folder.exists() and row["group"] == "large":
        pytest.skip("a large package: `make test-packages` fetches it")
    found = napi.find(name, start=CACHE)
    pinned = str((folder / row["node_file"]).resolve())
    usable = [it.path for it in found.candidates if not it.refusal]
    assert pinned in usable
    if name not in SEVERAL:
        assert found.path == pinned
    assert found.version == row["version"]
