# Every tests/fuzz/f_NAME.c defines LLVMFuzzerTestOneInput() and has a folder
# of inputs, tests/fuzz/NAME/.  Each is built twice: with replay.c, which runs
# the inputs and what is left of them after small damage, in every test run;
# and with clang's fuzzer, for
#
#   make fuzz FUZZ_SECONDS=60 F=NAME    (F: only that one)
FUZZ_SECONDS ?= 60
FUZZ     := $(wildcard tests/fuzz/f_*.c)
FUZZBINS := $(FUZZ:%.c=$(BUILD)/%)
FUZZSAN  := address,undefined

ifneq ($(FUZZ_ENGINE),)
FUZZMAIN :=
FUZZLINK := -fsanitize=fuzzer
else
FUZZMAIN := $(BUILD)/tests/fuzz/replay.o
FUZZLINK :=
endif

tests: $(FUZZBINS)
fuzzbins: $(FUZZBINS)

$(FUZZBINS): %: %.o $(FUZZMAIN) $(LIBS)
	$(call say,LD,$@)$(CC) $(ALLLDFLAGS) $(FUZZLINK) -o $@ $< $(FUZZMAIN) \
	    -Wl,--start-group $(LIBS) -Wl,--end-group $(PKGLIBS)

fuzz:
	@command -v clang >/dev/null || \
	    { echo 'make fuzz needs clang: apt-get install clang'; exit 2; }
	@$(MAKE) --no-print-directory fuzzbins BUILD=$(BUILD)/fuzz CC=clang \
	    FUZZ_ENGINE=1 HARDEN=-fPIE \
	    EXTRA='-fsanitize=fuzzer-no-link,$(FUZZSAN) -fno-sanitize-recover=undefined -DSANITIZED -DFUZZING'
	@sh tests/fuzz/fuzz.sh "$(BUILD)/fuzz" "$(FUZZ_SECONDS)" "$(F)"

.PHONY: fuzzbins
