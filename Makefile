# `make` alone lists what there is. The two that a newcomer needs: run, test.

.DEFAULT_GOAL := help
.PHONY: help run demo payment test check format bench lighthouse messages pictures lock

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## everything on 127.0.0.1:8000 (PORT=… for another port, DATABASE_URL=… for PostgreSQL), Ctrl-C ends it
	@bin/setup
	@.venv/bin/python bin/start.py

demo:  ## the same on a throw-away demo city, gone at the end
	@bin/setup
	@.venv/bin/python bin/start.py --throw-away

payment:  ## play the bank: a statement with one payment in it (MEMO="…" AMOUNT=…), to import at the desk
	@bin/setup
	@.venv/bin/python -m bin.play_bank "$(MEMO)" "$(AMOUNT)"

test:  ## the whole suite, on SQLite and PostgreSQL, with a real browser
	@bin/setup dev
	@bin/test $(TESTS)

check:  ## style, types, layers, the rules of the architecture, templates, translations
	@bin/setup dev
	@bin/check

format:  ## lay the code out as the check wants it
	@bin/setup dev
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

bench:  ## the matcher measured on sets that nothing was fitted to, beside a bare loop and Splink (SIZE=300000, SETS=19)
	@bin/setup dev
	@bench/setup || echo "· Splink cannot be installed here: without it"
	@.venv/bin/python -m bench.matching.measure --size $(or $(SIZE),20000) --sets $(or $(SETS),5) $(BENCH)

lighthouse:  ## Lighthouse on shop, checkout, order page and desk: at least 98 in each category (needs Node, npm and Chromium)
	@bin/setup dev
	@.venv/bin/python -m bench.lighthouse

messages:  ## collect the words to translate, then compile what is translated
	@bin/setup dev
	@.venv/bin/python bin/messages.py

pictures:  ## take the README's pictures anew, along its tour
	@bin/setup dev
	@.venv/bin/python -m pytest -q tests/scenarios/test_the_readmes_tour.py --pictures docs/pictures

lock:  ## pin what requirements*.in ask for, with hashes
	@bin/setup dev
	@bin/lock
