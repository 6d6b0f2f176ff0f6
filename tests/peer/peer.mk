# The test server: plays dialogues in the S:/C: notation (tests/peer/README.md).
# Included by tests/tests.mk.

peer := $(BUILD)/tests/peer
peer_srcs := $(wildcard tests/peer/*.c)
test_programs += $(peer)

$(call obj,$(peer_srcs)): EXTRA_CFLAGS = $(shell pkg-config --cflags openssl)
$(peer): $(call obj,$(peer_srcs)) $(core)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $$(pkg-config --libs openssl) -ldl

-include $(patsubst %.o,%.d,$(call obj,$(peer_srcs)))
