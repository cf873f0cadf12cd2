# Repositories that mean harm, and the whole program over them.
HOSTILE := $(BUILD)/tests/hostile/hostile
tests: $(HOSTILE)

$(HOSTILE): $(BUILD)/tests/hostile/hostile.o $(BUILD)/tests/hostile/hostile_pack.o
	$(call say,LD,$@)$(CC) $(ALLLDFLAGS) -o $@ $^ $(PKGLIBS)

# The same under the sanitizers, which is how it is meant to be run.
hostile:
	@$(MAKE) --no-print-directory all BUILD=$(BUILD)/asan \
	    EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=undefined -DSANITIZED' \
	    HARDEN=-fPIE $(BUILD)/asan/tests/hostile/hostile \
	    $(BUILD)/asan/tests/journeys/play
	@BUILD="$(BUILD)/asan" sh tests/hostile/run.sh

.PHONY: hostile
