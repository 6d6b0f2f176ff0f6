# The unit tests: one program an area, each printing TAP. Those that open a
# module find it in the build's lib/parley, so the modules are built first.

unit_tests += $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))

# Areas that lie in a tool and not in common are linked with all of the tool but its main.
unit_webget := expand payload auth decode writeout follow cookie sums cache segments hsts
unit_webget += crawl tree places
unit_imapls := imap_wire imap_letter imap_words imap_order
define unit_tool
$(unit_$(1):%=$(BUILD)/unit/test_%): $(BUILD)/lib$(1).a
$(BUILD)/lib$(1).a: $(call obj,$(filter-out %/main.c,$(wildcard cmd/$(1)/*.c)))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
endef
$(foreach t,webget imapls,$(eval $(call unit_tool,$(t))))

# Streams are tested with a peer at the other end.
unit_talk := stream deadline copy trace http1 http1_wire proxy dial
$(unit_talk:%=$(BUILD)/unit/test_%): $(BUILD)/obj/tests/unit/talk.o

# A group, because the tool's archive stands behind the core that it needs.
$(BUILD)/unit/test_%: $(BUILD)/obj/tests/unit/test_%.o $(BUILD)/obj/tests/unit/unit.o $(core) | $(mods)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ -Wl,--start-group $^ -Wl,--end-group -ldl

.SECONDARY: $(patsubst tests/unit/%.c,$(BUILD)/obj/tests/unit/%.o,$(wildcard tests/unit/*.c))

-include $(patsubst tests/unit/%.c,$(BUILD)/obj/tests/unit/%.d,$(wildcard tests/unit/*.c))
