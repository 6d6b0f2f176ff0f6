/*
 * Bodies, piece by piece, whatever their size. Knows nothing of dialogues.
 */
#include "tests/peer/body.h"

#include <stdio.h>
#include <string.h>

#include "common/base/limits.h"

#define PIECE (16 * KIB)

static const char pattern[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-\n";

static size_t lesser(uint64_t a, size_t b)
{
	return a < b ? (size_t)a : b;
}

bool body_send_file(struct conn *c, const char *path, uint64_t most, struct err *err)
{
	char piece[PIECE];
	size_t got;
	bool ok = true;
	FILE *in = fopen(path, "rb");
	if (!in)
		return err_set_errno(err, ERR_USAGE, "cannot read %s", path);
	while (ok && most && (got = fread(piece, 1, lesser(most, sizeof piece), in)) > 0) {
		most -= got;
		ok = conn_put(c, (struct str){piece, got}, err);
	}
	if (ferror(in))
		ok = err_set_errno(err, ERR_USAGE, "cannot read %s", path);
	fclose(in);
	return ok;
}

bool body_send_pattern(struct conn *c, uint64_t count, struct err *err)
{
	char piece[PIECE];
	const size_t period = sizeof pattern - 1;
	for (size_t i = 0; i < sizeof piece; i += period)
		memcpy(piece + i, pattern, period);
	bool ok = true;
	while (ok && count) {
		size_t size = lesser(count, sizeof piece);
		ok = conn_put(c, (struct str){piece, size}, err);
		count -= size;
	}
	return ok;
}

static bool take_to(struct conn *c, FILE *out, uint64_t count, struct err *err)
{
	struct str bytes;
	uint64_t left = count;
	while (left) {
		if (!conn_bytes(c, lesser(left, PIECE), &bytes, err))
			return false;
		if (bytes.len == 0 && count == BODY_ALL)
			break;
		if (bytes.len == 0)
			return err_set(err, ERR_IO, "the client closed %llu bytes too early",
			    (unsigned long long)left);
		if (out)
			fwrite(bytes.ptr, 1, bytes.len, out);
		left -= bytes.len;
	}
	return true;
}

bool body_take(struct conn *c, const char *path, uint64_t count, struct err *err)
{
	FILE *out = path ? fopen(path, "wb") : NULL;
	if (path && !out)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", path);
	bool ok = take_to(c, out, count, err);
	if (out && (ferror(out) | fclose(out)) != 0)
		ok = err_set_errno(err, ERR_USAGE, "cannot write %s", path);
	return ok;
}
