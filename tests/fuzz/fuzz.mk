# libFuzzer targets, each tests/fuzz/fuzz_NAME.c with its seeds in
# tests/fuzz/corpus/NAME; clang only, in build-fuzz. What a run finds is left as
# build-fuzz/crash-*, new inputs go to build-fuzz/corpus/NAME.
#   make fuzz FUZZ_SECONDS=60      each of them that long
#   make fuzz-url FUZZ_SECONDS=600

FUZZ_SECONDS ?= 60
fuzz_build := build-fuzz
fuzz_names := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz_bins := $(fuzz_names:%=$(fuzz_build)/%)
fuzz_flags := -std=c11 -D_GNU_SOURCE -DPARLEY_VERSION='"$(VERSION)"' -I. $(WARNINGS) -O1 -g -fPIC -pthread \
	-fsanitize=fuzzer-no-link$(comma)address$(comma)undefined -fno-sanitize-recover=undefined
# Pure parts only are fuzzed: no module is linked.
fuzz_core := $(patsubst %.c,$(fuzz_build)/obj/%.o,$(common_srcs))

.PHONY: list-fuzz fuzz-programs $(fuzz_names:%=fuzz-%)
.SECONDARY: $(fuzz_core)
list-fuzz:
	@printf '%s\n' $(fuzz_names)

fuzz: $(fuzz_names:%=fuzz-%)
fuzz-programs: $(fuzz_bins)

$(fuzz_build)/obj/%.o: %.c
	@mkdir -p $(@D)
	clang $(fuzz_flags) -MMD -MP -c $< -o $@
$(fuzz_build)/libcore.a: $(fuzz_core)
	@rm -f $@
	$(AR) rcs $@ $^
# Targets that lie in a tool and not in common.
$(fuzz_build)/imap: $(patsubst %.c,$(fuzz_build)/obj/%.o,$(filter-out %/main.c,$(wildcard cmd/imapls/*.c)))
$(fuzz_build)/har: $(patsubst %.c,$(fuzz_build)/obj/%.o,$(wildcard cmd/webget/har*.c))
$(fuzz_build)/cache: $(patsubst %.c,$(fuzz_build)/obj/%.o,$(wildcard cmd/webget/cache_[ehp]*.c))
$(fuzz_build)/cookie: $(patsubst %,$(fuzz_build)/obj/cmd/webget/%.o,cookie jar jar_file hsts)
$(fuzz_build)/date: $(fuzz_build)/obj/cmd/webget/cookie.o
$(fuzz_build)/robots: $(patsubst %,$(fuzz_build)/obj/cmd/webget/%.o,robots localname)
$(fuzz_build)/sources: $(patsubst %,$(fuzz_build)/obj/cmd/webget/%.o,sums verify digestfield duplicates range segments)
$(fuzz_build)/metalink: $(patsubst %,$(fuzz_build)/obj/cmd/webget/%.o,metalink pieces verify)
# Modules that are fuzzed, for the sake of what is around their libraries.
$(fuzz_build)/metalink: $(fuzz_build)/obj/common/text/xml.o
$(fuzz_build)/metalink: fuzz_libs = $$(pkg-config --libs expat)
$(fuzz_build)/html: $(patsubst %,$(fuzz_build)/obj/common/text/%.o,html html_plain)
$(fuzz_build)/html: fuzz_libs = $$(pkg-config --libs gumbo)
$(fuzz_bins): $(fuzz_build)/%: $(fuzz_build)/obj/tests/fuzz/fuzz_%.o $(fuzz_build)/libcore.a
	clang -fsanitize=fuzzer,address,undefined -pthread -o $@ -Wl,--start-group $^ -Wl,--end-group $(fuzz_libs) -ldl

# A dictionary, where there is one, gives the fuzzer the language's words.
$(fuzz_names:%=fuzz-%): fuzz-%: $(fuzz_build)/%
	@mkdir -p $(fuzz_build)/corpus/$* tests/fuzz/corpus/$*
	$< -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=1024 -max_len=65536 -verbosity=0 \
		-print_final_stats=1 -artifact_prefix=$(fuzz_build)/crash-$*- \
		$(if $(wildcard tests/fuzz/$*.dict),-dict=tests/fuzz/$*.dict) \
		$(fuzz_build)/corpus/$* tests/fuzz/corpus/$*

-include $(fuzz_core:.o=.d) $(fuzz_names:%=$(fuzz_build)/obj/tests/fuzz/fuzz_%.d)
