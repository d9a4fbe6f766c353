"""Runs `napi.package.add` in forks of one process, so that each starts at once.

A line of JSON on stdin is a job: {"add": [...], "how": "killed", "left": 3}. On stdout
come the child's process id, and in the end its wait status. With ``left`` the child is
``killed``, or has its ``disk full``, at that step of the change.
"""

import errno
import json
import os
import sys
from pathlib import Path

import napi.package
from napi.package import change, install

FULL = 78
STEPS = ["rename", "replace", "unlink", "mkdir"]


def end_at(left, how):
    """From the commit on, count each step on the disk; at the last one it is over."""

    def step(function):
        def call(*arguments, **options):
            nonlocal left
            if left == 0:
                if how == "killed":
                    os._exit(77)
                left = -1
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "somewhere")
            left -= 1
            return function(*arguments, **options)

        return call

    def commit(self, commit=change.Work.commit):
        for name in STEPS:
            setattr(Path, name, step(getattr(Path, name)))
        os.replace = step(os.replace)
        change._write = step(change._write)
        commit(self)

    change.Work.commit = commit


def run(job):
    """The child: never returns."""
    status = 1
    try:
        if "left" in job:
            end_at(job["left"], job["how"])
        napi.package.add(*job["add"])
        status = 0
    except OSError as error:
        status = FULL if error.errno == errno.ENOSPC else 1
    finally:
        os._exit(status)


if __name__ == "__main__":
    assert install
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            run(json.loads(line))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)
