# The reference clients of the cross-checks: libcurl, asked in the tools' own options.

reference := $(BUILD)/tests/reference $(BUILD)/tests/ftp_reference
test_programs += $(reference)
reference_srcs := $(wildcard tests/crosscheck/*.c)

$(call obj,$(reference_srcs)): EXTRA_CFLAGS = $(shell pkg-config --cflags libcurl)
$(reference): $(BUILD)/tests/%: $(call obj,tests/crosscheck/%.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs libcurl)

-include $(patsubst %.o,%.d,$(call obj,$(reference_srcs)))
