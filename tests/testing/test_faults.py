"""Calls that fail because a test wants it, and the search through all of them."""

import os
import time

import pytest

import napi
from napi import testing
from napi._native import is_strict
from napi.testing.exhaustive import Outcome
from napi.testing.fault import statuses

strict_only = pytest.mark.skipif(not is_strict(), reason="the release build has none")


@pytest.fixture(scope="module")
def sample(addon):
    return addon("watch")


def kinds(report):
    return {one.function: one.kind for one in report.findings}


@pytest.mark.skipif(is_strict(), reason="the strict build has faults")
@pytest.mark.parametrize(
    "use",
    [
        lambda: testing.faults().__enter__(),
        lambda: testing.memory_faults().__enter__(),
        lambda: testing.shuffled(1).__enter__(),
        lambda: testing.shutdown().__enter__(),
        lambda: testing.exhaust(lambda: None),
    ],
)
def test_release_build_says_what_is_needed(use):
    with pytest.raises(RuntimeError, match="NAPI_STRICT=1"):
        use()


def test_statuses_are_those_of_the_header():
    assert len(statuses()) == 24
    assert statuses()["napi_ok"] == 0
    assert statuses()["napi_cannot_run_js"] == 23


@strict_only
@pytest.mark.parametrize("status", ["napi_closing", "closing", 16])
def test_status_has_a_name_or_a_number(sample, status):
    with (
        testing.faults("napi_create_object", status=status) as fault,
        pytest.raises(napi.Error, match="status 16"),
    ):
        sample.greet("you")
    assert fault.seen == 1
    assert sample.greet("you").length == 3


@strict_only
@pytest.mark.parametrize(
    "options",
    [
        {"status": "napi_ok"},
        {"status": "napi_none"},
        {"status": 77},
        {"nth": 0},
        {"names": "napi_none"},
    ],
)
def test_impossible_fault_is_refused(options):
    with pytest.raises(ValueError), testing.faults(**options):  # noqa: PT011
        pass


@strict_only
@pytest.mark.parametrize(("nth", "works"), [(1, 0), (2, 1), (4, 3)])
def test_fault_onward_lasts(sample, nth, works):
    done = 0
    with testing.faults("napi_create_object", nth=nth, onward=True):
        for _ in range(6):
            try:
                sample.greet("you")
                done += 1
            except napi.Error:
                pass
    assert done == works


@strict_only
def test_pending_exception_is_one(sample):
    with (
        testing.faults("napi_set_named_property", nth=2, status="pending_exception"),
        pytest.raises(napi.Error, match="injected"),
    ):
        sample.greet("you")


@strict_only
def test_faults_nest(sample):
    with (
        testing.faults("napi_create_object"),
        testing.faults("napi_create_double"),
    ):
        for call in ("napi_create_object", "napi_create_double"):
            with pytest.raises(napi.Error, match=call):
                sample.greet("you")
        assert sample.greet("you").length == 3


@strict_only
def test_host_without_external_buffers(sample):
    assert bytes(sample.buffer(3)) == b"\7\7\7"
    with testing.no_external_buffers() as fault:
        assert bytes(sample.buffer(3)) == b"\7\7\7"
        assert bytes(sample.buffer(4)) == b"\7\7\7\7"
    assert fault.seen == 2


@strict_only
def test_queue_is_full(addon):
    module = addon("threadsafe", fresh=True)
    module.create(lambda *_: None, 0, 1)
    with testing.queue_full(nth=3) as fault:
        assert module.push(2) == 0
        assert module.push(2) == statuses()["napi_queue_full"]
    assert fault.seen == 3
    assert module.push(2) == 0
    module.release()
    napi.run()


@strict_only
def test_memory_is_refused_inside_of_calls_only(sample):
    failed = 0
    for nth in range(1, 100):
        with testing.memory_faults(nth):
            assert len([object() for _ in range(1000)]) == 1000
            try:
                sample.greet("you")
                break
            except MemoryError:
                failed += 1
    assert failed > 1
    assert sample.greet("you").text == "hello, you"


@strict_only
def test_memory_is_refused_onward(sample):
    with testing.memory_faults(1, onward=True):
        for _ in range(3):
            with pytest.raises(MemoryError):
                sample.greet("you")
    assert sample.greet("you").length == 3


@strict_only
@pytest.mark.parametrize("nth", [1, 2])
def test_shutdown_in_the_middle(sample, nth):
    with testing.shutdown(nth):
        # As in a teardown: what it wants to throw cannot be thrown either.
        assert sample.greet("you") is None
    assert sample.greet("you").length == 3


def order(sample, seed):
    out = []
    with testing.shuffled(seed):
        for number in range(8):
            sample.twice(number, lambda value, status: out.append((value, status)))
        napi.run()
    assert sorted(out) == [(2 * number, 0) for number in range(8)]
    return out


@strict_only
def test_completions_are_in_the_order_of_the_seed(sample):
    orders = [order(sample, seed) for seed in (1, 1, 2, 3, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert orders[2] == orders[4]
    assert len({tuple(one) for one in orders}) == 3


# What exhaust finds in the fixture's functions, which are planted bugs.


@strict_only
@pytest.mark.parametrize("memory", [False, True])
def test_addon_that_checks_has_no_findings(sample, memory):
    report = testing.exhaust(lambda: sample.greet("you"), memory=memory)
    assert len(report.calls) == 7
    assert {one.kind for one in report.outcomes} == {"raised"}
    assert len(report.outcomes) >= 2
    report.check()


@strict_only
def test_leak_on_the_way_out_is_found(sample):
    report = testing.exhaust(lambda: sample.leak({}))
    assert kinds(report) == {"napi_get_reference_value": "leak"}
    assert "1 strong reference made" in report.findings[0].detail
    assert "napi_create_reference" in report.findings[0].detail
    with pytest.raises(AssertionError, match=r"napi_get_reference_value .*: leak"):
        report.check()


@strict_only
def test_crash_is_found(sample):
    report = testing.exhaust(lambda: sample.crash(b"abc"))
    assert kinds(report)["napi_get_buffer_info"] == "crash"
    assert "SIGSEGV" in report.findings[0].detail


@strict_only
def test_lost_error_is_found(sample):
    report = testing.exhaust(lambda: sample.lose(5), status="napi_generic_failure")
    assert kinds(report) == {"napi_set_named_property": "lost"}
    assert report.findings[0].detail == "the result is {}, not {'value': 5}"


@strict_only
def test_recovery_is_no_finding(sample):
    report = testing.exhaust(lambda: sample.buffer(5))
    recovered = [one for one in report.outcomes if one.kind == "recovered"]
    assert [one.function for one in recovered] == ["napi_create_external_buffer"]
    report.check()


@strict_only
def test_result_that_varies_is_no_finding(sample):
    def work():
        return time.time_ns(), sample.lose(5)

    report = testing.exhaust(work, status="napi_generic_failure")
    varied = [one for one in report.outcomes if one.kind == "recovered"]
    assert [one.function for one in varied] == ["napi_set_named_property"]
    assert varied[0].detail == "the results vary"


@strict_only
def test_asynchronous_part_is_searched_too(sample):
    def twice():
        out = []
        sample.twice(3, lambda *arguments: out.append(arguments))
        napi.run()
        return out

    found = kinds(testing.exhaust(twice))
    assert found["napi_queue_async_work"] == "leak"
    assert found["napi_get_reference_value"] == "misuse"


@strict_only
def test_hang_is_found(sample):
    def wait():
        try:
            sample.greet("you")
        except napi.Error:
            os.read(os.pipe()[0], 1)

    report = testing.exhaust(wait, only=["napi_create_object"], seconds=3)
    assert [(one.kind, one.nth) for one in report.findings] == [("hang", 3)]


@strict_only
def test_functions_are_chosen(sample):
    report = testing.exhaust(lambda: sample.greet("x"), only=["napi_create_double"])
    assert [one.nth for one in report.outcomes] == [6]
    report = testing.exhaust(lambda: sample.greet("x"), skip=(), most=2)
    assert [one.nth for one in report.outcomes] == [1, 2]
    assert isinstance(report.outcomes[0], Outcome)


@strict_only
def test_test_that_misuses_by_itself_is_refused(addon):
    with pytest.raises(RuntimeError, match="without any fault"):
        testing.exhaust(lambda: os._exit(3))
