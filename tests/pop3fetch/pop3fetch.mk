# What pop3fetch's tests preload: accidents at system calls.

test_programs += $(BUILD)/tests/crash.so

$(BUILD)/tests/crash.so: tests/pop3fetch/crash.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -g -fPIC -shared -o $@ $<

# Unit tests of its parts: all of the tool but its main.
$(BUILD)/unit/test_pop3_listing $(BUILD)/unit/test_pop3_state: $(BUILD)/libpop3fetch.a
$(BUILD)/libpop3fetch.a: $(call obj,$(filter-out %/main.c,$(wildcard cmd/pop3fetch/*.c)))
	@rm -f $@
	$(AR) rcs $@ $^

$(fuzz_build)/pop3: $(patsubst %,$(fuzz_build)/obj/cmd/pop3fetch/%.o,pop3 maildrop)
