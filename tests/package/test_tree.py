"""Which version goes where, against what npm recorded in npm.json."""

import json
from pathlib import Path

import pytest
import universe

import napi.package
from napi.package import errors

RECORDED = json.loads(Path(__file__).with_name("npm.json").read_text())

#: npm's code -> our error
ERRORS = {
    "E404": errors.NotFoundError,
    "ETARGET": errors.NotFoundError,
    "ERESOLVE": errors.ResolveError,
    "EBADPLATFORM": errors.PlatformError,
}


@pytest.fixture
def packages(registry, environment):
    universe.publish(registry)
    for key, value in (("os", "linux"), ("cpu", "x64"), ("libc", "glibc")):
        environment.setenv(f"npm_config_{key}", value)
    return registry


def run(project, steps):
    for kind, *rest in steps:
        if kind == "edit":
            universe.change(project, rest[0])
        else:
            getattr(napi.package, kind)(*rest, project=project)


@pytest.mark.parametrize("title", universe.SCENARIOS)
def test_ends_where_npm_ends(title, packages, project):
    wanted = RECORDED[title]
    steps = universe.SCENARIOS[title]
    if "error" in wanted:
        with pytest.raises(ERRORS[wanted["error"]]):
            run(project, steps)
        return
    run(project, steps)
    found = universe.outcome(project)
    for key, value in wanted.items():
        assert found[key] == value, key


def test_the_record_is_of_these_scenarios():
    assert set(RECORDED) == set(universe.SCENARIOS)
