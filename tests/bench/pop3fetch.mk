# pop3fetch's figures, which are a part of `make bench`; alone: make bench-pop3.

.PHONY: bench-pop3
bench: bench-pop3
bench-pop3: all $(bench_bins)
	@BUILD=$(BUILD) tests/bench/pop3fetch.sh
