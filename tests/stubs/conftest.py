"""The addons of npm that tests/packages has, for stubs from live exports."""

import csv
import os
from pathlib import Path

import pytest

import napi

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("NAPI_CACHE", ROOT / ".cache"))


@pytest.fixture(scope="session")
def package():
    """load(name): the addon of an npm package, as napi.Module."""
    with (ROOT / "tests/packages/packages.tsv").open() as file:
        known = {row["name"]: row for row in csv.DictReader(file, delimiter="\t")}

    def load(name):
        path = CACHE / "node_modules" / name / known[name]["node_file"]
        assert path.exists(), f"{path} is missing: run `make test`, it fetches it"
        return napi.load(path)

    return load
