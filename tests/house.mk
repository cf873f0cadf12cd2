# make headers: every header compiles alone.
HEADERS := $(wildcard core/*.h notes/*.h policy/*.h tui/*.h tests/*.h \
             tests/core/*.h tests/notes/*.h tests/policy/*.h tests/tui/*.h)

headers: $(HEADERS:%=$(BUILD)/headers/%.ok)

$(BUILD)/headers/%.ok: % $(HEADERS) | $(GENERATED)
	@mkdir -p $(@D)
	@printf '#include "%s"\ntypedef int not_empty;\n' '$<' | \
	    $(CC) $(ALLCFLAGS) -fsyntax-only -x c -
	@touch $@
