import pytest

import napi

NAME = "classic-level"
FILL, KEY_BUFFER, VALUE_BUFFER, SHARED_KEY = 1, 2, 4, 8
TEXTS = {"keyEncoding": "utf8", "valueEncoding": "utf8", "fillCache": True}
ALL = TEXTS | {
    "keys": True,
    "values": True,
    "limit": -1,
    "highWaterMarkBytes": 16384,
    "reverse": False,
}


@pytest.fixture
def m(package):
    return package(NAME)


@pytest.fixture
def db(m, wait, tmp_path):
    made = m.db_init()
    assert isinstance(made, napi.External)
    opened = wait(lambda: m.db_open(made, str(tmp_path), {"createIfMissing": True}))
    assert opened is None
    yield made
    assert wait(lambda: m.db_close(made)) is None


def test_put_and_get(m, db, wait):
    key, value = napi.Buffer.from_(b"k1"), napi.Buffer.from_(b"v1")
    assert wait(lambda: m.db_put(db, key, value, {"sync": False})) is None
    wait(lambda: m.db_put(db, "k2", "é", {}))
    assert wait(lambda: m.db_get(db, FILL, "k2", None)) == "é"
    flags = FILL | KEY_BUFFER | VALUE_BUFFER
    found = wait(lambda: m.db_get(db, flags, key, None))
    assert isinstance(found, napi.Buffer)
    assert bytes(found) == b"v1"
    assert wait(lambda: m.db_get(db, FILL, "zz", None)) is None
    many = wait(lambda: m.db_get_many(db, ["k1", "k2", "zz"], TEXTS, None))
    assert many == ["v1", "é", None]
    assert wait(lambda: m.db_has(db, "k1", True, None)) is True
    assert wait(lambda: m.db_del(db, "k1", {})) is None
    assert wait(lambda: m.db_has(db, "k1", True, None)) is False


def test_a_key_in_shared_memory(m, db, wait):
    shared = napi.Buffer.alloc(64)
    m.db_set_shared_buffer(db, shared)
    wait(lambda: m.db_put(db, "k2", "v2", {}))
    length = shared.write("k2")
    assert m.db_get_sync(db, FILL | SHARED_KEY, length, None) == "v2"


def test_batches(m, db, wait):
    batch = m.batch_init(db)
    m.batch_put(batch, "k2", "v2")
    m.batch_put(batch, "k3", "v3")
    m.batch_del(batch, "k2")
    assert wait(lambda: m.batch_write(batch, {"sync": True})) is None
    steps = [
        {"type": "put", "key": "a", "value": "1"},
        {"type": "put", "key": "b", "value": b"2"},
        {"type": "del", "key": "b"},
    ]
    assert wait(lambda: m.batch_do(db, steps, {})) is None
    many = wait(lambda: m.db_get_many(db, ["a", "b", "k2", "k3"], TEXTS, None))
    assert many == ["1", None, None, "v3"]


def test_iterator(m, db, wait):
    for i in range(2, 4):
        wait(lambda i=i: m.db_put(db, f"k{i}", f"v{i}", {}))
    state = napi.Uint8Array(1)
    iterator = m.iterator_init(db, state, ALL, None)
    entries = wait(lambda: m.iterator_nextv(iterator, 100))
    assert entries == [["k2", "v2"], ["k3", "v3"]]
    assert state[0] == 1
    assert m.iterator_close(iterator) is None


def test_snapshot_and_clear(m, db, wait):
    wait(lambda: m.db_put(db, "c", "old", {}))
    snapshot = m.snapshot_init(db)
    wait(lambda: m.db_put(db, "c", "new", {}))
    assert wait(lambda: m.db_get(db, FILL, "c", snapshot)) == "old"
    assert wait(lambda: m.db_get(db, FILL, "c", None)) == "new"
    assert m.snapshot_close(snapshot) is None
    assert wait(lambda: m.db_approximate_size(db, "a", "z")) == 0
    assert wait(lambda: m.db_compact_range(db, "a", "z")) is None
    assert wait(lambda: m.db_clear(db, {"limit": -1, "gte": "a"})) is None
    assert wait(lambda: m.db_get(db, FILL, "c", None)) is None
    assert "Level" in m.db_get_property(db, "leveldb.stats")


def test_wrong_arguments(m, db, wait):
    with pytest.raises(napi.Error, match=r"napi_get_value_string_utf8\(env, argv\[2\]"):
        wait(lambda: m.db_get(db, FILL | VALUE_BUFFER, b"k1", None))
    with pytest.raises(napi.Error, match="napi_get_typedarray_info"):
        m.db_get_sync(db, FILL | KEY_BUFFER, "k2", None)


def test_rejections(m, db, wait, tmp_path):
    with pytest.raises(napi.Error) as error:
        wait(lambda: m.db_open(m.db_init(), "/nonexistent/x", {}))
    assert error.value.code == "LEVEL_IO_ERROR"
    assert "/nonexistent/x/LOCK: No such file or directory" in error.value.message
    with pytest.raises(napi.Error, match="already held by process") as error:
        wait(lambda: m.db_open(m.db_init(), str(tmp_path), {}))
    assert error.value.code == "LEVEL_LOCKED"


def test_errors_of_an_existing_database(m, wait, tmp_path):
    db, place = m.db_init(), str(tmp_path)
    wait(lambda: m.db_open(db, place, {"createIfMissing": True}))
    wait(lambda: m.db_close(db))
    with pytest.raises(napi.Error, match="error_if_exists is true"):
        wait(lambda: m.db_open(m.db_init(), place, {"errorIfExists": True}))
    assert wait(lambda: m.repair_db(place)) is None
    assert wait(lambda: m.destroy_db(place)) is None


OPENED = "db = m.db_init(); m.db_open(db, folder, {'createIfMissing': True}).result(20)"


@pytest.mark.parametrize(
    "code",
    [
        f"{OPENED}; m.db_close(db).result(20)",
        OPENED,
        f"{OPENED}; kept = [m.db_put(db, f'k{{i}}', 'v', {{}}) for i in range(100)]",
        f"{OPENED}; kept = m.db_close(db)",
        "db = m.db_init(); kept = m.db_open(db, folder, {'createIfMissing': True})",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)


EXIT = """
import sys, napi
m = napi.load(sys.argv[1])
db = m.db_init()
opened = m.db_open(db, sys.argv[2], {"createIfMissing": True})
if sys.argv[3] > "0":
    opened.result(10)
    written = [m.db_put(db, f"k{i}", "v", {}) for i in range(100)]
if sys.argv[3] > "1":
    napi.run_once()
    found = [m.db_get(db, 1, f"k{i}", None) for i in range(100)]
"""


@pytest.mark.parametrize("step", range(3))
def test_exit_in_the_middle(child, package, tmp_path, step):
    """What was cancelled must not pass for what is done."""
    done = child(EXIT, package(NAME).__file__, tmp_path / "db", step)
    assert (done.stdout, done.stderr) == ("", "")
