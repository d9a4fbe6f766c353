"""``napi add``: npm packages into a project, without Node."""

from __future__ import annotations

import argparse

EXAMPLES = """\
  napi add @node-rs/xxhash             the newest version
  napi add sharp@0.33 bcrypt@^5        versions in ranges
  napi add --dev prettier@next         a tag, for development only
  napi add crc@npm:@node-rs/crc32      under another name
  napi add                             all that package.json and the lock file ask for
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    from . import packages

    parser.add_argument(
        "packages",
        nargs="*",
        metavar="PACKAGE[@RANGE]",
        help="a package of the npm registry; without one, what package.json asks for",
    )
    packages.common(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "-P", "--prod", dest="kind", action="store_const", const="prod",
        help="write it to dependencies",
    )  # fmt: skip
    where.add_argument(
        "-D", "--dev", dest="kind", action="store_const", const="dev",
        help="write it to devDependencies",
    )  # fmt: skip
    where.add_argument(
        "-O", "--optional", dest="kind", action="store_const", const="optional",
        help="write it to optionalDependencies",
    )  # fmt: skip
    parser.add_argument(
        "-E", "--exact", action="store_true", help="write the version without ^"
    )


def run(options: argparse.Namespace) -> int:
    """Add the packages."""
    from . import packages

    def work(report: packages.Terminal) -> None:
        from .. import package

        result = package.add(
            *options.packages,
            project=options.directory,
            kind=options.kind or "",
            exact=options.exact,
            offline=options.offline,
            settings=packages.settings(options),
            report=report,
        )
        report.summary(result)

    return packages.guarded(options, work)
