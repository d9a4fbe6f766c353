"""``napi remove``: dependencies out of a project."""

from __future__ import annotations

import argparse

EXAMPLES = """\
  napi remove sharp                    and what only sharp needed
  napi remove -C service sharp bcrypt  in another folder
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    from . import packages

    parser.add_argument(
        "packages", nargs="+", metavar="PACKAGE", help="a name in package.json"
    )
    packages.common(parser)


def run(options: argparse.Namespace) -> int:
    """Remove the packages."""
    from . import packages

    def work(report: packages.Terminal) -> None:
        from .. import package

        result = package.remove(
            *options.packages,
            project=options.directory,
            offline=options.offline,
            settings=packages.settings(options),
            report=report,
        )
        report.summary(result)

    return packages.guarded(options, work)
