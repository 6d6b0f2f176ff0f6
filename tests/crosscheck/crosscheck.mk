# The reference clients of the cross-checks: libcurl, asked in the tools' own options.

reference := $(BUILD)/tests/reference $(BUILD)/tests/ftp_reference
test_programs += $(reference)
reference_srcs := $(reference:$(BUILD)/tests/%=tests/crosscheck/%.c)

$(call obj,$(reference_srcs)): EXTRA_CFLAGS = $(shell pkg-config --cflags libcurl)
$(reference): $(BUILD)/tests/%: $(call obj,tests/crosscheck/%.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs libcurl)

-include $(patsubst %.o,%.d,$(call obj,$(reference_srcs)))

# The other side of a login: libgsasl behind OpenSSL.
login_server := $(BUILD)/tests/login_server
test_programs += $(login_server)
$(login_server): $(call obj,tests/crosscheck/login_server.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lgsasl -lssl -lcrypto

-include $(patsubst %.o,%.d,$(call obj,tests/crosscheck/login_server.c))
