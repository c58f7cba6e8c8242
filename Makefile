# The work is in scripts/; each installs what it needs first.
.PHONY: run test test-llm test-push check fuzz bench build

run: ; @scripts/run.sh
test: ; @scripts/test.sh
test-llm: ; @scripts/test-llm.sh
test-push: ; @scripts/test-push.sh
check: ; @scripts/test.sh quick
fuzz: ; @scripts/fuzz.sh
bench: ; @scripts/bench.sh
build: ; @scripts/setup.sh run && scripts/build.sh
