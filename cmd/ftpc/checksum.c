/*
 * Digests: ours is made while the bytes pass, the server's is asked for at the
 * end.
 */
#include "cmd/ftpc/checksum.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/hex.h"

bool checksum_start(
    struct checksum *c, struct ftp *f, struct local *out, uint64_t held, struct err *err)
{
	(void)f;
	*c = (struct checksum){.crypto = module_table("crypto", err)};
	c->digest = c->crypto ? c->crypto->open(DIGEST_SHA256, err) : NULL;
	if (!c->digest)
		return false;
	char *chunk = mem_alloc(64 * KIB);
	for (uint64_t at = 0; out && at < held;) {
		ssize_t n = pread(out->fd, chunk, 64 * KIB, (off_t)at);
		if (n <= 0)
			break;
		checksum_add(c, (struct str){chunk, (size_t)n});
		at += (uint64_t)n;
	}
	free(chunk);
	return true;
}

void checksum_add(struct checksum *c, struct str piece)
{
	c->crypto->add(c->digest, piece);
}

void checksum_free(struct checksum *c)
{
	struct err ignored = {0};
	if (c->digest)
		c->crypto->finish(c->digest, NULL, &ignored);
	c->digest = NULL;
}

/* The word of 64 hexadecimal digits in the reply; HASH puts name, range and file around it,
 * and a server that was told nothing may use another digest. */
static struct str find_digest(struct str text)
{
	struct str word;
	while (str_cut(&text, ' ', &word)) {
		size_t hex = 0;
		word = str_trim(word);
		while (hex < word.len && char_hex(word.ptr[hex]) >= 0)
			hex++;
		if (hex == word.len && hex == 64)
			return word;
	}
	return STR_NONE;
}

static struct str ask(struct ftp *f, const char *path, struct err *err)
{
	if (!ftp_feat(f, err))
		return STR_NONE;
	if (f->features & FTP_HASH) {
		if (!ftp_ask(f, "OPTS", "HASH SHA-256", err) || !ftp_ask(f, "HASH", path, err))
			return STR_NONE;
		return reply_is_good(&f->reply) ? find_digest(reply_first(&f->reply))
						: STR_NONE;
	}
	if (!(f->features & FTP_XSHA256) || !ftp_ask(f, "XSHA256", path, err))
		return STR_NONE;
	return reply_is_good(&f->reply) ? find_digest(reply_first(&f->reply)) : STR_NONE;
}

bool checksum_compare(struct ftp *f, const char *path, struct checksum *c, struct err *err)
{
	struct digest_value ours;
	struct buf hex = BUF_INIT(LIMIT_WORDS);
	struct digest *d = c->digest;
	c->digest = NULL;
	if (!c->crypto->finish(d, &ours, err))
		return false;
	struct str theirs = ask(f, path, err);
	if (err_is_set(err))
		return false;
	hex_encode(&hex, digest_str(&ours));
	bool same = str_eq_nocase(theirs, buf_str(&hex));
	buf_free(&hex);
	if (theirs.len == 0)
		ftp_note(f, "%s: the server has no checksum to compare with", path);
	return theirs.len == 0 || same ||
	       err_set(err, ERR_DATA, "the server's checksum of %s is another: %.*s", path,
		   STR_ARG(theirs));
}
