# Attempts to get out: part of every test run, and on Debian's own kernel.
redteam: all $(BUILD)/tests/journeys/play
	@BUILD="$(BUILD)" sh tests/redteam/run.sh

redteam-vm: tests
	@BUILD="$(BUILD)" sh tests/redteam/vm.sh
