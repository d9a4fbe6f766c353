"""The summary of a campaign as one HTML page, which needs nothing from elsewhere."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from napi.testing.fuzz.shape import title
from napi.testing.fuzz.total import Total

__all__ = ["write"]

_STYLE = """\
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em;
  padding: 0 1em; color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1em 0; }
th, td { text-align: left; padding: .2em .8em .2em 0; vertical-align: top; }
th { border-bottom: 1px solid #999; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.none { color: #b00; } .kind { font-weight: 600; color: #b00; }
pre { background: #f4f4f4; padding: .8em; overflow-x: auto; }
svg { background: #fafafa; border: 1px solid #ddd; margin-right: 1em; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #1a1a1a; } pre, svg { background: #262626; }
  .none, .kind { color: #ff8080; }
}
"""
_WIDTH, _HEIGHT = 260, 90
_CHARTS = ((1, "cases"), (2, "corpus"), (3, "features"), (4, "findings"))


def _chart(history: list[list[float]], column: int, name: str) -> str:
    """One number over time, as a line."""
    last = history[-1][0] or 1
    top = max(line[column] for line in history) or 1
    points = " ".join(
        f"{line[0] / last * _WIDTH:.1f},"
        f"{_HEIGHT - line[column] / top * (_HEIGHT - 8):.1f}"
        for line in history
    )
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT + 20}" role="img" '
        f'aria-label="{name} over time">'
        f'<polyline points="{points}" fill="none" stroke="#2a6fdb" stroke-width="2"/>'
        f'<text x="6" y="{_HEIGHT + 14}" fill="currentColor" font-size="12">{name}: '
        f"{history[-1][column]:.0f} after {last:.0f} s</text></svg>"
    )


def _finding(one: dict[str, Any], out: Path) -> str:
    folder = out / "findings" / one["name"]
    try:
        script = (folder / "reproduce.py").read_text("utf-8", "replace")
    except OSError:
        script = ""
    frames = "\n".join(one["frames"][:12])
    again = "" if one["reproduced"] else " (not seen again)"
    return (
        f'<h3><span class="kind">{escape(one["kind"])}</span> '
        f"{escape(one['summary'])}{again}</h3>"
        + (
            f"<p>The same calls under Node: {escape(one['node'])}.</p>"
            * bool(one["node"])
        )
        + f'<p><a href="findings/{escape(one["name"])}/">{escape(one["name"])}</a></p>'
        f"<pre>{escape(script)}</pre>"
        + (
            f"<details><summary>stack</summary><pre>{escape(frames)}</pre></details>"
            if frames
            else ""
        )
    )


def _outcome(total: Total, name: str) -> dict[str, int]:
    """What a call of an export became, however the call was written."""
    merged: dict[str, int] = {}
    for wanted in (name, f"new {name}"):
        for what, count in total.outcomes.get(wanted, {}).items():
            merged[what] = merged.get(what, 0) + count
    return merged


def _exports(total: Total) -> str:
    rows = []
    for entry in total.shape:
        name = title(entry)
        merged = _outcome(total, name)
        good = merged.pop("done", 0) + merged.pop("settled", 0)
        thrown = merged.pop("thrown", 0)
        other = ", ".join(f"{what} {count}" for what, count in merged.items())
        mark = "" if good else ' class="none"'
        rows.append(
            f"<tr><td{mark}>{escape(name)}</td><td>{entry['kind']}</td>"
            f'<td class="number">{good}</td><td class="number">{thrown}</td>'
            f"<td>{escape(other)}</td></tr>"
        )
    return (
        "<table><tr><th>export</th><th>is a</th><th>came back</th><th>threw</th>"
        f"<th>other</th></tr>{''.join(rows)}</table>"
    )


def _functions(total: Total) -> str:
    if not total.functions:
        return ""
    rows = [
        f"<tr><td>{escape(name)}</td><td>"
        + ", ".join(f"{status}: {count}" for status, count in sorted(one.items()))
        + "</td></tr>"
        for name, one in sorted(total.functions.items())
    ]
    return (
        f"<h2>Node-API: {len(rows)} functions</h2><table><tr><th>function</th>"
        f"<th>status: calls</th></tr>{''.join(rows)}</table>"
    )


def write(path: Path, total: Total, config: dict[str, Any], out: Path) -> None:
    """Writes the page.

    Args:
        path: Where to.
        total: What was done.
        config: Of the campaign.
        out: The folder of the campaign, with its findings.
    """
    name = escape(Path(config["target"]).name)
    reached = sum(
        bool({"done", "settled"} & set(_outcome(total, title(entry))))
        for entry in total.shape
    )
    facts = [
        f"{total.cases} cases, {total.calls} calls, {total.children} processes",
        f"{reached} of {len(total.shape)} exports came back at least once",
        f"{total.corpus} cases in the corpus",
    ]
    if total.edges:
        facts.append(f"{len(total.edges)} edges of the addon's code")
    charts = "".join(_chart(total.history, *one) for one in _CHARTS if total.history)
    findings = "".join(_finding(one, out) for one in total.findings)
    listed = "".join(f"<li>{fact}</li>" for fact in facts)
    path.write_text(
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
        f"<title>napi fuzz: {name}</title><style>{_STYLE}</style>"
        f"<h1>{name}</h1><ul>{listed}</ul><p>{charts}</p>"
        f"<h2>Findings: {len(total.findings)}</h2>{findings or '<p>None.</p>'}"
        f"<h2>Exports</h2>{_exports(total)}{_functions(total)}</html>\n",
        "utf-8",
        "backslashreplace",
    )
