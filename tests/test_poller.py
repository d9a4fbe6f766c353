"""Descriptors and letters of other threads that turns of the loop wait for."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

import napi
from napi.runtime.poller import READ, WRITE, Watch, mailbox


def letter(box, found, value):
    """Sends what ends the wait for it."""

    def act():
        box.expect(-1)
        found.append((value, threading.get_ident()))

    box.send(act)


def test_letters_of_threads_are_opened_on_the_mailboxs_thread_in_order():
    found, box = [], mailbox()
    box.expect(3)

    def post():
        for value in range(3):
            letter(box, found, value)

    thread = threading.Thread(target=post)
    thread.start()
    assert napi.run(10)
    thread.join()
    assert found == [(value, threading.get_ident()) for value in range(3)]


def test_letters_are_opened_by_a_loop_of_asyncio():
    found = []

    async def main():
        box = mailbox()
        box.expect(1)
        threading.Thread(target=letter, args=(box, found, "x")).start()
        while not found:
            await asyncio.sleep(0.001)

    asyncio.run(asyncio.wait_for(main(), 10))
    assert found[0][0] == "x"


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_a_descriptor_is_waited_for_until_it_is_not(pipe):
    read, write = pipe
    found = []

    def ready(mask):
        found.append((mask, os.read(read, 1)))
        if len(found) == 2:
            watch.change(0)

    watch = Watch(read, ready)
    watch.change(READ)
    assert napi.run(0.01) is False  # it keeps the program going
    os.write(write, b"ab")
    assert napi.run(10)
    assert found == [(READ, b"a"), (READ, b"b")]


def test_what_is_not_referenced_ends_the_wait(pipe):
    watch = Watch(pipe[0], lambda mask: None)
    watch.refer(False)
    watch.change(READ)
    assert napi.run(10)
    watch.refer(True)
    assert napi.run(0.01) is False
    watch.change(0)
    assert napi.run(10)


def test_what_a_callback_raises_is_raised_by_the_pump_and_the_next_is_called(pipe):
    calls = []

    def ready(mask):
        calls.append(mask)
        if len(calls) == 1:
            raise ValueError("of the callback")
        watch.change(0)

    watch = Watch(pipe[1], ready)
    watch.change(WRITE)
    with pytest.raises(ValueError, match="of the callback"):
        napi.run(10)
    assert napi.run(10)
    assert calls == [WRITE, WRITE]


def test_a_child_process_has_a_selector_of_its_own():
    mailbox()
    child = os.fork()
    if child == 0:
        found, box = [], mailbox()
        box.expect(1)
        threading.Thread(target=letter, args=(box, found, 1)).start()
        os._exit(0 if napi.run(10) and found else 1)
    assert os.waitpid(child, 0)[1] == 0
    found, box = [], mailbox()
    box.expect(1)
    letter(box, found, 2)
    assert napi.run(10)
    assert found[0][0] == 2


def test_threads_give_their_descriptors_back():
    def act():
        found, box = [], mailbox()
        box.expect(1)
        letter(box, found, 1)
        assert napi.run(10)

    counts = []
    for _ in range(4):
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
        counts.append(len(list(Path("/proc/self/fd").iterdir())))
    # The wake-up of a thread's own loop stays for the next thread of that number.
    assert counts[-1] - counts[0] <= 3
