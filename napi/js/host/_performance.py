"""``performance``: the clock, marks, measures and the timings of resources.

Source: W3C High Resolution Time, Performance Timeline, User Timing and Resource
Timing; Node's manual, chapter Performance measurement APIs.
"""

from __future__ import annotations

from typing import Any

from napi._native import shim
from napi.js.host._errors import invalid_type, node_error
from napi.js.host._kit import function, is_object, make
from napi.js.host._web_kit import bare, interface, need, read
from napi.runtime.builtin import builtin, getter, hidden, sized
from napi.runtime.clock import ORIGIN, now

__all__ = ["Entry", "Mark", "Measure", "Performance", "Resource", "make_performance"]


class _State:
    """An entry of the timeline."""

    def __init__(
        self, name: str, kind: str, start: float, duration: float, detail: Any
    ) -> None:
        self.js: Any = None
        self.name, self.kind = name, kind
        self.start, self.duration, self.detail = start, duration, detail
        self.resource: dict[str, Any] = {}


def _fields(state: _State) -> Any:
    made = make(name=state.name, entryType=state.kind)
    shim.set(made, "startTime", state.start)
    shim.set(made, "duration", state.duration)
    for name, value in state.resource.items():
        shim.set(made, name, value)
    return made


def _with_detail(state: _State) -> Any:
    made = _fields(state)
    shim.set(made, "detail", state.detail)
    return made


class _Entry:
    @getter
    def name(this: Any) -> str:
        return str(need(this, Entry).name)

    @getter
    def entryType(this: Any) -> str:
        return str(need(this, Entry).kind)

    @getter
    def startTime(this: Any) -> float:
        return need(this, Entry).start

    @getter
    def duration(this: Any) -> float:
        return need(this, Entry).duration

    def toJSON(this: Any) -> Any:
        return _fields(need(this, Entry))


class _Detailed:
    @getter
    def detail(this: Any) -> Any:
        return need(this, Entry).detail


def _detailed_json(this: Any) -> Any:
    return _with_detail(need(this, Entry))


def _cloned(options: Any) -> Any:
    from napi.runtime.clone import structured_clone

    found = read(options, "detail")
    return shim.null if found is None else structured_clone(found)


def _new_mark(name: Any, options: Any) -> _State:
    given = options if is_object(options) else None
    start = read(given, "startTime")
    if start is None:
        start = now()
    elif shim.typeof(start) != "number":
        raise invalid_type("startTime", "number", start)
    elif start < 0:
        text = f"{shim.to_string(start)} is not a valid timestamp"
        raise node_error("TypeError", "ERR_PERFORMANCE_INVALID_TIMESTAMP", text)
    return _State(str(shim.to_string(name)), "mark", start, 0, _cloned(given))


def _init_mark(this: Any, *given: Any) -> None:
    if not given:
        text = 'The "name" argument must be specified'
        raise node_error("TypeError", "ERR_MISSING_ARGS", text)
    this.__state__ = _new_mark(given[0], given[1] if len(given) > 1 else None)
    this.__state__.js = this


# What of a resource comes from its timing info: name of ours -> name of theirs.
_TIMES = {
    "workerStart": "finalServiceWorkerStartTime",
    "redirectStart": "redirectStartTime",
    "redirectEnd": "redirectEndTime",
    "fetchStart": "postRedirectStartTime",
    "requestStart": "finalNetworkRequestStartTime",
    "responseStart": "finalNetworkResponseStartTime",
    "responseEnd": "endTime",
    "encodedBodySize": "encodedBodySize",
    "decodedBodySize": "decodedBodySize",
}
_CONNECTION = {
    "domainLookupStart": "domainLookupStartTime",
    "domainLookupEnd": "domainLookupEndTime",
    "connectStart": "connectionStartTime",
    "connectEnd": "connectionEndTime",
    "secureConnectionStart": "secureConnectionStartTime",
    "nextHopProtocol": "ALPNNegotiatedProtocol",
}
_ORDER = [
    "initiatorType",
    "nextHopProtocol",
    "workerStart",
    "redirectStart",
    "redirectEnd",
    "fetchStart",
    "domainLookupStart",
    "domainLookupEnd",
    "connectStart",
    "connectEnd",
    "secureConnectionStart",
    "requestStart",
    "responseStart",
    "responseEnd",
    "transferSize",
    "encodedBodySize",
    "decodedBodySize",
    "deliveryType",
    "responseStatus",
]


def _resource(given: tuple[Any, ...]) -> _State:
    whole = [*given] + [None] * 8
    info, url, initiator, _, cache, _, status, kind = whole[:8]
    start = read(info, "startTime")
    end = read(info, "endTime")
    state = _State(str(shim.to_string(url)), "resource", start, end - start, None)
    found = {name: read(info, source) for name, source in _TIMES.items()}
    connection = read(info, "finalConnectionTimingInfo")
    for name, source in _CONNECTION.items():
        found[name] = read(connection if is_object(connection) else None, source)
    size = found["encodedBodySize"] or 0
    found["transferSize"] = 0 if cache == "local" else size + 300
    found["initiatorType"], found["responseStatus"] = initiator, status
    found["deliveryType"] = "" if kind is None else kind
    state.resource = {name: found[name] for name in _ORDER}
    return state


def _resource_members() -> type:
    def reader(name: str) -> Any:
        def get(this: Any) -> Any:
            return need(this, Resource).resource[name]

        get.__name__ = name
        return getter(get)

    def toJSON(this: Any) -> Any:
        return _fields(need(this, Resource))

    found: dict[str, Any] = {name: reader(name) for name in _ORDER}
    return type("members", (), {**found, "toJSON": toJSON})


Entry: Any = interface("PerformanceEntry", _Entry, shown=_fields)
Mark: Any = interface(
    "PerformanceMark", _Detailed, _init_mark, parent=Entry, shown=_with_detail, length=1
)
Measure: Any = interface(
    "PerformanceMeasure", _Detailed, parent=Entry, shown=_with_detail
)
for _cls in (Mark, Measure):
    hidden(_cls.prototype, "toJSON", builtin(_detailed_json, "toJSON"))
Resource: Any = interface(
    "PerformanceResourceTiming", _resource_members(), parent=Entry, shown=_fields
)


class _Timeline:
    def __init__(self) -> None:
        self.js: Any = None
        self.entries: list[_State] = []

    def add(self, state: _State, cls: Any) -> Any:
        """Keeps an entry; returns its object."""
        self.entries.append(state)
        return state.js if state.js is not None else bare(cls, state)

    def clear(self, kind: str, name: Any) -> None:
        """Forgets entries of a kind; undefined: of every name."""
        text = None if name is None else str(shim.to_string(name))
        self.entries = [
            one
            for one in self.entries
            if one.kind != kind or (text is not None and one.name != text)
        ]

    def listed(self, kind: Any = None, name: Any = None) -> Any:
        """Entries, the earliest first."""
        found = [
            one
            for one in sorted(self.entries, key=lambda one: one.start)
            if kind in (None, one.kind) and name in (None, one.name)
        ]
        return shim.Array([one.js for one in found])

    def moment(self, value: Any) -> float:
        """The time of a mark or a number.

        Raises:
            napi.Error: There is no such mark.
        """
        if shim.typeof(value) == "number":
            return value
        name = str(shim.to_string(value))
        for one in reversed(self.entries):
            if one.kind == "mark" and one.name == name:
                return one.start
        from napi.runtime.domexception import DOMException

        text = f'The "{name}" performance mark has not been set'
        raise shim.construct(DOMException, text, "SyntaxError")

    def measure(self, name: Any, first: Any, second: Any) -> _State:
        """A new measure."""
        given = first if is_object(first) else None
        ends = read(given, "end") if given is not None else second
        begins = read(given, "start") if given is not None else first
        length = read(given, "duration")
        end = now() if ends is None else self.moment(ends)
        start = 0 if begins is None else self.moment(begins)
        if length is not None and ends is None:
            end = start + length
        elif length is not None and begins is None:
            start = end - length
        detail, title = _cloned(given), str(shim.to_string(name))
        return _State(title, "measure", start, end - start, detail)


class _Performance:
    @sized(0)
    def clearMarks(this: Any, name: Any = None) -> None:
        need(this, Performance).clear("mark", name)

    @sized(0)
    def clearMeasures(this: Any, name: Any = None) -> None:
        need(this, Performance).clear("measure", name)

    @sized(0)
    def clearResourceTimings(this: Any, name: Any = None) -> None:
        need(this, Performance).clear("resource", name)

    def getEntries(this: Any) -> Any:
        return need(this, Performance).listed()

    def getEntriesByName(this: Any, name: Any, type: Any = None) -> Any:
        return need(this, Performance).listed(type, str(shim.to_string(name)))

    def getEntriesByType(this: Any, type: Any) -> Any:
        return need(this, Performance).listed(str(shim.to_string(type)))

    def mark(this: Any, name: Any, options: Any = None) -> Any:
        return need(this, Performance).add(_new_mark(name, options), Mark)

    @sized(1)
    def measure(this: Any, name: Any, start: Any = None, end: Any = None) -> Any:
        timeline = need(this, Performance)
        return timeline.add(timeline.measure(name, start, end), Measure)

    def now(this: Any) -> float:
        return now()

    def setResourceTimingBufferSize(this: Any, size: Any) -> None:
        need(this, Performance)

    @getter
    def timeOrigin(this: Any) -> float:
        return ORIGIN

    def toJSON(this: Any) -> Any:
        need(this, Performance)
        return make(timeOrigin=ORIGIN, eventLoopUtilization=_utilization())


class _Node:
    """What Node adds; undici calls ``markResourceTiming`` without ``this``."""

    def eventLoopUtilization(this: Any) -> Any:
        return _utilization()

    @sized(7)
    def markResourceTiming(this: Any, *given: Any) -> Any:
        timeline = _made[0].__state__
        return timeline.add(_resource(given), Resource)

    def timerify(this: Any, fn: Any, options: Any = None) -> Any:
        if not callable(fn):
            raise invalid_type("fn", "function", fn)

        def timed(this: Any, *arguments: Any) -> Any:
            return shim.call(fn, this, *arguments)

        return function(timed, f"timerified {shim.get(fn, 'name')}", this=True)


def _utilization() -> Any:
    return make(idle=0, active=0, utilization=0)


def _shown(timeline: _Timeline) -> Any:
    return make(timeOrigin=ORIGIN)


Performance: Any = interface("Performance", _Performance, shown=_shown)
_made: list[Any] = []


def make_performance() -> Any:
    """The object of globalThis."""
    if not _made:
        from napi.runtime.builtin import install

        install(Performance.prototype, _Node, listed=True)
        made = bare(Performance, _Timeline())
        _made.append(made)
    return _made[0]
