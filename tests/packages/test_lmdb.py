import json

# The destructor of an Env that was made without the package's JavaScript crashes,
# in Node too: the process ends without it.
PROGRAM = """
import json, os, sys, napi
m = napi.load(sys.argv[1])
env, kept = m.Env(), napi.Buffer.alloc(4096)
options = {
    "path": sys.argv[2], "maxDbs": 12, "keyBytes": kept, "pageSize": 4096,
    "mapSize": 1 << 20, "maxReaders": 126,
}
seen = [env.open(options, 0x4000, 0), env.getMaxKeySize(), env.stat()["pageSize"]]
seen += [list(env.info()), env.beginTxn(2)]
seen += [type(m.Dbi(env, 0x40000, "x", 0, None)).__name__]
print(json.dumps(seen), flush=True)
os._exit(0)
"""
INFO = ["mapSize", "lastPageNumber", "lastTxnId", "maxReaders", "numReaders"]


def test_exports(package):
    m = package("@lmdb/lmdb-linux-x64")
    assert m.version["major"] == 0
    assert m.globalBuffer.length == 1 << 24


def test_environment(package, child, tmp_path):
    m = package("@lmdb/lmdb-linux-x64")
    done = child(PROGRAM, m.__file__, tmp_path / "data.mdb")
    assert json.loads(done.stdout) == [None, 1978, 4096, INFO, None, "Dbi"]
