import pytest

import napi

NAME = "@libsql/linux-x64-gnu"


@pytest.fixture
def m(package):
    return package(NAME)


@pytest.fixture
def db(m):
    made = m.databaseOpen(":memory:", "", "aes256cbc", "", 0, "")
    assert isinstance(made, napi.External)
    call(m.databaseExecSync, made, "create table t(a integer,b text,c blob,d real)")
    return made


def call(method, this, *args):
    """libsql's functions are methods of the objects that they work on."""
    return napi.globalThis["Reflect"].apply(method, this, list(args))


def prepare(m, db, text):
    return call(m.databasePrepareSync, db, text)


def insert(m, db, wait):
    statement = wait(
        lambda: call(m.databasePrepareAsync, db, "insert into t values(?,?,?,?)")
    )
    assert isinstance(statement, napi.External)
    return call(m.statementRun, statement, [1, "x", napi.Buffer.from_(b"\1\2"), 1.5])


def rows_of(m, statement, wait, count):
    rows = wait(lambda: call(m.statementRowsAsync, statement, []))
    room = napi.Array([napi.null] * count)
    assert call(m.rowsNext, rows, room) is napi.null
    return list(room)


def test_statements(m, db, wait):
    done = insert(m, db, wait)
    assert sorted(done) == ["changes", "duration", "lastInsertRowid"]
    assert (done["changes"], done["lastInsertRowid"]) == (1, 1)
    named = prepare(m, db, "insert into t(a,b) values(:a,@b)")
    done = call(m.statementRun, named, {"a": 2, "b": "é"})
    assert done["lastInsertRowid"] == 2
    query = wait(lambda: call(m.databasePrepareAsync, db, "select * from t"))
    names = [column["name"] for column in call(m.statementColumns, query)]
    assert names == ["a", "b", "c", "d"]
    first, second, rest = rows_of(m, query, wait, 3)
    assert isinstance(first["c"], napi.ArrayBuffer)
    assert bytes(first["c"]) == b"\1\2"
    assert (first["a"], first["b"], first["d"]) == (1, "x", 1.5)
    assert second == {"a": 2, "b": "é", "c": napi.null, "d": napi.null}
    assert rest is napi.null


def test_raw_rows(m, db, wait):
    insert(m, db, wait)
    query = prepare(m, db, "select * from t")
    call(m.statementRaw, query, True)
    row, rest = rows_of(m, query, wait, 2)
    assert isinstance(row[2], napi.Buffer)
    assert [row[0], row[1], bytes(row[2]), row[3]] == [1, "x", b"\1\2", 1.5]
    assert rest is napi.null
    assert call(m.statementGet, query, [])[1] == "x"


def test_safe_integers(m, db):
    query = prepare(m, db, "select 9007199254740993 as x")
    call(m.statementSafeIntegers, query, True)
    found = call(m.statementGet, query, [])["x"]
    assert found == 9007199254740993
    assert isinstance(found, napi.BigInt)


def test_execute(m, db, wait):
    sql = "insert into t(a) values(7)"
    assert wait(lambda: call(m.databaseExecAsync, db, sql)) is None
    assert call(m.statementGet, prepare(m, db, "select a from t"), [])["a"] == 7


def test_rejections(m, db, wait):
    with pytest.raises(napi.Error, match="no such table: nope") as error:
        wait(lambda: call(m.databaseExecAsync, db, "select bogus from nope"))
    assert (error.value.code, error.value.rawCode) == ("SQLITE_ERROR", 1)
    with pytest.raises(napi.Error, match='near "bogus": syntax error'):
        wait(lambda: call(m.databasePrepareAsync, db, "bogus"))


def test_a_closed_database(m, db, wait):
    call(m.databaseClose, db)
    with pytest.raises(napi.TypeError, match="connection is not open"):
        wait(lambda: call(m.databaseExecAsync, db, "select 1"))


def test_errors(m, db):
    with pytest.raises(napi.Error, match='near "bogus": syntax error') as error:
        call(m.databaseExecSync, db, "bogus")
    assert error.value.code == "SQLITE_ERROR"
    with pytest.raises(napi.TypeError, match="failed to downcast any to neon"):
        call(m.databaseExecSync, {}, "x")


OPENED = """
apply = napi.globalThis["Reflect"].apply
place = folder + "/a.db"
db = m.databaseOpen(place, "", "aes256cbc", "", 0, "")
def run(sql):
    return apply(m.databaseExecAsync, db, [sql])
"""


@pytest.mark.parametrize(
    "code",
    [
        OPENED,
        f"{OPENED}run('create table t(a)').result(20); apply(m.databaseClose, db, [])",
        f"{OPENED}kept = run('create table t(a)')",
        f"{OPENED}[run(f'create table t{{i}}(a)').then(print) for i in range(20)]",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)
