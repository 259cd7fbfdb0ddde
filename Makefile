# Each target sets up what it needs; `packaging/setup.sh` says what it does and is quick the second time.
.PHONY: setup demo run serve test lock
USHER = .venv/bin/usher

setup:
	@bash packaging/setup.sh $(FOR)

demo: setup
	@$(USHER) demo $(ARGS)

run: setup
	@$(USHER) kiosk $(ARGS)

serve: setup
	@$(USHER) serve $(ARGS)

test: FOR = tests
test: setup
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy domain server kiosk tests packaging/launch.py packaging/office.py packaging/demo packaging/bench
	.venv/bin/lint-imports
	.venv/bin/pytest -n 3 --dist worksteal $(ARGS)

lock:
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-header --quiet pyproject.toml --extra dev -o requirements.lock
