# The reference client of the cross-checks: libcurl, asked in webget's own options.

reference := $(BUILD)/tests/reference
test_programs += $(reference)

$(call obj,tests/crosscheck/reference.c): EXTRA_CFLAGS = $(shell pkg-config --cflags libcurl)
$(reference): $(call obj,tests/crosscheck/reference.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs libcurl)

-include $(patsubst %.o,%.d,$(call obj,tests/crosscheck/reference.c))

# The other side of a login: libgsasl behind OpenSSL.
login_server := $(BUILD)/tests/login_server
test_programs += $(login_server)
$(login_server): $(call obj,tests/crosscheck/login_server.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lgsasl -lssl -lcrypto

-include $(patsubst %.o,%.d,$(call obj,tests/crosscheck/login_server.c))
