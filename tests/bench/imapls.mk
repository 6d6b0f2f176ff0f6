# imapls's figures, which are a part of `make bench`; alone: make bench-imap.

.PHONY: bench-imap
bench: bench-imap
bench-imap: all $(bench_bins) $(peer)
	@BUILD=$(BUILD) tests/bench/imapls.sh
