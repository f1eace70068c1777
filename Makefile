# What can be done here. Everything else stands in nap_monitor/bootstrap, which needs Python and nothing more.

.DEFAULT_GOAL := help
.PHONY: help run test frontend bench messages pictures dictionary format locks

PORT ?= 8000
export PORT PYTHON CHROMIUM TEST_DATABASE_URL REQUIRE_ALL UPGRADE
export PYTHONUTF8 = 1

BOOTSTRAP = sh nap_monitor/bootstrap/start.sh

help: ## say what can be done (this list)
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1	\2/p' Makefile

run: ## set up what is missing and serve at http://127.0.0.1:8000 until Ctrl-C (PORT=9000 changes the port)
	@$(BOOTSTRAP) run

test: ## set up what is missing and run all checks and tests (TEST_DATABASE_URL=postgres://…, CHROMIUM=/path)
	@$(BOOTSTRAP) test

frontend: ## install what is served from node_modules, where the rest is set up by hand (docs/operations.md)
	@$(BOOTSTRAP) frontend

bench: ## measure the pages
	@$(BOOTSTRAP) bench

messages: ## collect the strings to translate into locale/
	@$(BOOTSTRAP) messages

pictures: ## make the pictures of README and help anew, from the running program
	@$(BOOTSTRAP) pictures

dictionary: ## write docs/data-dictionary.md from the models
	@$(BOOTSTRAP) dictionary

format: ## bring the code into ruff's form
	@$(BOOTSTRAP) format

locks: ## compile requirements/*.txt from pyproject.toml (UPGRADE=1 takes newer versions)
	@$(BOOTSTRAP) locks
