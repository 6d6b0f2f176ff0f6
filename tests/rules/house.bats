#!/usr/bin/env bats
# Each house rule is broken once: a rule that cannot fail says nothing.

bats_load_library bats-support
bats_load_library bats-assert

setup() {
  rules=$BATS_TEST_DIRNAME
  cd "$BATS_TEST_TMPDIR" || return 1
  mkdir -p common/base common/text common/net common/proto common/mail common/cli cmd/one cmd/two tests/unit
}

# Writes stdin to FILE below an opening comment, then checks it.
check() { # FILE
  { printf '/* A file. */\n' && cat; } >"$1"
  run awk -f "$rules/house.awk" "$1"
}

repeat() { # TIMES TEXT
  yes "$2" | head -n "$1"
}

@test "a clean file passes" {
  check common/net/good.c <<'C'
#include "common/net/good.h"

#include <stdio.h>

#include "common/text/url.h"

static const char *const words[] = {"strcpy(", "malloc(x)"}; /* sprintf( */

bool good_do(int a, int b, const char *(*get)(int x, int y), struct good *g, const char *e)
{
	for (int i = 0; i < a; i++) {
		if (b) {
			while (get(i, b))
				good_strcpy(g, e);
		}
	}
	return true;
}
C
  assert_success
  assert_output ''
}

@test "a header's guard is no #if" {
  printf '/* H. */\n#ifndef A_H\n#define A_H\n#endif\n' >common/base/a.h
  run awk -f "$rules/house.awk" common/base/a.h
  assert_success
}

@test "opening comment" {
  echo 'int x;' >common/base/a.c
  run awk -f "$rules/house.awk" common/base/a.c
  assert_failure
  assert_output --partial 'opens with a comment'
}

@test "function length: 60 lines pass, 61 do not" {
  { printf '/* A. */\nvoid f(void)\n{\n' && repeat 60 '	g();' && echo '}'; } >common/base/a.c
  run awk -f "$rules/house.awk" common/base/a.c
  assert_success
  { printf '/* A. */\nvoid f(void)\n{\n' && repeat 61 '	g();' && echo '}'; } >common/base/a.c
  run awk -f "$rules/house.awk" common/base/a.c
  assert_failure
  assert_output --partial 'function has 61 lines'
}

@test "file length" {
  { echo '/* A. */' && repeat 450 'int f(void);'; } >common/base/a.c
  run awk -f "$rules/house.awk" common/base/a.c
  assert_failure
  assert_output 'common/base/a.c:451: file has 451 lines, the limit is 450'
}

@test "parameters, in a definition and in a declaration" {
  check common/base/a.c <<<'int f(int a, int b, int c, int d, int e, int g);'
  assert_output --partial 'takes 6 parameters'
  printf 'static int f(int a, int b, int c,\n    int d, int e, int g)\n{\n}\n' >in
  check common/base/a.c <in
  assert_output --partial 'takes 6 parameters'
}

@test "nesting" {
  check common/base/a.c <<'C'
void f(void)
{
	if (a) {
		for (;;) {
			while (b) {
				if (c)
					d();
			}
		}
	}
}
C
  assert_failure
  assert_output --partial 'nested deeper than 3'
}

@test "columns: tabs count eight, UTF-8 counts characters" {
  check common/base/a.c < <(printf '\t%s\n' "$(repeat 88 x | tr -d '\n')")
  assert_success
  check common/base/a.c < <(printf '\t%s\n' "$(repeat 89 x | tr -d '\n')")
  assert_output --partial 'line is 97 columns wide'
  check common/base/a.c < <(printf '/* %s */\n' "$(repeat 90 é | tr -d '\n')")
  assert_success
}

@test "includes point downwards" {
  check common/base/a.c <<<'#include "common/text/url.h"'
  assert_output --partial 'base may not know text'
  check common/net/a.c <<<'#include "common/cli/opt.h"'
  assert_output --partial 'net may not know cli'
  check common/proto/a.c <<<'#include "common/mail/mime.h"'
  assert_output --partial 'proto may not know mail'
  check common/cli/a.c <<<'#include "cmd/one/show.h"'
  assert_output --partial "another room's"
  check cmd/one/a.c <<<'#include "cmd/two/show.h"'
  assert_output --partial "another room's"
  check cmd/one/a.c <<<'#include "show.h"'
  assert_output --partial 'by its path from the project root'
  check cmd/one/a.c <<<'#include "cmd/one/show.h"'
  assert_success
  check tests/unit/a.c <<<'#include "tests/unit/unit.h"'
  assert_success
}

@test "libraries stand in their one file" {
  for header in openssl/ssl.h readline/readline.h zlib.h brotli/decode.h zstd.h idn2.h dlfcn.h; do
    check common/net/a.c <<<"#include <$header>"
    assert_failure
    assert_output --partial "<$header> belongs to common/"
  done
  check common/net/tls.c <<<'#include <openssl/ssl.h>'
  assert_success
  check tests/unit/a.c <<<'#include <openssl/ssl.h>'
  assert_success
}

@test "banned calls" {
  for call in strcpy strcat sprintf strtok atoi gets setjmp; do
    check cmd/one/a.c < <(printf 'void f(void)\n{\n\t%s(a, b);\n}\n' $call)
    assert_failure
    assert_output "cmd/one/a.c:4: $call() is banned"
  done
  for call in malloc calloc realloc strdup; do
    check cmd/one/a.c < <(printf 'void f(void)\n{\n\ta = %s(b);\n}\n' $call)
    assert_output --partial "$call() stands in common/base/mem.c only"
  done
  check common/base/mem.c < <(printf 'void f(void)\n{\n\ta = malloc(b);\n}\n')
  assert_success
}

@test "#if outside compat.h" {
  for line in '#if 1' '#ifdef X' '#ifndef X' '# elif Y'; do
    check common/net/a.c <<<"$line"
    assert_output --partial '#if stands in'
  done
  check common/base/compat.h < <(printf '#ifndef A\n#if 1\n#endif\n#endif\n')
  assert_success
}
