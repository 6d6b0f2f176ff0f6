# The reference client of the cross-checks: libcurl, asked in webget's own options.

reference := $(BUILD)/tests/reference
test_programs += $(reference)

$(call obj,tests/crosscheck/reference.c): EXTRA_CFLAGS = $(shell pkg-config --cflags libcurl)
$(reference): $(call obj,tests/crosscheck/reference.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs libcurl)

-include $(patsubst %.o,%.d,$(call obj,tests/crosscheck/reference.c))
