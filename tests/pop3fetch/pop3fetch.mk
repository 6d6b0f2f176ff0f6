# What pop3fetch's tests preload: accidents at system calls.

test_programs += $(BUILD)/tests/crash.so

$(BUILD)/tests/crash.so: tests/pop3fetch/crash.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -Wall -Wextra -O1 -g -fPIC -shared -o $@ $<
