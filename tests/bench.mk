# The bench of the gate: it wants the disguises that the tests use.
$(BUILD)/tests/bench/gate: $(BUILD)/tests/bench/gate.o \
    $(BUILD)/tests/policy/disguise.o $(BUILD)/tests/policy/evasion.o \
    $(BUILD)/libpolicy.a $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) \
	    -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKGLIBS)

$(BUILD)/tests/bench/refind: $(BUILD)/tests/bench/refind.o $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) \
	    -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKGLIBS)

# What makes the text store of a folder, by itself.
$(BUILD)/tests/bench/store: $(BUILD)/tests/bench/store.o $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKGLIBS)

# The bench of the vault makes its record on the disk of the tests.
$(BUILD)/tests/bench/vault: $(BUILD)/tests/bench/vault.o \
    $(BUILD)/tests/core/disk.o $(BUILD)/libnotes.a $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) \
	    -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKGLIBS)

$(BUILD)/tests/bench/seen: $(BUILD)/tests/bench/seen.o \
    $(BUILD)/tui/seen.o $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKGLIBS)

$(BUILD)/tests/bench/history: $(BUILD)/tests/bench/history.o \
    $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKGLIBS)

$(BUILD)/tests/bench/history_time: $(BUILD)/tests/bench/history_time.o \
    $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKGLIBS)

$(BUILD)/tests/bench/slow: $(BUILD)/tests/bench/slow.o $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(PKGLIBS)

# As a view of the reading room asks, without the room's other processes.
$(BUILD)/tests/bench/reason: $(BUILD)/tests/bench/reason.o \
    $(BUILD)/libtui.a $(BUILD)/libpolicy.a $(BUILD)/libnotes.a \
    $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) \
	    -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKGLIBS)

# Definitions, by the parser's process.
$(BUILD)/tests/bench/symbols: $(BUILD)/tests/bench/symbols.o \
    $(BUILD)/libpolicy.a $(BUILD)/libcore.a
	@echo '  LD $@'
	@$(CC) $(ALLLDFLAGS) -o $@ $(filter %.o,$^) \
	    -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(PKGLIBS)
