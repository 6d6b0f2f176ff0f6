/*
 * Checking digests. Knows no body and no file.
 */
#include "cmd/webget/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/digest.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/hex.h"

/* An option, a list of sums, a metalink, two fields of two algorithms: more only repeat. */
#define WANTS_MOST 16

struct want {
	const char *who;
	enum digest_kind kind;
	struct digest_value value;
};

struct verify {
	const struct digest_module *crypto;
	struct digest *running[DIGEST_SHA512 + 1]; /* by kind; NULL: not wanted */
	struct want wants[WANTS_MOST];
	size_t count;
};

static const struct {
	const char *name;
	size_t digits;
} kinds[] = {{"sha256", 64}, {"sha512", 128}, {"sha1", 40}, {"md5", 32}};

static void split(const char *spec, struct str *name, struct str *hex)
{
	*hex = str_of(spec);
	*name = STR_NONE;
	str_cut(hex, ':', name);
}

bool verify_check(const char *spec, struct err *err)
{
	struct str name, hex;
	struct buf raw = BUF_INIT(DIGEST_MAX);
	bool good = false;
	split(spec, &name, &hex);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !good; i++)
		good = str_is_nocase(name, kinds[i].name) && hex.len == kinds[i].digits &&
		       hex_decode(&raw, hex);
	buf_free(&raw);
	return good ||
	       err_set(err, ERR_USAGE,
		   "--checksum: '%s' is not sha256:, sha512:, sha1: or md5: and the digits "
		   "of such a digest",
		   spec);
}

const char *verify_name_of(size_t digits)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].digits == digits)
			return kinds[i].name;
	return NULL;
}

static struct verify *make(struct err *err)
{
	const struct digest_module *crypto = module_table("crypto", err);
	struct verify *v = crypto ? mem_alloc(sizeof *v) : NULL;
	if (v)
		v->crypto = crypto;
	return v;
}

bool verify_want(
    struct verify **v, const char *who, struct str algorithm, struct str raw, struct err *err)
{
	struct want w = {.who = who, .value.len = raw.len};
	if (!*v && !(*v = make(err)))
		return false;
	if (raw.len > DIGEST_MAX || !(*v)->crypto->find(algorithm, &w.kind))
		return err_set(err, ERR_INTERNAL, "%s: no such digest", who);
	if ((*v)->count == WANTS_MOST)
		return true;
	for (size_t i = 0; i < raw.len; i++)
		w.value.bytes[i] = (unsigned char)raw.ptr[i];
	struct digest **running = &(*v)->running[w.kind];
	if (!*running && !(*running = (*v)->crypto->open(w.kind, err)))
		return false;
	(*v)->wants[(*v)->count++] = w;
	return true;
}

bool verify_want_spec(struct verify **v, const char *who, const char *spec, struct err *err)
{
	struct str name, hex;
	struct buf raw = BUF_INIT(DIGEST_MAX);
	split(spec, &name, &hex);
	hex_decode(&raw, hex);
	bool ok = verify_want(v, who, name, buf_str(&raw), err);
	buf_free(&raw);
	return ok;
}

void verify_add(struct verify *v, struct str bytes)
{
	for (size_t i = 0; v && i < sizeof v->running / sizeof *v->running; i++)
		if (v->running[i])
			v->crypto->add(v->running[i], bytes);
}

bool verify_add_fd(struct verify *v, int fd, uint64_t from, uint64_t to)
{
	char chunk[16 * KIB];
	while (v && from < to) {
		size_t most = to - from < sizeof chunk ? (size_t)(to - from) : sizeof chunk;
		ssize_t n = pread(fd, chunk, most, (off_t)from);
		errno = n == 0 ? EIO : errno; /* it became shorter */
		if (n <= 0)
			return false;
		verify_add(v, (struct str){chunk, (size_t)n});
		from += (uint64_t)n;
	}
	return true;
}

static bool compare(const struct want *w, const struct digest_value *got, struct err *err)
{
	struct buf shown = BUF_INIT(2 * DIGEST_MAX);
	if (str_eq(digest_str(got), digest_str(&w->value)))
		return true;
	hex_encode(&shown, digest_str(got));
	err_set(err, ERR_DATA, "the checksum is another one than %s says: %s", w->who,
	    buf_cstr(&shown));
	buf_free(&shown);
	return false;
}

/* All that want the digest of this kind. */
static bool finish_kind(struct verify *v, size_t kind, struct err *err)
{
	struct digest_value got;
	if (!v->running[kind])
		return true;
	bool ok = v->crypto->finish(v->running[kind], &got, err);
	v->running[kind] = NULL;
	for (size_t i = 0; i < v->count && ok; i++)
		if (v->wants[i].kind == kind)
			ok = compare(&v->wants[i], &got, err);
	return ok;
}

bool verify_finish(struct verify **v, struct err *err)
{
	bool ok = true;
	for (size_t kind = 0; *v && ok && kind < sizeof(*v)->running / sizeof *(*v)->running;
	     kind++)
		ok = finish_kind(*v, kind, err);
	verify_abandon(*v);
	*v = NULL;
	return ok;
}

void verify_abandon(struct verify *v)
{
	for (size_t i = 0; v && i < sizeof v->running / sizeof *v->running; i++)
		if (v->running[i])
			v->crypto->finish(v->running[i], NULL, NULL);
	free(v);
}
