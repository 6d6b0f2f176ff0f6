#!/usr/bin/env bats
# The other rules of `make lint`, each broken once.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
  rules=$BATS_TEST_DIRNAME
  root=$(cd "$rules/../.." && pwd)
  cd "$BATS_TEST_TMPDIR" || return 1
}

compile() { # NAME < SOURCE
  mkdir -p cli
  cat >"$1.c"
  cc -O2 -fPIC -c "$1.c" -o "$1.o"
}

@test "globals: constants pass, tables of pointers too" {
  compile a <<'C'
static const char *const names[] = {"a", "b"};
static const struct { const char *n; int (*f)(int); } rows[] = {{"x", 0}};
const char *name(int i) { return names[i & 1]; }
const void *row(void) { return rows; }
C
  run "$rules/globals.sh" a.o
  assert_success
  assert_output ''
}

@test "globals: what can be written to is named" {
  for text in 'int n;' 'int n = 1;' 'static int n; int *f(void) { return &n; }' \
    'int *f(void) { static int n = 3; return &n; }' '_Thread_local int n;' \
    'const char *n[] = {"a"};'; do
    compile a <<<"$text"
    run "$rules/globals.sh" a.o
    assert_failure
    assert_output --partial 'a.o: n'
  done
  compile cli/interrupt <<<'#include <signal.h>
volatile sig_atomic_t n;'
  run "$rules/globals.sh" cli/interrupt.o
  assert_success
}

@test "clang-format" {
  cp "$root/.clang-format" .
  printf 'int f( void ){return 1;}\n' >a.c
  run clang-format --dry-run -Werror a.c
  assert_failure
}

@test "the checkers of lint are asked for an exit status" {
  cd "$root"
  run make -n lint-clang lint-cppcheck
  assert_output --partial '-Werror'
  assert_output --partial '--error-exitcode=1'
}

@test "cppcheck, shellcheck and mandoc see their kind of fault" {
  printf 'int f(void) { int a[2]; return a[2]; }\n' >a.c
  run cppcheck -q --error-exitcode=1 a.c
  assert_failure
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nrm $1\n' >a.sh
  run shellcheck a.sh
  assert_failure
  printf '.Dd x\n.Sh NAME\n.Xx\n' >a.1
  run mandoc -T lint -W warning a.1
  assert_failure
}

page() { # OPTION...
  printf '.Dd January 1, 2026\n.Dt ONE 1\n.Os\n.Sh NAME\n.Nm one\n.Nd one\n.Sh OPTIONS\n.Bl -tag\n' >man/one.1
  printf '.It Fl Fl %s Ar x\nText.\n' "$@" >>man/one.1
  printf '.El\n' >>man/one.1
}

@test "manual: a page for each tool, each option in it" {
  mkdir -p bin man
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "  -o, --output FILE  x"\necho "  --out-dir DIR  y"\n' >bin/one
  chmod +x bin/one
  run "$rules/manual.sh" bin man one
  assert_failure
  assert_output 'man/one.1: missing'
  page out-dir
  run "$rules/manual.sh" bin man one
  assert_failure
  assert_output --partial -- '--output is not described'
  refute_output --partial -- '--out-dir is'
  page out-dir output
  run "$rules/manual.sh" bin man one
  assert_success
}

@test "commands: the manual's table is that of the rows" {
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "  get FILE                      fetch a file"\necho "  help          list"\n' >tool
  chmod +x tool
  printf '.Sh COMMANDS\n.It Ic get No FILE\nFetch a file.\n' >page
  run "$rules/commands.sh" ./tool page
  assert_success
  printf '.It Ic put No FILE\nStore a file.\n' >>page
  run "$rules/commands.sh" ./tool page
  assert_failure
  assert_output --partial 'is not that of the rows'
}

@test "readme: names every tool and every room" {
  mkdir -p cmd/one common/base
  run "$rules/readme.sh"
  assert_failure
  assert_output --partial 'README.md: nothing about one'
  printf 'one\n    one -x http://a/\nmake deps demo\nmake deps check\n' >README.md
  run "$rules/readme.sh"
  assert_output 'common/README.md: nothing about base/'
  echo 'base/' >common/README.md
  run "$rules/readme.sh"
  assert_success
}

@test "ci: a tree that is not a clean clone is refused" {
  git init -q clone && mkdir clone/.ci
  cp "$root/.ci/run" clone/.ci/run
  printf 'deps check:\n\t@echo made $@\n' >clone/Makefile
  printf '/build*/\n' >clone/.gitignore
  cd clone
  git add . && git -c user.name=a -c user.email=a@b commit -qm a
  run .ci/run
  assert_success
  assert_output "$(printf 'made deps\nmade check')"
  mkdir build
  run .ci/run
  assert_failure 1
  assert_output --partial 'build is there'
  rmdir build
  echo >x
  run .ci/run
  assert_failure 1
  assert_output --partial 'not a clean clone'
}

@test "deps: everything is there, so nothing is asked for and nothing is slow" {
  run timeout 5 "$root/tests/deps.sh" </dev/null
  assert_success
  assert_output ''
}
