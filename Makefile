# Radiology, Recomputed. `make book` and `make test` need Python >= 3.11, make and git, nothing else.

SHELL := bash
.SHELLFLAGS := -eo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# What a user may have set for other purposes and what would change what is installed or computed.
unexport MPLBACKEND PYTHONHOME PYTHONPATH PYTHONSTARTUP PYTHONWARNINGS VIRTUAL_ENV
unexport PIP_CONSTRAINT PIP_DRY_RUN PIP_EDITABLE PIP_NO_BINARY PIP_NO_DEPS PIP_ONLY_BINARY PIP_PRE
unexport PIP_PREFIX PIP_REQUIRE_VIRTUALENV PIP_REQUIREMENT PIP_ROOT PIP_TARGET PIP_UPGRADE PIP_USER
unexport REANALYSIS_DATA REANALYSIS_STRICT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONHASHSEED := 0

# Dates in the site are the commit's, so that two builds of one commit give the same bytes.
COMMIT_DATE := $(shell git --git-dir=.git log -1 --format=%ct 2>/dev/null || echo 1735689600)
export SOURCE_DATE_EPOCH := $(COMMIT_DATE)

# As many tests at a time as there are cores; those of a file stay together, with what they share.
AT_ONCE := --numprocesses=logical --dist=loadfile

BIN := .venv/bin
INSTALLED := .venv/installed
LOCKED := .venv/locked

.PHONY: help book zip test lab serve lint check lock clean

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

book: $(INSTALLED)  ## execute what is out of date and build the site into _build/html
	$(BIN)/python -m reanalysis.execute $(if $(SCHEDULER),--scheduler $(SCHEDULER))
	$(BIN)/python -m reanalysis.publish
	@echo 'The book is ready: open _build/html/index.html, or run "make serve".'

zip: book  ## pack the whole book for reading without a network, with its checksum
	$(BIN)/python -m reanalysis.publish --zip

test: $(INSTALLED)  ## run the tests that need no browser and no site
	$(BIN)/python -m pytest $(AT_ONCE) --ignore=tests/browser --ignore=tests/site

lab: $(INSTALLED)  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab notebooks

serve:  ## show _build/html at http://127.0.0.1:8000
	@test -f _build/html/index.html || { echo 'There is no site yet: run "make book" first.'; exit 1; }
	$(BIN)/python -m http.server 8000 --bind 127.0.0.1 --directory _build/html

lint: $(INSTALLED)  ## check style, and that no notebook carries outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	git ls-files -z '*.ipynb' | xargs -0 -r $(BIN)/nbstripout --keep-id --verify

check: lint book test $(INSTALLED)  ## everything that CI runs: lint, book, test, then the tests of the site
	$(BIN)/python -m pytest $(AT_ONCE) tests/site tests/browser

.PHONY: validate
validate: $(INSTALLED)  ## run the long simulation studies behind benchmarks/ (minutes; not in check)
	$(BIN)/python -m pytest tests/validate/validate_*.py $(if $(SCHEDULER),--scheduler $(SCHEDULER))

# Extras are kept: a requirement of one, such as jsonschema[…], is pinned for pip only by its own name.
lock: $(INSTALLED)  ## resolve requirements.lock anew from pyproject.toml (UPGRADE=--upgrade: newest)
	env -u UV_INDEX -u UV_FIND_LINKS $(BIN)/uv pip compile pyproject.toml --no-config --quiet \
	  --all-extras --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
	  $(UPGRADE) --output-file requirements.lock

clean:  ## remove what was built and the environment
	rm -rf _build .venv

# The environment: the locked versions, then this package. A stamp is written when a step has ended,
# so that an interrupted one is done again; the first stamp names the folder, because an environment
# cannot be moved.
ifneq ($(shell cat $(LOCKED) 2>/dev/null),$(CURDIR))
.PHONY: $(LOCKED)
endif

$(LOCKED): requirements.lock
	@for python in $${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	    2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$${found:-}" ]; then \
	  echo 'This needs Python 3.11 or later with its venv module (Debian: python3-venv). Tried:' \
	    "$${PYTHON:-python3.11 to python3.14, python3, python}." \
	    'Name one: make PYTHON=/path/to/python3.11 …' >&2; \
	  exit 1; \
	fi; \
	echo "Making .venv with $$($$found --version) and the versions of requirements.lock"; \
	$$found -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@echo '$(CURDIR)' > $@

$(INSTALLED): $(LOCKED) pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
