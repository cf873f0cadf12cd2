# The player of the journeys: a terminal, by script.
tests: $(BUILD)/tests/journeys/play
journeys: $(BUILD)/tests/journeys/play

$(BUILD)/tests/journeys/play: $(BUILD)/tests/journeys/play.o
	$(CC) $(ALLLDFLAGS) -o $@ $< -lvterm -lutil
