# The player of the journeys: a terminal, by script.
tests: $(BUILD)/tests/journeys/play
journeys: $(BUILD)/tests/journeys/play

$(BUILD)/tests/journeys/play: $(BUILD)/tests/journeys/play.o \
    $(BUILD)/tests/journeys/player.o \
    $(BUILD)/tests/tui/forbidden.o $(BUILD)/libcore.a
	$(call say,LD,$@)$(CC) $(ALLLDFLAGS) -o $@ $^ $(PKGLIBS) -lvterm -lutil

# Real repositories, from packages; the journeys run on them when they exist.
corpora:
	@sh tests/corpora.sh leveldown
