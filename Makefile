# parley: five small Internet clients on one core. GNU make, no configure step.
#
#   make            the tools, in build/bin
#   make SAN=1      the same with ASan and UBSan, in build-san
#   make TSAN=1     the same with ThreadSanitizer, in build-tsan; `make check-threads` runs what is parallel
#   make CC=clang BUILD=build-clang
#   make WERROR=1   warnings are errors (CI sets it)
#   make deps demo | make deps check | make lint bench fuzz install

VERSION := 0.1.0
PREFIX ?= /usr/local
BUILD ?= build$(if $(SAN),-san)$(if $(TSAN),-tsan)
DESTDIR ?=

bindir := $(PREFIX)/bin
libdir := $(PREFIX)/lib/parley
mandir := $(PREFIX)/share/man
datadir := $(PREFIX)/share/parley
bashcompdir := $(PREFIX)/share/bash-completion/completions

TOOLS := $(patsubst cmd/%/main.c,%,$(wildcard cmd/*/main.c))

# What a library costs to load is paid only by the run that needs it: each of
# these is a shared object of its own, found beside the program and opened by
# common/base/module.c.
MODULES := tls crypto idn psl html xml zlib deflate brotli zstd readline
src_tls := common/net/tls.c
pkg_tls := openssl
src_crypto := common/base/digest.c
pkg_crypto := libcrypto
src_idn := common/text/idn.c
pkg_idn := libidn2
src_xml := common/text/xml.c
pkg_xml := expat
src_psl := common/text/psl.c
pkg_psl := libpsl
src_html := common/text/html.c common/text/html_plain.c
pkg_html := gumbo
src_zlib := common/text/coding_zlib.c
pkg_zlib := zlib
src_deflate := common/net/deflate_zlib.c
pkg_deflate := zlib
src_brotli := common/text/coding_brotli.c
pkg_brotli := libbrotlidec
src_zstd := common/text/coding_zstd.c
pkg_zstd := libzstd
src_readline := common/cli/shell_readline.c
pkg_readline := readline
MODULES := $(foreach m,$(MODULES),$(if $(wildcard $(src_$(m))),$(m)))

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual \
	-Wwrite-strings -Wformat=2 -Wundef -Wvla $(if $(or $(WERROR),$(CI)),-Werror)
OPT ?= -O2 -g
comma := ,
SANITIZE := $(if $(SAN),-fsanitize=address$(comma)undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer) \
	$(if $(TSAN),-fsanitize=thread -fno-omit-frame-pointer)
CFLAGS ?= $(OPT)
HARDEN := -fstack-protector-strong $(if $(SAN)$(TSAN),,-D_FORTIFY_SOURCE=2)
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -DPARLEY_VERSION='"$(VERSION)"' -I. $(WARNINGS) $(HARDEN) \
	-fPIC -fvisibility=hidden -pthread $(SANITIZE) $(CFLAGS)
ALL_LDFLAGS := -Wl,--as-needed -Wl,-z,relro -Wl,-z,now $(SANITIZE) -pthread $(LDFLAGS)

module_srcs := $(foreach m,$(MODULES),$(src_$(m)))
common_srcs := $(filter-out $(module_srcs),$(wildcard common/*/*.c))
cmd_srcs := $(wildcard cmd/*/*.c)
obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

bins := $(TOOLS:%=$(BUILD)/bin/%)
mods := $(MODULES:%=$(BUILD)/lib/parley/parley-%.so)
core := $(BUILD)/libparley.a

.PHONY: all deps demo check lint bench fuzz install uninstall clean modules
.DELETE_ON_ERROR:
all: $(bins) $(mods)
modules: $(mods)

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@

# Each module's compiler flags come from pkg-config, and only for its own file.
define module_rule
$(call obj,$(src_$(1))): EXTRA_CFLAGS = $$(shell pkg-config --cflags $(pkg_$(1)))
$(BUILD)/lib/parley/parley-$(1).so: $(call obj,$(src_$(1))) $(core)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_LDFLAGS) -shared -Wl,--exclude-libs,ALL -o $$@ $$^ $$$$(pkg-config --libs $(pkg_$(1)))
endef
$(foreach m,$(MODULES),$(eval $(call module_rule,$(m))))

$(core): $(call obj,$(common_srcs))
	@rm -f $@
	$(AR) rcs $@ $^

define tool_rule
$(BUILD)/bin/$(1): $(call obj,$(wildcard cmd/$(1)/*.c)) $(core)
	@mkdir -p $$(@D)
	$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ -ldl
endef
$(foreach t,$(TOOLS),$(eval $(call tool_rule,$(t))))

-include tests/tests.mk

# What is installed, and so what uninstall removes: our own names only, and the
# directories that are ours alone. A tool that prints its completion gets it installed.
man_install = $(wildcard man/*.1 man/*.7)
dialogues = $(wildcard tests/dialogues/*.txt)
completions = $(TOOLS)

# The test server is for practice too.
install: all $(peer)
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(libdir)
	$(if $(bins),install -m 755 $(bins) $(DESTDIR)$(bindir))
	$(if $(mods),install -m 644 $(mods) $(DESTDIR)$(libdir))
	install -m 755 $(peer) $(DESTDIR)$(bindir)/parley-peer
	for page in $(man_install); do \
		install -D -m 644 $$page $(DESTDIR)$(mandir)/man$${page##*.}/$${page##*/} || exit 1; done
	for file in $(dialogues); do \
		install -D -m 644 $$file $(DESTDIR)$(datadir)/dialogues/$${file##*/} || exit 1; done
	for tool in $(completions); do \
		$(BUILD)/bin/$$tool --completion bash >$(BUILD)/$$tool.bash 2>/dev/null || continue; \
		install -D -m 644 $(BUILD)/$$tool.bash $(DESTDIR)$(bashcompdir)/$$tool || exit 1; done

uninstall:
	rm -f $(TOOLS:%=$(DESTDIR)$(bindir)/%) $(DESTDIR)$(bindir)/parley-peer $(MODULES:%=$(DESTDIR)$(libdir)/parley-%.so) \
		$(foreach p,$(man_install),$(DESTDIR)$(mandir)/man$(subst .,,$(suffix $p))/$(notdir $p)) \
		$(dialogues:tests/dialogues/%=$(DESTDIR)$(datadir)/dialogues/%) \
		$(completions:%=$(DESTDIR)$(bashcompdir)/%)
	-rmdir $(DESTDIR)$(libdir) $(DESTDIR)$(datadir)/dialogues $(DESTDIR)$(datadir) 2>/dev/null

clean:
	rm -rf build build-*

-include $(patsubst %.o,%.d,$(call obj,$(common_srcs) $(module_srcs) $(cmd_srcs)))
