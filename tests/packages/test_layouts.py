"""The builds that are pinned for the tests are those that napi finds by itself."""

import pytest
from conftest import CACHE, rows

import napi


@pytest.mark.parametrize("name", rows())
def test_the_pinned_build_is_found_by_the_name_of_its_package(name):
    row, folder = rows()[name], CACHE / "node_modules" / name
    if not folder.exists() and row["group"] == "large":
        pytest.skip("a large package: `make test-packages` fetches it")
    found = napi.find(name, start=CACHE)
    assert found.path == str((folder / row["node_file"]).resolve())
    assert found.version == row["version"]
