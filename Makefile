# The work is in scripts/; each installs what it needs first.
.PHONY: run test check bench build

run: ; @scripts/run.sh
test: ; @scripts/test.sh
check: ; @scripts/test.sh quick
bench: ; @scripts/bench.sh
build: ; @scripts/setup.sh run && scripts/build.sh
