/*
 * Lists of checksums, and digests in header fields.
 */
#include "cmd/webget/digestfield.h"
#include "cmd/webget/sums.h"
#include "common/base/buf.h"
#include "common/text/hex.h"
#include "tests/unit/unit.h"

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B64 "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void finds(struct unit *t, const char *text, const char *name, const char *want)
{
	struct err err = {0};
	struct sums *s = sums_parse(str_of(text), &err);
	const char *found = s ? sums_find(s, str_of(name), &err) : NULL;
	unit_check_str(t, str_of(found), str_of(want), text);
	sums_free(s);
}

static void formats(struct unit *t)
{
	finds(HERE(t), A64 "  file\n", "file", "sha256:" A64);
	finds(HERE(t), A64 " *file\r\n", "file", "sha256:" A64);
	finds(HERE(t), "# words\n" A64 "  ./dir/a b\n", "a b", "sha256:" A64);
	finds(HERE(t), "SHA256 (a = (b)) = " A64 "\n", "a = (b)", "sha256:" A64);
	finds(HERE(t), "MD5 (x) = " A32, "x", "md5:" A32);
	finds(HERE(t), "\\" A64 "  a\\nb\\\\c\n", "a\nb\\c", "sha256:" A64);
	finds(HERE(t), "\\SHA256 (a\\nb) = " A64 "\n", "a\nb", "sha256:" A64);
	finds(HERE(t), A32 "  file\n" A64 "  file\n", "file", "sha256:" A64);
	finds(HERE(t), A64 "  file\n" A64 "  d/file\n", "file", "sha256:" A64);
}

static void refusals(struct unit *t)
{
	finds(HERE(t), A64 "  file\n" B64 "  d/file\n", "file", "");
	finds(HERE(t), A64 "  file\n", "fil", "");
	finds(HERE(t), A64 " file\n", "file", "");
	finds(HERE(t), A64 "a  file\n", "file", "");
	finds(HERE(t), "g" A64 "  file\n", "file", "");
	finds(HERE(t), "SHA256 (file) = " A32 "\n", "file", "");
	finds(HERE(t), "SHA256 (file)\n", "file", "");
	finds(HERE(t), "\\" A64 "  a\\xb\n", "a\\xb", "");
	finds(HERE(t), "", "", "");
}

/* The digests as "algorithm:first byte" each. */
static void fields(struct unit *t, const char *value, const char *want, bool old)
{
	struct digestfield found[DIGESTFIELD_MOST];
	struct buf shown = BUF_INIT(1000);
	size_t count = old ? digestfield_parse_old(str_of(value), found)
			   : digestfield_parse(str_of(value), found);
	for (size_t i = 0; i < count; i++)
		buf_addf(&shown, "%.*s:%02x/%zu ", STR_ARG(found[i].algorithm),
		    found[i].bytes[0], found[i].len);
	unit_check_str(t, buf_str(&shown), str_of(want), value);
	buf_free(&shown);
}

static void dictionaries(struct unit *t)
{
	fields(HERE(t), "sha-256=:qqo=:", "sha-256:aa/2 ", false);
	fields(HERE(t), "md5=:qqo=:, sha-512=:uw==:;a=1;b, x", "sha-512:bb/1 ", false);
	fields(HERE(t), "sha-256=:qqo=:,sha-256=:uw==:", "sha-256:bb/1 ", false);
	fields(HERE(t),
	    "a=(1 \"x)\" tok);p, b=?1, c=\"q,\\\"\", sha-256=:qqo=:", "sha-256:aa/2 ", false);
	fields(HERE(t), "sha-256=5", "", false);
}

static void malformed(struct unit *t)
{
	static const char *const bad[] = {"sha-256=:qqo=:,", "sha-256=:qqo=: x",
	    "sha-256=:qqo=:, =1", "SHA-256=:qqo=:", "sha-256=:qqo=:, a=\"x",
	    "sha-256=:qqo=:, a=(1", "sha-256=:qqo=", "sha-256=", "", "sha-256=:qqo=:;"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		fields(HERE(t), bad[i], "", false);
}

static void old_form(struct unit *t)
{
	fields(HERE(t), "SHA-256=qqo=,md5=uw==", "SHA-256:aa/2 ", true);
	fields(HERE(t), "sha-512=uw==, SHA=x", "sha-512:bb/1 ", true);
	fields(HERE(t), "SHA-256", "", true);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"lists of checksums", formats},
	    {"what is none", refusals},
	    {"digests in fields", dictionaries},
	    {"fields that are no dictionary", malformed},
	    {"the old Digest", old_form},
	};
	return unit_run(tests, COUNT(tests));
}
