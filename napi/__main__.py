"""``python -m napi``: the command line."""

import sys

from napi.cli import main

if __name__ == "__main__":
    sys.exit(main())
