/*
 * Digests of pieces. The file they are of is the caller's.
 */
#include "cmd/webget/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/verify.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/hex.h"

static const struct {
	const char *iana, *name;
	size_t size;
} kinds[] = {{"sha-512", "sha512", 64}, {"sha-256", "sha256", 32}, {"sha-1", "sha1", 20}};

struct pieces *pieces_open(struct str algorithm, uint64_t length)
{
	for (size_t i = 0; length && i < sizeof kinds / sizeof *kinds; i++) {
		if (!str_is_nocase(algorithm, kinds[i].iana))
			continue;
		struct pieces *p = mem_alloc(sizeof *p);
		*p = (struct pieces){
		    .length = length, .size = kinds[i].size, .digests = BUF_INIT(LIMIT_FILE)};
		memcpy(p->algorithm, kinds[i].name, strlen(kinds[i].name) + 1);
		return p;
	}
	return NULL;
}

void pieces_free(struct pieces *p)
{
	if (p)
		buf_free(&p->digests);
	free(p);
}

bool pieces_add(struct pieces *p, struct str hex)
{
	if (hex.len != 2 * p->size || !hex_decode(&p->digests, hex))
		return false;
	p->count++;
	return !p->digests.over;
}

bool pieces_fit(const struct pieces *p, uint64_t total)
{
	return p->count == total / p->length + (total % p->length > 0);
}

bool pieces_are_strong(const struct pieces *p)
{
	return p && p->size > 20;
}

bool pieces_check(const struct pieces *p, size_t i, int fd, uint64_t total, struct err *err)
{
	struct verify *v = NULL;
	struct str digest = str_sub(buf_str(&p->digests), i * p->size, p->size);
	uint64_t from = i * p->length;
	uint64_t to = total - from < p->length ? total : from + p->length;
	if (!verify_want(&v, "the metalink's piece", str_of(p->algorithm), digest, err))
		return false;
	if (verify_add_fd(v, fd, from, to))
		return verify_finish(&v, err);
	verify_abandon(v);
	return err_set_errno(err, ERR_IO, "what came of the file");
}

bool pieces_check_all(const struct pieces *p, int fd, uint64_t total, struct err *err)
{
	if (p && !pieces_fit(p, total))
		return err_set(err, ERR_DATA,
		    "the file's size does not fit the pieces that the metalink has digests of");
	bool ok = true;
	for (size_t i = 0; p && ok && i < p->count; i++)
		ok = pieces_check(p, i, fd, total, err);
	return ok;
}
