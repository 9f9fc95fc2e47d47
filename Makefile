# The only doors. `make run` needs Python 3.11 or later and nothing else.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PORT ?=
ZONE ?=
ARGS ?=

.PHONY: run test check bench e2e lock python
.DEFAULT_GOAL := run

python:
	@test -n "$(PYTHON)" || { echo "Il faut Python 3.11 ou plus récent, et aucun n’a été trouvé : installez-le (Debian, Ubuntu : apt install python3 python3-venv)." >&2; exit 1; }

## run: installs what is missing, then starts everything; PORT=8443 ZONE=internet ARGS=--no-demo
run: python
	@$(PYTHON) tools/bootstrap.py
	@exec .venv/bin/nomade run $(if $(PORT),--port $(PORT)) $(if $(ZONE),--zone $(ZONE)) $(ARGS)

## test: the whole suite, unit, integration and browser
test: python
	@$(PYTHON) tools/bootstrap.py --tests
	@exec .venv/bin/python tools/test.py

## check: linters, types, layers, dependencies
check: python
	@$(PYTHON) tools/bootstrap.py --tests
	@exec .venv/bin/python tools/check.py

## e2e: the browser tests alone
e2e: python
	@$(PYTHON) tools/bootstrap.py --tests
	@exec .venv/bin/python tools/test.py --browser-only $(ARGS)

## bench: the tables of docs/benchmarks.md
bench: python
	@$(PYTHON) tools/bootstrap.py --tests
	@exec .venv/bin/python -m tests.load $(ARGS)

## lock: requirements/*.in become requirements/*.txt, with hashes and no address
lock: python
	@$(PYTHON) tools/bootstrap.py --tests
	@exec .venv/bin/python tools/lock.py
