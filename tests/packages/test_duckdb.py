import gc
import hashlib

import pytest

import napi

NAME = "@duckdb/node-bindings-linux-x64"
HUGE = 170141183460469231731687303715884105727
QUERY = (
    "select 42::bigint as a, 'héllo' as b, 1.5::double as c, [1,2] as d, "
    f"{HUGE}::hugeint as h from range(3)"
)
ENDLESS = "select sum(a.range * b.range) from range(1000000) a, range(1000000) b"


@pytest.fixture
def m(package):
    return package(NAME)


@pytest.fixture
def connection(m, wait):
    database = wait(lambda: m.open(":memory:"))
    made = wait(lambda: m.connect(database))
    yield made
    m.disconnect_sync(made)
    m.close_sync(database)


def column(m, chunk, index, size):
    return bytes(m.vector_get_data(m.data_chunk_get_vector(chunk, index), size))


def test_exports(m):
    assert m.library_version() == "v1.5.6"
    assert callable(m.query)
    assert list(m.__exports__) == []  # none of the 328 can be enumerated
    assert len(dir(m)) > 300


def test_query(m, connection, wait):
    result = wait(lambda: m.query(connection, QUERY))
    columns = range(m.column_count(result))
    assert [m.column_name(result, i) for i in columns] == ["a", "b", "c", "d", "h"]
    assert [m.column_type(result, i) for i in columns] == [5, 17, 11, 24, 16]
    chunk = wait(lambda: m.fetch_chunk(result))
    assert m.data_chunk_get_size(chunk) == 3
    assert column(m, chunk, 0, 24) == (42).to_bytes(8, "little") * 3
    assert column(m, chunk, 4, 16) == HUGE.to_bytes(16, "little")


def test_strings_as_the_engine_keeps_them(m, connection, wait):
    result = wait(lambda: m.query(connection, "select 'a'||i from range(3) t(i)"))
    chunk = wait(lambda: m.fetch_chunk(result))
    sha = hashlib.sha256(column(m, chunk, 0, 48)).hexdigest()
    assert sha.startswith("16342d5059ddff69")


def test_prepared_statement(m, connection, wait):
    prepared = wait(lambda: m.prepare(connection, "select $1::varchar, $2::int"))
    assert m.nparams(prepared) == 2
    m.bind_varchar(prepared, 1, "zz")
    m.bind_int32(prepared, 2, 7)
    result = wait(lambda: m.execute_prepared(prepared))
    chunk = wait(lambda: m.fetch_chunk(result))
    assert column(m, chunk, 0, 16).hex() == "020000007a7a00000000000000000000"
    assert column(m, chunk, 1, 4).hex() == "07000000"


def test_integers_of_any_size(m):
    assert m.get_int64(m.create_int64(napi.BigInt(12345678901234567))) == (
        12345678901234567
    )
    assert m.get_hugeint(m.create_hugeint(napi.BigInt(-HUGE))) == -HUGE
    stamp = m.get_timestamp(m.create_timestamp({"micros": napi.BigInt(5)}))
    assert stamp == {"micros": 5}
    assert isinstance(stamp["micros"], napi.BigInt)
    with pytest.raises(napi.Error, match="A bigint was expected"):
        m.create_int64(5)


def test_rejections(m, connection, wait):
    with pytest.raises(napi.Error, match='Referenced column "bogus" was not found'):
        wait(lambda: m.query(connection, "select bogus"))
    with pytest.raises(napi.Error, match='Cannot open file "/nonexistent/x/y.db"'):
        wait(lambda: m.open("/nonexistent/x/y.db"))
    with pytest.raises(napi.Error, match="Invalid connection argument"):
        m.query(5, "x")


def test_interrupted_query(m, connection, wait):
    timers = napi.globalThis

    def interrupted():
        # Before the engine has begun, an interruption is lost.
        again = timers["setInterval"](m.interrupt, 10, connection)
        promise = m.query(connection, ENDLESS)
        return promise.finally_(lambda: timers["clearInterval"](again))

    with pytest.raises(napi.Error, match="INTERRUPT Error: Interrupted!"):
        wait(interrupted)


def test_data_outlives_the_result(m, connection, wait):
    result = wait(lambda: m.query(connection, "select range from range(2048)"))
    chunk = wait(lambda: m.fetch_chunk(result))
    data = m.vector_get_data(m.data_chunk_get_vector(chunk, 0), 8 * 2048)
    result = chunk = None
    gc.collect()
    assert data.readBigInt64LE(8 * 2047) == 2047


OPENED = "db = m.open(':memory:').result(20); c = m.connect(db).result(20)\n"


@pytest.mark.parametrize(
    "code",
    [
        OPENED,
        f"{OPENED}m.query(c, 'select 1').result(20); m.close_sync(db)",
        f"{OPENED}kept = m.query(c, 'select sum(range) from range(20000000)')",
        f"{OPENED}kept = [m.query(c, 'select 1') for _ in range(20)]",
        f"{OPENED}m.query(c, 'select 1').then(lambda _: m.disconnect_sync(c))",
        "kept = m.open(folder + '/a.db')",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)
