# The unit tests: one program an area, each printing TAP. Those that open a
# module find it in the build's lib/parley, so the modules are built first.

unit_tests += $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

$(BUILD)/unit/test_%: $(BUILD)/obj/tests/unit/test_%.o $(BUILD)/obj/tests/unit/unit.o $(core) | $(mods)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) $(RUNPATH) -o $@ $^ -ldl

.SECONDARY: $(patsubst tests/unit/%.c,$(BUILD)/obj/tests/unit/%.o,$(wildcard tests/unit/*.c))

-include $(patsubst tests/unit/%.c,$(BUILD)/obj/tests/unit/%.d,$(wildcard tests/unit/*.c))
