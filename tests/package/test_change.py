"""All or nothing: killed at any moment, without room on the disk, several at once."""

import contextlib
import errno
import json
import os
import random
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from registry import snapshot

import napi.package
from napi.package import change, errors

KILLS = 50


@pytest.fixture
def two_states(registry, add, project):
    """A project with one set of packages; the registry has another one for it."""
    for version in ("1.0.0", "2.0.0"):
        files = {f"{version}/{n}": os.urandom(2000) for n in range(15)}
        registry.publish("top", version, files=files, dependencies={"inner": version})
        registry.publish("inner", version, files=files)
        registry.publish("@scope/other", version, dependencies={"inner": version})
    registry.publish("gone")
    add("top@1", "gone", "inner@1.0.0")
    return snapshot(project)


class Forks:
    """tests/package/forker.py at work."""

    def __init__(self):
        script = Path(__file__).with_name("forker.py")
        self.process = subprocess.Popen(
            [sys.executable, script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )

    def start(self, **job):
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        return int(self.process.stdout.readline())

    def wait(self, seconds=60):
        """The wait status; None if that takes longer."""
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            return None
        return int(self.process.stdout.readline())


@pytest.fixture
def forks(project):
    found = Forks()
    yield found
    found.process.stdin.close()
    found.process.wait(30)


def is_whole(state):
    """package.json, the lock files and the packages tell the same."""
    manifest = json.loads(state["package.json"][1])
    lock = json.loads(state["package-lock.json"][1])
    assert lock["packages"][""]["dependencies"] == manifest["dependencies"]
    for place, entry in lock["packages"].items():
        if place:
            inside = json.loads(state[f"{place}/package.json"][1])
            assert inside["version"] == entry["version"], place
    return True


# === killed ===


def test_killed_at_any_moment_the_next_run_repairs(two_states, project, forks):
    """SIGKILL at random moments between two states, back and forth."""
    random.seed(7)
    goals = [("top@1", "inner@1.0.0"), ("top@2", "inner@2.0.0", "@scope/other@2")]
    seen = {"old": 0, "new": 0, "interrupted": 0}
    span = 0.2  # about as long as a run takes: found out on the way
    for turn in range(KILLS):
        before = snapshot(project)
        pid = forks.start(add=goals[turn % 2])
        if forks.wait(random.uniform(0, 2 * span)) is None:
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.kill(pid, signal.SIGKILL)
            forks.wait()
            span *= 1.1
        else:
            span *= 0.9
        if change.is_interrupted(project):
            seen["interrupted"] += 1
        else:
            after = {
                path: content
                for path, content in snapshot(project).items()
                if not path.startswith("node_modules/.napi")
            }
            fresh = {k: v for k, v in before.items() if ".napi" not in k}
            seen["old" if after == fresh else "new"] += 1
            assert is_whole(after)
        if turn % 10 == 9:
            napi.package.add(project=project)
            state = snapshot(project)
            assert is_whole(state)
            assert not [path for path in state if ".napi" in path]
    assert min(seen["old"], seen["new"]) > 0, seen


@pytest.mark.parametrize("how", ["killed", "disk full"])
def test_ended_at_each_step_of_the_change(how, two_states, project, add, forks):
    """Every single step on the disk, one after the other, until none is left."""
    journals = 0
    for left in range(200):
        forks.start(add=["top@2", "inner@2.0.0"], how=how, left=left)
        status = os.waitstatus_to_exitcode(forks.wait())
        if status == 0:
            break
        assert status == (77 if how == "killed" else 78)
        journals += change.is_interrupted(project)
        if how == "killed":
            with change.locked(project) as work:
                work.recover()
        state = snapshot(project)
        if state != two_states:  # the last steps come when all is done
            assert is_whole(state)
            assert "^2" in state["package.json"][1].decode()
            add("top@1", "inner@1.0.0")
            assert snapshot(project).keys() == two_states.keys()
            two_states = snapshot(project)
    assert left > 10
    assert (journals > 5) == (how == "killed")
    assert is_whole(snapshot(project))


def test_what_the_user_edited_since_is_not_undone(two_states, project, add, report):
    with change.locked(project) as work:
        work.write(project / "package.json", "{}")
        work.write(project / "new.json", "{}")
        with pytest.MonkeyPatch.context() as patch:
            # As if it had been killed right after the last rename.
            patch.setattr(work, "_apply", lambda apply=work._apply: apply() or 1 / 0)
            patch.setattr(work, "_undo", lambda journal: None)
            with pytest.raises(ZeroDivisionError):
                work.commit()
    assert change.is_interrupted(project)
    edited = '{"dependencies": {"top": "1"}, "mine": true}'
    (project / "package.json").write_text(edited)
    add()
    assert "an interrupted run was undone" in report.notes
    assert json.loads((project / "package.json").read_text())["mine"] is True
    assert not (project / "new.json").exists()


def test_a_journal_that_cannot_be_read_is_told(two_states, project, add):
    folder = project / "node_modules/.napi"
    folder.mkdir()
    (folder / "journal.json").write_text("{")
    with pytest.raises(errors.ProjectError, match="remove node_modules"):
        add()


# === no room ===


@pytest.mark.parametrize("where", ["project", "cache"])
def test_no_room_while_unpacking(where, two_states, project, add, environment):
    """A write that fails in the middle, as on a full disk."""
    real = open

    class Full:
        def __init__(self, file):
            self.file = file

        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def __getattr__(self, name):
            return getattr(self.file, name)

        def __enter__(self):
            return self

        def __exit__(self, *details):
            self.file.close()

    if where == "project":
        environment.setattr(
            Path,
            "open",
            lambda self, mode="r", *more, **options: (
                Full(real(self, mode)) if mode == "xb" else real(self, mode, *more)
            ),
        )
    else:
        fdopen = os.fdopen
        environment.setattr(os, "fdopen", lambda *a, **k: Full(fdopen(*a, **k)))
    with pytest.raises(OSError, match="No space left") as info:
        add("top@2")
    environment.undo()
    assert info.value.errno == errno.ENOSPC
    assert snapshot(project) == two_states


def test_a_folder_that_may_not_be_written(registry, add, project):
    registry.publish("plain")
    (project / "node_modules").write_text("a file")
    before = snapshot(project)
    with pytest.raises(OSError, match="node_modules"):
        add("plain")
    assert snapshot(project) == before


def test_ctrl_c_leaves_the_old_state(two_states, project, registry):
    registry.script["/inner/-/inner-2.0.0.tgz"] = ["silent"]
    registry.first.clear()
    process = subprocess.Popen(
        [sys.executable, "-m", "napi", "add", "top@2"],
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs the tests in the background may have it ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while "/inner/-/inner-2.0.0.tgz" not in registry.paths():
        assert registry.first.wait(30)
        registry.first.clear()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=15)[1]
    assert process.returncode == 130
    assert "Traceback" not in said
    assert snapshot(project) == two_states


# === several at once ===


def test_several_at_once_take_turns(registry, project):
    names = [f"p{number}" for number in range(6)]
    for name in names:
        registry.publish(name, dependencies={"shared": "^1"})
    registry.publish("shared")
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "napi", "add", name],
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    said = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(names)
    assert "Traceback" not in "".join(said)
    state = snapshot(project)
    assert is_whole(state)
    manifest = json.loads(state["package.json"][1])
    assert sorted(manifest["dependencies"]) == names
    assert not [path for path in state if ".napi" in path]


def test_who_waits_is_told_for_whom(registry, project, add, report):
    registry.publish("plain")
    told = threading.Event()
    note = report.note

    def tell(text):
        note(text)
        told.set()

    report.note = tell
    with change.locked(project):
        thread = threading.Thread(target=add, args=("plain",))
        thread.start()
        assert told.wait(30)
    thread.join(30)
    assert f"(process {os.getpid()}): waiting" in report.notes[0]
    assert (project / "node_modules/plain").is_dir()


def test_never_two_at_once_though_each_sweeps_the_lock_away(project):
    inside, most = [], []

    def work():
        for _ in range(25):
            with change.locked(project):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [1] * 200
    assert not (project / "node_modules").exists()
