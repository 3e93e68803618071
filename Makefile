# `make chat`: the bot in the terminal. `make test`: all tests. Each sets up what it needs.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: chat run test check texts lock bench clean

$(VENV)/.base: requirements/base.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@$(BIN)/python -m knowledge.understanding.prepare
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	@touch $@

chat: $(VENV)/.base
	@$(BIN)/solidarity-bot chat

run: $(VENV)/.base
	@$(BIN)/solidarity-bot run --config config.toml

test: $(VENV)/.dev
	@sh deploy/postgresql.sh
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m bot.catalogs check
	$(BIN)/solidarity-bot directory check
	$(BIN)/python -m knowledge.understanding.check

texts: $(VENV)/.dev  ## brings the catalogs up to date with the code
	$(BIN)/python -m bot.catalogs update

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.search
	$(BIN)/python -m benchmarks.understanding
	$(BIN)/python -m benchmarks.telegram
	$(BIN)/python -m benchmarks.matrix

lock: $(VENV)/.dev  ## new versions of everything, within the ranges of pyproject.toml
	$(BIN)/pip-compile -q -U --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -o requirements/base.txt pyproject.toml
	$(BIN)/pip-compile -q -U --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras --extra dev -c requirements/base.txt -o requirements/dev.txt pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
