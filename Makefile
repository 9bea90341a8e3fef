# Every command of the project. `make` alone lists them; a fresh Debian machine with Python needs no other preparation.

.DEFAULT_GOAL := help
.ONESHELL:
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
MAKEFLAGS += --no-print-directory
FORCE:
.PHONY: help install lock demo bench test chaos chromium generators fuzz lint format translations clean FORCE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where uv goes when the machine has none: a virtual environment of its own, because Debian's pip refuses to touch the
# system and uv would remove itself from the environment that it brings in line with the locked requirements.
UV_HOME := .uv
GENERATORS := .generators
CLIENTS := tests/generated_clients

# uv does not read pip's variables; whoever has set them means both.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif
export UV_PYTHON_DOWNLOADS := never

FUZZ_MINUTES ?= 20

# Two at least, so that tests which disturb each other are found; eight at most, because each has a database. One more than
# there are cores, because many tests wait: for time that passes, for a service that starts.
WORKERS ?= $(shell cores=$$(nproc 2>/dev/null || echo 2); cores=$$((cores + 1)); [ $$cores -gt 8 ] && cores=8; echo $$cores)

define install_debian_package
install_debian_package() {
	command -v apt-get >/dev/null 2>&1 || return 1
	if [ "$$(id -u)" = 0 ]; then become_root=
	elif sudo -n true 2>/dev/null; then become_root="sudo -n"
	else return 1; fi
	echo "Installing Debian's $$1 ..."
	$$become_root apt-get -qq update </dev/null >/dev/null &&
	$$become_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$$1" </dev/null >/dev/null
}
endef

define find_uv
find_uv() {
	if [ -x $(UV_HOME)/bin/uv ]; then echo $(UV_HOME)/bin/uv; return; fi
	if uv --version >/dev/null 2>&1; then echo uv; return; fi
	return 1
}
endef

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## put everything into .venv; does nothing when it is up to date

# The stamp holds the folder it was made for: the scripts of an environment that was moved do not run.
$(VENV)/.installed: requirements.txt requirements-dev.txt pyproject.toml \
		$(if $(filter $(CURDIR),$(shell test -x $(BIN)/antichambre && test -x $(BIN)/python && cat $(VENV)/.installed 2>/dev/null)),,FORCE)
	@$(install_debian_package)
	$(find_uv)
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
		echo "Python 3.11 or newer is needed: install it, and name it with make PYTHON=python3.x if it is not python3." >&2
		exit 1
	fi
	if ! uv=$$(find_uv); then
		if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && ! install_debian_package python3-venv; then
			echo "Python's venv is missing: run apt-get install python3-venv as root (or install uv), then this again." >&2
			exit 1
		fi
		echo "Getting uv ..."
		rm -rf $(UV_HOME)
		$(PYTHON) -m venv $(UV_HOME)
		$(UV_HOME)/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
		uv=$$(find_uv)
	fi
	$$uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV)
	export VIRTUAL_ENV="$(CURDIR)/$(VENV)"
	$$uv pip sync --quiet --require-hashes requirements-dev.txt
	# setuptools is among the locked requirements, so nothing unlocked is fetched to build with.
	$$uv pip install --quiet --no-deps --no-build-isolation --editable .
	printf '%s\n' "$(CURDIR)" >$@
	echo "Installed into $(VENV)."

lock: ## renew the locked requirements (versions and hashes; no index or host is named)
	@$(find_uv)
	uv=$$(find_uv) || { echo "uv is missing: run make install first." >&2; exit 1; }
	lock() { $$uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --fork-strategy fewest --no-emit-index-url --no-header "$$@"; }
	lock pyproject.toml -o requirements.txt
	lock pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	lock $(CLIENTS)/python/requirements.in -o $(CLIENTS)/python/requirements.txt
	echo "Renewed requirements.txt and requirements-dev.txt."

demo: install ## the main job with sample data: panel, simulator, a scripted day of calls
	@$(BIN)/antichambre demo

# What is compiled is kept, whatever the environment says: a hundred services are started. The tests run even when lint complains, and what they say comes last, since that is what CI reads: lint needs half a minute
# of one core, beside them. Either failing fails both.
test: install chromium generators ## lint, types, import contracts and every test, real browser included
	@$(MAKE) lint &
	lint=$$!
	status=0
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -W error -m pytest -n $(WORKERS) || status=$$?
	wait $$lint || status=$$?
	exit $$status

# The same tests as in `make test`, with minutes in place of seconds; the machine should have nothing else to do.
chaos: install ## break things for minutes while calls come in; CHAOS_TABLE=file.md keeps the figures
	@ANTICHAMBRE_CHAOS=long ANTICHAMBRE_CHAOS_TABLE="$(CHAOS_TABLE)" $(BIN)/python -W error -m pytest -n 0 -m chaos tests/chaos

# The same test as in `make test`, with minutes in place of seconds and every check; FUZZ_MINUTES=20 by default.
fuzz: install ## send the API what its description allows and what it forbids, for twenty minutes
	@ANTICHAMBRE_FUZZ_MINUTES="$(FUZZ_MINUTES)" $(BIN)/python -W error -m pytest -n 0 -s -m fuzz tests/fuzz

bench: install chromium ## measure everything, about ten minutes; renews docs/performance.md and its picture
	@$(BIN)/python -m benchmarks --write

# What generates clients from openapi.json, for the tests that do so: a Python environment of its own, because our versions
# and its are not the same, and npm's packages where Node is.
generators: $(GENERATORS)/.installed

$(GENERATORS)/.installed: install $(CLIENTS)/python/requirements.txt $(CLIENTS)/typescript/package-lock.json
	@$(find_uv)
	uv=$$(find_uv)
	if [ ! -d $(CLIENTS)/typescript/node_modules ] || [ ! $@ -nt $(CLIENTS)/python/requirements.txt ] || [ ! $@ -nt $(CLIENTS)/typescript/package-lock.json ]; then
		$$uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(GENERATORS)
		VIRTUAL_ENV="$(CURDIR)/$(GENERATORS)" $$uv pip sync --quiet --require-hashes $(CLIENTS)/python/requirements.txt
		if command -v npm >/dev/null 2>&1; then
			(cd $(CLIENTS)/typescript && npm ci --silent --no-audit --no-fund --ignore-scripts)
		fi
		touch $@
	fi

chromium:
	@$(install_debian_package)
	for name in chromium chromium-browser google-chrome google-chrome-stable; do
		if command -v $$name >/dev/null 2>&1; then exit 0; fi
	done
	if ! install_debian_package chromium; then
		echo "The browser tests need Chromium: run apt-get install chromium as root, then make test again." >&2
		exit 1
	fi

lint: install ## style, types and import contracts
	@$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-cache >$(VENV)/lint-imports.txt || { cat $(VENV)/lint-imports.txt; exit 1; }

format: install ## bring the code into the house style
	@$(BIN)/ruff check --quiet --fix || true
	$(BIN)/ruff format --quiet

translations: install ## bring app/words/translations/*.po in line with the code; says what is to be translated
	@$(BIN)/python -m app.words.translations

clean: ## remove .venv and everything that tools left behind
	@rm -rf $(VENV) $(UV_HOME) $(GENERATORS) $(CLIENTS)/typescript/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
