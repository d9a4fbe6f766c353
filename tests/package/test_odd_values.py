"""Values of any kind anywhere in what is read: an answer, or one of our errors."""

import contextlib
import json
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import napi.package
from napi.package.errors import PackageError
from napi.package.project import HIDDEN

NAMES = st.sampled_from(["leaf", "../x", "absent", "a b", "", "@s/x", "\ud800"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
    | st.sampled_from(["^1", "*", "1.0.0", "npm:leaf@1", "file:x", "!linux", "sha512"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)  # fmt: skip
FIELDS = st.sampled_from([
    "dependencies", "optionalDependencies", "peerDependencies", "peerDependenciesMeta",
    "devDependencies", "bundleDependencies", "bin", "engines", "os", "cpu", "libc",
    "deprecated", "funding", "license", "name", "version", "hasInstallScript",
    "resolved", "integrity", "link", "inBundle", "overrides", "dist", "packages",
])  # fmt: skip
MANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def clean(registry, project):
    """clean(): the project with one good package, as it was at first."""
    registry.publish("leaf")
    registry.publish("top", dependencies={"leaf": "^1"})
    napi.package.add("top", project=project)
    kept = project.parent / "kept"
    shutil.copytree(project, kept, symlinks=True)

    def restore():
        shutil.rmtree(project)
        shutil.copytree(kept, project, symlinks=True)

    return restore


def adds(project, *names):
    with contextlib.suppress(PackageError):
        napi.package.add(*names, project=project)
        napi.package.list(project)
    assert not (project.parent / "x").exists()
    assert not (project / "node_modules/.napi").exists()


@MANY
@given(field=FIELDS, value=VALUES)
def test_in_a_document(field, value, registry, clean, project):
    clean()
    registry.publish("evil")
    registry.packuments["evil"]["versions"]["1.0.0"][field] = value
    adds(project, "evil")


@MANY
@given(field=st.sampled_from(["versions", "dist-tags", "name", "time"]), value=VALUES)
def test_at_the_top_of_a_document(field, value, registry, clean, project):
    clean()
    registry.publish("evil")
    registry.packuments["evil"][field] = value
    adds(project, "evil")
    registry.packuments.pop("evil")


@MANY
@given(field=FIELDS, value=VALUES, name=st.sampled_from(["package-lock.json", HIDDEN]))
def test_in_a_lock_file(field, value, name, registry, clean, project):
    clean()
    lock = json.loads((project / name).read_text())
    lock["packages"]["node_modules/leaf"][field] = value
    if field == "packages":
        lock[field] = value
    (project / name).write_text(json.dumps(lock))
    adds(project)


@MANY
@given(field=FIELDS, value=VALUES)
def test_in_package_json(field, value, registry, clean, project):
    clean()
    manifest = json.loads((project / "package.json").read_text())
    manifest[field] = value
    (project / "package.json").write_text(json.dumps(manifest))
    adds(project, "leaf")
