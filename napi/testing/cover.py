"""Which statuses of which functions of Node-API a test run has seen.

A line of an addon that was run says little: what if the call in it had failed? The
strict build counts the answers of each function, and this shows them.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from napi.testing.fault import statuses, watch

__all__ = ["Coverage", "coverage"]

Counts = dict[tuple[str, int], int]


def coverage(*, clear: bool = False) -> Coverage:
    """What addons have seen in this process until now.

    Args:
        clear: Begin to count anew.

    Raises:
        RuntimeError: The strict build is not in use.
    """
    return Coverage(watch("napi.testing.coverage").watch_coverage(clear))


class Coverage:
    """How often which function answered which status.

    Attributes:
        counts: By the function's name and the number of the status.
    """

    def __init__(self, counts: Counts | None = None) -> None:
        self.counts: Counts = dict(counts or {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Coverage) and self.counts == other.counts

    __hash__ = None  # type: ignore[assignment]

    def __add__(self, other: Coverage) -> Coverage:
        total = Coverage(self.counts)
        for key, count in other.counts.items():
            total.counts[key] = total.counts.get(key, 0) + count
        return total

    def __sub__(self, other: Coverage) -> Coverage:
        left = {key: n - other.counts.get(key, 0) for key, n in self.counts.items()}
        return Coverage({key: count for key, count in left.items() if count > 0})

    @property
    def used(self) -> list[str]:
        """The functions that were called."""
        return sorted({name for name, _ in self.counts})

    @property
    def never_called(self) -> list[str]:
        """The functions that were not."""
        return sorted(_names() - set(self.used))

    @property
    def never_failed(self) -> list[str]:
        """The functions that were called and always answered ``napi_ok``."""
        failed = {name for name, status in self.counts if status}
        return [name for name in self.used if name not in failed]

    def rows(self) -> Iterable[tuple[str, dict[str, int]]]:
        """Each function that was called, with its statuses by name."""
        names = list(statuses())
        for function in self.used:
            yield (
                function,
                {
                    names[status] if status < len(names) else str(status): count
                    for (name, status), count in sorted(self.counts.items())
                    if name == function
                },
            )

    def text(self) -> str:
        """A table for a terminal."""
        rows = list(self.rows())
        width = max([len(name) for name, _ in rows], default=0)
        lines = []
        for name, seen in rows:
            shown = "  ".join(
                f"{status.removeprefix('napi_')} {count}"
                for status, count in seen.items()
            )
            lines.append(f"{name:{width}}  {shown}")
        total = len(_names())
        lines.append(f"{len(rows)} of {total} functions were called")
        if self.never_failed:
            lines.append(f"{len(self.never_failed)} of them were never seen to fail:")
            lines += [f"  {name}" for name in self.never_failed]
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        """What is saved as JSON: function, status by name, count."""
        return {"version": 1, "functions": dict(self.rows())}

    def save(self, path: str | Path) -> None:
        """Writes JSON, or a page where the name ends in ``.html``; text in ``.txt``.

        Raises:
            OSError: The file cannot be written.
        """
        path = Path(path)
        if path.suffix in (".html", ".htm"):
            text = self.html()
        elif path.suffix == ".txt":
            text = self.text() + "\n"
        else:
            text = json.dumps(self.data(), indent=1) + "\n"
        path.write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Coverage:
        """Reads what ``save`` wrote as JSON.

        Raises:
            OSError: The file cannot be read.
            ValueError: It is something else.
        """
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        numbers = statuses()
        try:
            return cls(
                {
                    (name, numbers.get(status) or int(numbers.get(status, status))): n
                    for name, seen in data["functions"].items()
                    for status, n in seen.items()
                }
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} is no coverage of napi") from error

    def html(self) -> str:
        """A page that needs nothing else: a matrix of functions and statuses."""
        seen = sorted({status for _, status in self.counts} | {0})
        names = list(statuses())
        heads = "".join(
            f"<th>{html.escape(names[s].removeprefix('napi_'))}</th>" for s in seen
        )
        body = []
        never = set(self.never_failed)
        for name in sorted(_names()):
            counts = [self.counts.get((name, status), 0) for status in seen]
            cells = "".join(
                f"<td class={'o' if not status else 'e'}>{count}</td>"
                if count
                else "<td></td>"
                for status, count in zip(seen, counts, strict=True)
            )
            kind = "none" if not any(counts) else "half" if name in never else "full"
            body.append(f"<tr class={kind}><th>{html.escape(name)}</th>{cells}</tr>")
        used, total = len(self.used), len(_names())
        return _PAGE.format(
            used=used,
            total=total,
            failed=used - len(never),
            heads=heads,
            body="\n".join(body),
        )


def _names() -> set[str]:
    from napi.testing.abi import functions

    # The others answer nothing.
    return {name for name, one in functions().items() if one.result == "napi_status"}


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Coverage of Node-API</title>
<style>
body {{ font: 14px/1.4 system-ui, sans-serif; margin: 2em; color: #222 }}
table {{ border-collapse: collapse }}
th, td {{ padding: 1px 8px; text-align: right }}
th:first-child {{ text-align: left; font: 13px monospace }}
thead th {{ position: sticky; top: 0; background: #fff; font-weight: 600 }}
tr.none {{ color: #aaa }}
tr.half th {{ color: #b60 }}
td.o {{ background: #e3f4e3 }}
td.e {{ background: #fbe5c8 }}
</style>
<h1>Coverage of Node-API</h1>
<p>{used} of {total} functions were called; {failed} of them were also seen to
fail. Orange: called, and never seen to fail.</p>
<table><thead><tr><th>function</th>{heads}</tr></thead><tbody>
{body}
</tbody></table>
</html>
"""
