# Everything that is done to this project, as a few verbs. Needs Python 3.11 or later and make; the rest is installed into .venv.
.DEFAULT_GOAL := help
.PHONY: help demo test test-long bench torture fuzz lint format constraints clean

BIN   := .venv/bin
READY := .venv/ready
ARGS  ?=
# Which tests `make test` runs; several at a time, as many as there are processor cores.
TESTS   ?= not long
WORKERS ?= auto
# Each begins with files of its own, so that what the tests of a file share is made once, and helps another when it is done.
SHARED  := --dist worksteal
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Tests start many processes, and each would compile all of this anew where the environment says to keep no compiled modules.
export PYTHONDONTWRITEBYTECODE =

help: ## show the verbs
	@echo "make VERB, where VERB is one of:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1|\2/p' Makefile | while IFS='|' read -r verb does; do printf '%-14s%s\n' "$$verb" "$$does"; done

demo: $(READY) ## make a sample organisation, run it to today and show what happened (ARGS=--once stops there)
	@$(BIN)/cti demo $(ARGS)

test: lint ## check everything: format, style, types and tests: under four minutes on two fast cores, seven on slow ones
	@echo "Running the tests …"
	@$(BIN)/pytest -q -n $(WORKERS) $(SHARED) -m "$(TESTS)"

test-long: $(READY) ## run the longer tests too: thousands of random histories, whole years
	@echo "Running all tests, the long ones too; this takes a good while …"
	@CTI_LONG=1 $(BIN)/pytest -q -n $(WORKERS) $(SHARED) -m ''

bench: $(READY) ## measure how fast it is, beside others on the same work (ARGS=planning for one of them)
	@$(BIN)/python -m benchmarks $(ARGS)

# How often `make torture` kills the service; ARGS="--on postgresql --replicas 2 --seed 7" chooses the rest.
KILLS ?= 1000

torture: $(READY) ## kill the service at random and reckon up with the mail server, prompt by prompt
	@$(BIN)/python -m tests.torture --kills $(KILLS) $(ARGS)

fuzz: $(READY) ## feed each reader a million inputs that are nearly right (ARGS="text --inputs 1000")
	@$(BIN)/python -m tests.fuzz $(ARGS)

lint: $(READY) ## check format, style and types, without the tests
	@echo "Checking the format …" && $(BIN)/ruff format --check --quiet .
	@echo "Checking the style …" && $(BIN)/ruff check --quiet .
	@echo "Checking the types …" && $(BIN)/mypy --no-error-summary

format: $(READY) ## put the code in the project's format
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .

constraints: ## choose the newest versions of all dependencies anew (needs uv)
	@uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-emit-index-url --custom-compile-command "make constraints" --quiet -o constraints.txt

clean: ## remove .venv and what the tools leave behind
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist

# pip checks each file against the hashes in constraints.txt, so everyone runs the same code. The package itself is linked to
# this folder; hatchling, which does that, is among the pinned (else pip would fetch an unpinned one).
$(READY): constraints.txt pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { $(find_python); \
		echo "Making .venv with $$($$python --version) …"; $$python -m venv --clear .venv; }
	@echo "Installing what cti stands on; the first time this takes a minute or two …"
	@$(BIN)/python -m pip install -qq --require-hashes -r constraints.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

# A name on the path may be a stub for a version that is not there, so each is tried out.
define find_python
	for name in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
		$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
		$$name -c 'import ensurepip, venv' >/dev/null 2>&1 && { python=$$name; break; }; \
		lacks=$$($$name -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	done; \
	if [ -z "$$python" ] && [ -n "$$lacks" ]; then \
		echo "Python is here, but without the part that makes a virtual environment." >&2; \
		echo "On Debian or Ubuntu: apt install $$lacks    Then run make again." >&2; exit 1; \
	elif [ -z "$$python" ]; then \
		echo "No Python 3.11 or later was found (tried python3.13, python3.12, python3.11 and python3)." >&2; \
		echo "Install one, or say where it is: make PYTHON=/path/to/python" >&2; exit 1; \
	fi
endef
