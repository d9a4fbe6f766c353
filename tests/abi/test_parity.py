"""Our headers declare what Node 26's declare, version by version."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))

import extract  # noqa: E402
import oracle  # noqa: E402


def load_recorder():
    """Its name is not unique among the tests' directories."""
    spec = importlib.util.spec_from_file_location("abi_record", HERE / "record.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


record = load_recorder()


@pytest.fixture(scope="module")
def recorded():
    return json.loads(record.RECORD.read_text(encoding="utf-8"))


def differences(left, right):
    return [
        f"{fact}: {left.get(fact, 'never')} / {right.get(fact, 'never')}"
        for fact in sorted({*left, *right})
        if left.get(fact) != right.get(fact)
    ]


@pytest.fixture(scope="module")
def ours():
    return record.describe(ROOT / "include")


def test_equal_to_node(ours, recorded):
    assert differences(ours, recorded) == []


def test_record_is_complete(recorded):
    functions = {fact.split()[1] for fact in recorded if fact.startswith("function ")}
    assert len(functions) == 161
    statuses = [fact for fact in recorded if " of napi_status = " in fact]
    assert len(statuses) == 24
    kinds = {fact.split()[0] for fact in recorded}
    assert kinds == {
        "enum",
        "field",
        "function",
        "macro",
        "struct",
        "typedef",
        "written",
    }


def test_difference_is_seen(tmp_path):
    """The comparison finds a changed width, value, name and version gate."""
    for header in (ROOT / "include").glob("*.h"):
        text = header.read_text(encoding="utf-8")
        text = text.replace("int32_t value, napi_value", "int64_t value, napi_value")
        text = text.replace("napi_static = 1024", "napi_static = 512")
        text = text.replace("#if NAPI_VERSION >= 5", "#if NAPI_VERSION >= 4")
        text = text.replace("nm_flags", "nm_flag")
        (tmp_path / header.name).write_text(text, encoding="utf-8")
    left, right = (
        record.describe(place, ["4", "8"]) for place in (tmp_path, ROOT / "include")
    )
    found = "\n".join(differences(left, right))
    for what in ("napi_create_int32", "napi_static", "napi_is_date", "nm_flag:"):
        assert what in found


def test_record_is_true(recorded):
    """Where Node's headers are here, the record still says what they do."""
    include = oracle.headers()
    if include is None:
        pytest.skip("Node's headers are not here: make oracle")
    assert differences(record.describe(include), recorded) == []


def test_variants_differ(recorded):
    """The record is not one description repeated."""
    assert len(set(recorded.values())) > len(extract.VARIANTS)
