# make bench: the figures, beside curl, wget, wget2 and bare clients. A figure
# that is missed is shown, never an error. BENCH=startup,https ... picks some.

bench_names := bare_client imap_client splice_client pipe_client tls_read_client measure wire mail_sink
bench_bins := $(bench_names:%=$(BUILD)/bench/%)
bench_objs := $(call obj,$(bench_names:%=tests/bench/%.c) tests/bench/bench.c)

.SECONDARY: $(bench_objs)
$(bench_bins): $(BUILD)/bench/%: $(BUILD)/obj/tests/bench/%.o $(BUILD)/obj/tests/bench/bench.o
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lssl -lcrypto

bench: all $(bench_bins)
	@BUILD=$(BUILD) tests/bench/run.sh
	@BUILD=$(BUILD) tests/bench/mail.sh
.PHONY: bench-mail
bench-mail: all $(bench_bins)
	@BUILD=$(BUILD) tests/bench/mail.sh

-include $(bench_objs:.o=.d)
