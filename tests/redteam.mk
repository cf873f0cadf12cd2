# Attempts to get out: part of every test run, and on Debian's own kernel.
HOSTILE_ROOM := $(BUILD)/tests/redteam/hostile_room
tests: $(HOSTILE_ROOM)
$(HOSTILE_ROOM): $(BUILD)/tests/redteam/hostile_room.o $(LIBS)
	$(CC) $(ALLLDFLAGS) -o $@ $< -Wl,--start-group $(LIBS) \
	    -Wl,--end-group $(PKGLIBS)

redteam: tests
	@BUILD="$(BUILD)" sh tests/redteam/run.sh

redteam-vm: tests
	@BUILD="$(BUILD)" sh tests/redteam/vm.sh
