# Attempts to get out: part of every test run, and on Debian's own kernel.
HOSTILE_ROOM := $(BUILD)/tests/redteam/hostile_room \
    $(BUILD)/tests/redteam/hostile_notes
tests journeys: $(HOSTILE_ROOM)
$(HOSTILE_ROOM): %: %.o $(LIBS)
	$(call say,LD,$@)$(CC) $(ALLLDFLAGS) -o $@ $< -Wl,--start-group $(LIBS) \
	    -Wl,--end-group $(PKGLIBS)

# Clocks that a test sets, loaded into programs that know nothing of it.
FAKE_CLOCK := $(BUILD)/tests/redteam/clock.so
tests: $(FAKE_CLOCK)
$(FAKE_CLOCK): tests/redteam/clock.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -Wall -Wextra -fPIC -shared -o $@ $<

redteam: tests
	@BUILD="$(BUILD)" sh tests/redteam/run.sh
	@BUILD="$(BUILD)" sh tests/redteam/root.sh || [ $$? = 77 ]
	@BUILD="$(BUILD)" sh tests/redteam/report.sh

# With root also login, su, other users and full file systems.
redteam-report: tests
	@BUILD="$(BUILD)" sh tests/redteam/report.sh

# A working day in SOAK_SECONDS.
SOAK_SECONDS ?= 600
soak: tests
	@BUILD="$(BUILD)" REPO="$(REPO)" SOAK_SECONDS="$(SOAK_SECONDS)" \
	    sh tests/redteam/soak.sh

.PHONY: redteam-report soak
redteam-vm: tests
	@BUILD="$(BUILD)" sh tests/redteam/vm.sh
