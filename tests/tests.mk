# What concerns tests: deps, lint, check, bench, fuzz, demo. Each room of tests/
# that builds something brings a .mk of its own, which adds to `test_programs`
# (wanted by the bats files) or `unit_tests` (run by themselves, printing TAP).

test_programs :=
unit_tests :=
include $(sort $(wildcard tests/*/*.mk))

.PHONY: check-threads test-programs list-unit-tests lint-house lint-globals lint-format lint-clang lint-cppcheck \
	lint-shell lint-man lint-manual lint-readme

test-programs: $(test_programs) $(unit_tests)
list-unit-tests:
	@printf '%s\n' $(unit_tests)

deps:
	@tests/deps.sh

demo: all
	@tests/demo/run.sh $(BUILD)

# Everything, counted; see the end of its output.
check:
	+@MAKE='$(MAKE)' tests/run.sh

# What is parallel, under ThreadSanitizer (build-tsan): the lanes of -Z and --recursive with the
# stores they share, segments, the finisher, the bar's thread, the resolver's, ftpc's mirrors.
threaded = $(wildcard $(addprefix tests/webget/,threads.bats cut.bats segments.bats nginx-many.bats nginx-cache.bats \
	nginx-segments.bats pages.bats progress.bats cookies.bats interrupt.bats metalink.bats proxies.bats terminal.bats) \
	$(addprefix tests/ftpc/,pyftpd.bats vsftpd.bats mirror.bats progress.bats terminal.bats))
check-threads:
	+@$(MAKE) --no-print-directory TSAN=1 all test-programs
	@tests/threads.sh $(threaded)

# Lint: one target a rule, so that a failure has a name. -k shows all at once.
lint_rules := house globals format clang cppcheck shell man manual readme
lint:
	+@$(MAKE) -k --no-print-directory $(lint_rules:%=lint-%)
.PHONY: list-lint
list-lint:
	@printf '%s\n' $(lint_rules)

c_files = $(wildcard common/*/*.[ch] cmd/*/*.[ch] tests/*/*.[ch])
# Objects of the plain build: the sanitizers' own variables are not ours.
house_objects = $(call obj,$(common_srcs) $(module_srcs) $(cmd_srcs))
shell_files = $(wildcard tests/*.sh tests/*/*.sh tests/*/*.bash tests/*/*.bats) .ci/run
man_pages = $(wildcard man/*.[1-8])
rule_tests := tests/rules

lint-house:
	@awk -f $(rule_tests)/house.awk $(c_files)
lint-globals: $(house_objects)
	@$(rule_tests)/globals.sh $(house_objects)
lint-format:
	@clang-format --dry-run -Werror $(c_files)
# The second compiler's opinion; pkg-config for all, as no one file is linked here.
lint-clang:
	@printf '%s\n' $(filter %.c,$(c_files)) | xargs -P2 -n12 clang -fsyntax-only -Werror \
		-Wno-unused-command-line-argument $(ALL_CFLAGS) \
		$$(pkg-config --cflags $(foreach m,$(MODULES),$(pkg_$(m))) libcurl)
# resourceLeak there: a module stays loaded until the program ends, by design.
# readdirCalled: readdir_r is deprecated; each thread has a directory of its own.
lint-cppcheck:
	@mkdir -p $(BUILD)/cppcheck
	@cppcheck -q -j2 --cppcheck-build-dir=$(BUILD)/cppcheck --std=c11 --library=posix \
		--enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem --suppress=unknownMacro --suppress=readdirCalled --suppress=resourceLeak:common/base/module.c --suppress=normalCheckLevelMaxBranches \
		--template='{file}:{line}: {message} [{id}]' -D_GNU_SOURCE -D__linux__ -D__GNUC__ -I. \
		-DPARLEY_VERSION='"$(VERSION)"' $(filter %.c,$(c_files))
# -x would follow bats's own load; SC1091 is about files that are not given.
lint-shell:
	@shellcheck -e SC1091,SC2317 $(shell_files)
lint-man:
	@test -z "$(man_pages)" || mandoc -T lint -W warning $(man_pages)
lint-manual: $(bins) $(mods)
	@$(rule_tests)/manual.sh $(BUILD)/bin man $(TOOLS)
	@$(rule_tests)/commands.sh $(BUILD)/bin/ftpc man/ftpc.1
lint-readme:
	@$(rule_tests)/readme.sh
