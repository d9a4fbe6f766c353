#!/usr/bin/env python3
"""Prints the packages of an extra in pyproject.toml, one a line, for pip.

python tools/requirements.py EXTRA

So the environment of a checkout needs no build of the package. Uses setuptools,
which reads TOML also under Python 3.10.
"""

import sys
import warnings

from setuptools.config.pyprojecttoml import read_configuration

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    project = read_configuration("pyproject.toml", expand=False)["project"]
    print("\n".join(project["optional-dependencies"][sys.argv[1]]))
