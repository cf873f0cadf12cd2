# Vitrine.  make, make demo, make test; "make help" lists the rest.

BUILD   ?= build
CC      ?= gcc
PREFIX  ?= /usr/local
DESTDIR ?=
WERROR  ?= 1

PACKAGES := ncursesw libgit2 libpcre2-8 libsodium sqlite3 libconfuse jansson \
            uchardet libutf8proc libseccomp nettle libdeflate \
            zlib
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wpointer-arith -Wcast-qual -Wwrite-strings -Wvla -Wundef \
        -Wformat=2 -Wold-style-definition -Wredundant-decls \
        $(if $(filter 1,$(WERROR)),-Werror)
# A flag, if this compiler takes it: clang 14 does not take them all.
accepts = $(shell $(CC) -Werror $(1) -x c -c /dev/null -o /dev/null \
            2>/dev/null && echo '$(1)')
HARDEN := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
          -fstack-clash-protection -fcf-protection=full \
          $(call accepts,-ftrivial-auto-var-init=zero) -fPIE
LDHARDEN := -pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code \
            -Wl,--as-needed
OPT     ?= -O2 -g
PKGCFLAGS = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
# A bound that a security update brought without a new version number.
PROBED   := $(shell grep -qs SET_PACK_MAX_OBJECT_SIZE \
              $$(pkg-config --variable=includedir libgit2)/git2/common.h && \
              echo -DHAVE_PACK_MAX_OBJECT_SIZE)
PKGLIBS   = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
ALLCFLAGS = -std=gnu11 -D_GNU_SOURCE -I. -I$(BUILD)/gen $(WARN) $(HARDEN) \
            $(OPT) $(PROBED) $(PKGCFLAGS) $(EXTRA) $(CFLAGS)
ALLLDFLAGS = $(LDHARDEN) $(EXTRA) $(LDFLAGS)

# A program's or a room's main file; everything else is in its folder's .a.
PROGRAMS := $(wildcard */vitrine*.c)
ROOMS    := $(wildcard */room_*.c)
MAINS    := $(PROGRAMS) $(ROOMS)
FOLDERS  := core notes policy tui
SOURCES  := $(filter-out $(MAINS),$(foreach f,$(FOLDERS),$(wildcard $(f)/*.c)))
LIBS     := $(foreach f,$(FOLDERS),$(BUILD)/lib$(f).a)
TESTS    := $(wildcard tests/core/t_*.c tests/notes/t_*.c tests/policy/t_*.c \
              tests/tui/t_*.c)
TESTLIB  := $(filter-out $(TESTS),$(foreach f,$(FOLDERS),$(wildcard tests/$(f)/*.c)))
BINARIES := $(foreach p,$(PROGRAMS),$(BUILD)/bin/$(notdir $(p:.c=))) \
            $(foreach r,$(ROOMS),$(BUILD)/libexec/vitrine/$(notdir $(r:.c=)))
TESTBINS := $(TESTS:%.c=$(BUILD)/%)
# V=1 shows the commands.
say       = $(if $(V),,@echo '  $(1) $(2)' && )
OBJECT    = $(patsubst %.c,$(BUILD)/%.o,$(1))

.DELETE_ON_ERROR:
.PHONY: all deps demo test check asan tiny clang bench fuzz format install \
        clean help tests headers redteam redteam-vm corpora journeys
all: $(BINARIES)

help:
	@echo 'make            build the programs into $(BUILD)/bin'
	@echo 'make deps       install the Debian packages that are missing'
	@echo 'make demo       build and open the demonstration session'
	@echo '                (REPO=path: any repository instead)'
	@echo 'make test       everything that proves something; ends in a count'
	@echo 'make check      house rules and unit tests only'
	@echo 'make asan tiny clang   the same tests, built another way'
	@echo 'make bench      side by side with the peers (REPO=path; INPUT=path:'
	@echo '                searching that repository or session, too)'
	@echo 'make fuzz       fuzz every reader for FUZZ_SECONDS each'
	@echo 'make redteam redteam-report redteam-vm   ways out, tried here, all'
	@echo '                of them in one list, and on the Debian kernel'
	@echo 'make station-vm  an installed station, started in a machine (root)'
	@echo 'make hostile soak   repositories that mean harm, under sanitizers;'
	@echo '                a working day in ten minutes'
	@echo 'make format     clang-format decides the layout'
	@echo 'make install    PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)'

# Tables made from file names: a new file needs no other edit.
table = $(BUILD)/gen/$(1).inc
define TABLE # name, prefix to strip, files
$(BUILD)/gen/$(1).inc: $(3) Makefile
	@mkdir -p $$(@D)
	@: >$$@.new
	@for f in $(patsubst $(2)%.c,%,$(3)); do echo "X($$$$f)" >>$$@.new; done
	@cmp -s $$@.new $$@ || mv $$@.new $$@; rm -f $$@.new; touch $$@
GENERATED += $(BUILD)/gen/$(1).inc
endef
# A view belongs to the room whose header it includes.
VIEWS_READING := $(shell grep -ls '^\#include "tui/reading.h"' tui/view_*.c)
VIEWS_NOTES   := $(shell grep -ls '^\#include "tui/noting.h"' tui/view_*.c)
$(eval $(call TABLE,views_reading,tui/view_,$(VIEWS_READING)))
$(eval $(call TABLE,views_notes,tui/view_,$(VIEWS_NOTES)))
$(eval $(call TABLE,checks,policy/check_,$(wildcard policy/check_*.c)))
$(eval $(call TABLE,reports,notes/report_,$(wildcard notes/report_*.c)))
$(eval $(call TABLE,jobs,core/job_,$(wildcard core/job_*.c)))
# The checklists as text, for a room that opens no file.
CHECKLISTS := $(sort $(wildcard share/checklists/*))
$(BUILD)/gen/checklists.inc: $(CHECKLISTS) Makefile
	@mkdir -p $(@D)
	@for f in $(CHECKLISTS); do echo "{ \"$${f##*/}\","; \
	    sed 's/[\\"]/\\&/g; s/^/"/; s/$$/\\n"/' $$f; echo '},'; done >$@
GENERATED += $(BUILD)/gen/checklists.inc
-include $(wildcard tests/*.mk)

$(BUILD)/%.o: %.c Makefile | $(GENERATED)
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALLCFLAGS) -MMD -MP -c $< -o $@

define LIB
$(BUILD)/lib$(1).a: $(call OBJECT,$(filter $(1)/%,$(SOURCES)))
	@rm -f $$@
	$$(call say,AR,$$@)ar rcs $$@ $$^
endef
$(foreach f,$(FOLDERS),$(eval $(call LIB,$(f))))

# The login shell is linked statically: nothing the caller's environment names
# runs before its main.  (Sanitizers cannot be linked so.)
KIOSKLDFLAGS = $(if $(findstring sanitize,$(EXTRA)),$(ALLLDFLAGS),$(patsubst -pie,-static-pie,$(ALLLDFLAGS)))
define MAIN
$(2)/$(notdir $(1:.c=)): $(call OBJECT,$(1)) $(LIBS)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)$(CC) $(if $(filter %/vitrine-kiosk.c,$(1)),$$(KIOSKLDFLAGS),$$(ALLLDFLAGS)) -o $$@ $$< -Wl,--start-group $(LIBS) -Wl,--end-group $(if $(filter %/vitrine-kiosk.c,$(1)),-lseccomp,$$(PKGLIBS))
endef
$(foreach m,$(PROGRAMS),$(eval $(call MAIN,$(m),$(BUILD)/bin)))
$(foreach m,$(ROOMS),$(eval $(call MAIN,$(m),$(BUILD)/libexec/vitrine)))

# Tests of a folder link with that folder and the ones below it, only.
below_core   := core
below_notes  := notes core
below_policy := policy core
below_tui    := tui notes policy core
define TESTBIN
$(BUILD)/$(1:.c=): $(call OBJECT,$(1)) $(call OBJECT,$(filter $(dir $(1))%,$(TESTLIB))) $(foreach b,$(below_$(2)),$(BUILD)/lib$(b).a)
	$$(call say,LD,$$@)$(CC) $$(ALLLDFLAGS) -o $$@ $$(filter %.o,$$^) -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(PKGLIBS) -lcmocka -lvterm -lutil
endef
$(foreach t,$(TESTS),$(eval $(call TESTBIN,$(t),$(patsubst tests/%/,%,$(dir $(t))))))

tests: all $(TESTBINS)

deps:
	@sh tests/deps.sh

demo: deps
	@$(MAKE) --no-print-directory all
	@sh tests/demo/demo.sh "$(BUILD)" "$(REPO)"

test: deps
	@$(MAKE) --no-print-directory tests
	@BUILD="$(BUILD)" CC="$(CC)" sh tests/run.sh all

check: tests
	@BUILD="$(BUILD)" CC="$(CC)" sh tests/run.sh check

asan:
	@$(MAKE) --no-print-directory check BUILD=$(BUILD)/asan \
	    EXTRA='-fsanitize=address,undefined -fno-sanitize-recover=undefined -DSANITIZED' \
	    HARDEN=-fPIE
tiny:
	@$(MAKE) --no-print-directory check BUILD=$(BUILD)/tiny EXTRA=-DTINY
clang:
	@$(MAKE) --no-print-directory check BUILD=$(BUILD)/clang CC=clang

journeys: all
	@BUILD="$(BUILD)" REPO="$(REPO)" sh tests/run.sh journeys

bench: all
	@BUILD="$(BUILD)" sh tests/bench/report.sh
	@BUILD="$(BUILD)" REPO="$(REPO)" sh tests/bench/bench.sh
	@BUILD="$(BUILD)" sh tests/bench/gate.sh
	@BUILD="$(BUILD)" sh tests/bench/vault.sh
	@BUILD="$(BUILD)" sh tests/bench/seen.sh
	@BUILD="$(BUILD)" sh tests/bench/reason.sh
	@BUILD="$(BUILD)" sh tests/bench/store.sh $(STORE)
	@BUILD="$(BUILD)" HISTORY="$(HISTORY)" sh tests/bench/history.sh
	@BUILD="$(BUILD)" READING="$(READING)" sh tests/bench/reading.sh
	@test -z "$(INPUT)" || BUILD="$(BUILD)" INPUT="$(INPUT)" \
	    REPO="$(REPO)" sh tests/bench/search.sh

format:
	@clang-format -i $(SOURCES) $(MAINS) $(wildcard */*.h tests/*/*.[ch])

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/vitrine
	install -m 755 $(filter $(BUILD)/bin/%,$(BINARIES)) $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(filter $(BUILD)/libexec/%,$(BINARIES)) \
	    $(DESTDIR)$(PREFIX)/libexec/vitrine
	install -d $(DESTDIR)$(PREFIX)/share/vitrine/checklists
	install -m 644 share/checklists/* \
	    $(DESTDIR)$(PREFIX)/share/vitrine/checklists
	for p in man/*.[1-8]; do s=$${p##*.}; \
	    install -D -m 644 $$p $(DESTDIR)$(PREFIX)/share/man/man$$s/$${p##*/}; \
	done

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' -type f -not -path '$(BUILD)/npm/*' -not -path '$(BUILD)/station-vm/*' -not -path '$(BUILD)/*/lib*' 2>/dev/null)
