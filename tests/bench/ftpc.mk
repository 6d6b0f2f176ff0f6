# ftpc's figures, which are a part of `make bench`; alone: make bench-ftp.

.PHONY: bench-ftp
bench: bench-ftp
bench-ftp: all $(bench_bins)
	@BUILD=$(BUILD) tests/bench/ftpc.sh
