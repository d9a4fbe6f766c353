"""What changes is noticed by a thread of the addon, which calls back."""

import re
import time

import pytest

import napi

NAME = "@parcel/watcher-linux-x64-glibc"
NOTHING = {"ignorePaths": []}


@pytest.fixture
def m(package):
    return package(NAME)


def names(events, folder):
    return [(e["type"], e["path"].removeprefix(str(folder))) for e in events]


def test_snapshot(m, wait, tmp_path):
    folder, snapshot = tmp_path / "watched", str(tmp_path / "snapshot")
    folder.mkdir()
    (folder / "old").write_text("1")
    place = str(folder)
    assert wait(lambda: m.writeSnapshot(place, snapshot, {})) is napi.null
    (folder / "a").write_text("1")
    (folder / "old").unlink()
    events = wait(lambda: m.getEventsSince(place, snapshot, {}))
    assert sorted(names(events, folder)) == [("create", "/a"), ("delete", "/old")]


def test_subscription(m, wait, tmp_path):
    place = str(tmp_path.resolve())
    seen = []

    def until_seen(wanted):
        def start(resolve, reject):
            end = time.monotonic() + 30

            def look():
                if set(wanted) <= set(seen):
                    resolve(None)
                elif time.monotonic() > end:
                    reject(napi.Error(f"only {seen}"))
                else:
                    napi.globalThis["setTimeout"](look, 5)

            look()

        return napi.Promise(start)

    def notice(error, events):
        assert error is napi.null
        seen.extend(names(events, place))

    assert wait(lambda: m.subscribe(place, notice, NOTHING)) is napi.null
    (tmp_path / "a").write_text("1")
    wait(lambda: until_seen([("create", "/a")]))
    (tmp_path / "a").unlink()
    wait(lambda: until_seen([("delete", "/a")]))
    assert wait(lambda: m.unsubscribe(place, notice, NOTHING)) is napi.null


@pytest.fixture(autouse=True)
def known_misuse(recorded_reports):
    """The addon gives references back on a thread of the pool (clearCallbacks)."""
    yield
    for report in recorded_reports():
        assert re.match(
            r"wrong-thread: napi_(reference_unref|delete_reference)", report
        )


def test_what_cannot_be_watched(m, wait):
    with pytest.raises(napi.Error):
        wait(lambda: m.subscribe("/nonexistent", lambda *_: None, {}))


SUBSCRIBE = """
def notice(error, events):
    pass
kept = m.subscribe(folder, notice, {"ignorePaths": []})
"""


@pytest.mark.parametrize(
    "code",
    [
        "m.writeSnapshot(folder, folder + '/s', {}).result(20)",
        "kept = m.writeSnapshot(folder, folder + '/s', {})",
        SUBSCRIBE,
        f"{SUBSCRIBE}kept.result(20)",
        f"{SUBSCRIBE}kept.result(20); open(folder + '/a', 'w').close()",
        f"{SUBSCRIBE}kept.result(20); kept = m.unsubscribe(folder, notice, {{}})",
    ],
)
def test_leaves_the_interpreter_cleanly(ends, code):
    ends(NAME, code)
