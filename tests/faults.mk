# What is preloaded before a program so that it ends at a chosen moment.
FAULTS := $(BUILD)/tests/faults/kill.so
tests: $(FAULTS)

$(FAULTS): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(call say,LD,$@)$(CC) -std=gnu11 -D_GNU_SOURCE $(WARN) -O2 -fPIC -shared -o $@ $<
