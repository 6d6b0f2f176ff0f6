/*
 * Checksums of bodies. Knows no body and no file.
 */
#include "cmd/webget/verify.h"

#include <stdlib.h>
#include <unistd.h>

#include "common/base/digest.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/hex.h"

struct verify {
	const struct digest_module *crypto;
	struct digest *digest;
	struct buf wanted; /* raw bytes */
};

static const struct {
	const char *name;
	size_t digits;
} kinds[] = {{"sha256", 64}, {"sha512", 128}, {"sha1", 40}, {"md5", 32}};

static bool split(const char *spec, struct str *name, struct str *hex)
{
	*hex = str_of(spec);
	*name = STR_NONE;
	return str_cut(hex, ':', name);
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

struct verify *verify_open(const char *spec, struct err *err)
{
	struct verify *v = mem_alloc(sizeof *v);
	struct str name, hex;
	enum digest_kind kind;
	split(spec, &name, &hex);
	v->wanted = BUF_INIT(DIGEST_MAX);
	hex_decode(&v->wanted, hex);
	v->crypto = module_table("crypto", err);
	if (v->crypto && v->crypto->find(name, &kind))
		v->digest = v->crypto->open(kind, err);
	if (v->digest)
		return v;
	verify_abandon(v);
	return NULL;
}

void verify_add(struct verify *v, struct str bytes)
{
	v->crypto->add(v->digest, bytes);
}

bool verify_add_fd(struct verify *v, int fd, uint64_t len)
{
	char chunk[16 * KIB];
	for (uint64_t at = 0; at < len;) {
		size_t most = len - at < sizeof chunk ? (size_t)(len - at) : sizeof chunk;
		ssize_t n = pread(fd, chunk, most, (off_t)at);
		if (n <= 0)
			return false;
		verify_add(v, (struct str){chunk, (size_t)n});
		at += (uint64_t)n;
	}
	return true;
}

bool verify_finish(struct verify *v, struct err *err)
{
	struct digest_value got;
	struct buf shown = BUF_INIT(2 * DIGEST_MAX);
	bool ok = v->crypto->finish(v->digest, &got, err);
	v->digest = NULL;
	if (ok && !str_eq(digest_str(&got), buf_str(&v->wanted))) {
		hex_encode(&shown, digest_str(&got));
		ok =
		    err_set(err, ERR_DATA, "the checksum is another one: %s", buf_cstr(&shown));
	}
	buf_free(&shown);
	verify_abandon(v);
	return ok;
}

void verify_abandon(struct verify *v)
{
	struct err ignored = {0};
	if (!v)
		return;
	if (v->digest)
		v->crypto->finish(v->digest, NULL, &ignored);
	buf_free(&v->wanted);
	free(v);
}
