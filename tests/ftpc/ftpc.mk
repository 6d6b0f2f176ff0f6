# The unit tests and the fuzz target of ftpc's own parts, linked with all of the tool but its
# main.

ftpc_objs := $(call obj,$(filter-out %/main.c,$(wildcard cmd/ftpc/*.c)))
$(BUILD)/libftpc.a: $(ftpc_objs)
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/unit/test_ftp_listing: $(BUILD)/libftpc.a

build-fuzz/ftplist: $(patsubst %.c,build-fuzz/obj/%.o,$(filter-out %/main.c,$(wildcard cmd/ftpc/*.c)))
