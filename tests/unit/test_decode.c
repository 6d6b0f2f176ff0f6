/*
 * Content codings undone: every coding, in one piece and byte by byte, layers,
 * cut and corrupt bodies.
 */
#include "cmd/webget/decode.h"

#include "common/base/limits.h"
#include "tests/unit/unit.h"

/* Made by gzip, zlib, brotli and zstd of TEXT; TWO is deflate of gzip, FIVE five times gzip,
 * BOMB twice gzip of 3,000,000 NULs. */
#define LINE "Hello, hello, hello content coding!\n"
#define TEXT LINE LINE LINE
static const char gzip[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xf3\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2"
    "\x14\x92\xf3\xf3\x4a\x52\xf3\x4a\x80\x74\x4a\x66\x5e\xba\x22\x97\x07\x95\xd4\x00"
    "\x00\xc2\xbb\xe7\x27\x6c\x00\x00\x00";
static const char zlib[] =
    "\x78\x9c\xf3\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2\x14\x92\xf3\xf3\x4a\x52\xf3\x4a"
    "\x80\x74\x4a\x66\x5e\xba\x22\x97\x07\x95\xd4\x00\x00\x0e\x89\x25\xab";
static const char raw[] =
    "\xf3\x48\xcd\xc9\xc9\xd7\x51\xc8\x40\xa2\x14\x92\xf3\xf3\x4a\x52\xf3\x4a\x80\x74"
    "\x4a\x66\x5e\xba\x22\x97\x07\x95\xd4\x00\x00";
static const char br[] =
    "\x1f\x6b\x00\x30\x1d\x07\x6e\xac\x1b\x8f\x64\x58\xba\x23\x54\x7a\x87\x20\xb1\xbd"
    "\x49\xb4\x31\x85\x04\x61\x29\x03\x87\x1c\xe0\x41\xed\xf3\x52\x08\xb5\xd8\xea\x84"
    "\x19\xb2\x49\xd7\xeb\xc0\xea\x79\x50\xfa\x56\xb1\x10";
static const char zstd[] =
    "\x28\xb5\x2f\xfd\x04\x58\x3d\x01\x00\xd0\x48\x65\x6c\x6c\x6f\x2c\x20\x68\x20\x63"
    "\x6f\x6e\x74\x65\x6e\x74\x20\x63\x6f\x64\x69\x6e\x67\x21\x0a\x48\x04\x00\x3a\xea"
    "\x00\x70\x00\x50\x31\x28\x2e\x71\x76\xfe\x7f\x88";
static const char two[] =
    "\x78\x9c\x93\xef\xe6\x60\x00\x01\x26\x66\x6d\xcd\xf3\xe1\x27\x3c\xd7\xf8\xe8\x6a"
    "\xb1\x31\x7c\x50\xb9\x26\xc9\x05\x14\x05\x00\x5f\xdc\x06\xa5";
static const char five[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x93\xef\xe6\x60\x00\x01\x26\xe6\xc9\xef"
    "\x9f\x25\x30\x30\xaa\x3d\x3b\xf9\x7e\xbe\xaa\x81\xc1\x2a\x5b\xeb\x9f\x75\xfb\x56"
    "\x35\x1e\x5c\xb5\xb4\xfa\xfb\xf3\x29\xcf\x3e\xcf\xfb\xff\xe5\x66\xd1\xb6\x09\x4b"
    "\xf6\x2a\x5e\xef\xab\x5f\x79\x59\xd2\xcf\xd0\xf8\xc8\x56\x5f\xe3\x0b\x0c\xaf\x18"
    "\x18\x4c\x8e\x28\x97\x5a\x01\x0d\x01\x00\xa3\x40\xe6\xcd\x4d\x00\x00\x00";
static const char bomb[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x93\xef\xe6\x60\x00\x01\x26\xe6\xb7\x07"
    "\x19\x19\x81\x8c\x26\x85\xff\xeb\xf3\x3c\x1c\x18\x19\x46\xc1\x28\x18\x05\xa3\x60"
    "\x14\x8c\x82\x51\x30\x0a\x46\xc1\x28\x18\x05\x54\x00\xfa\x6c\xa9\x8b\x18\x7d\x0f"
    "\x1c\xd3\x65\x00\x00\xaa\x92\x52\x10\x7d\x0b\x00\x00";

/* 1,000,000 times "a" */
static const char br_bomb[] = "\x5f\x3f\x42\x8f\x5f\x22\x2c\x1e\x0b\x04\xf2\x73\x1e\x00";
static const char zstd_bomb[] =
    "\x28\xb5\x2f\xfd\x04\x68\x4c\x00\x00\x08\x61\x01\x00\xfc\xff\x39\x10\x02\x02\x00"
    "\x10\x61\x02\x00\x10\x61\x02\x00\x10\x61\x02\x00\x10\x61\x02\x00\x10\x61\x02\x00"
    "\x10\x61\x03\x12\x0a\x61\x40\xdc\x4f\x9b";

#define BYTES(array) ((struct str){(array), sizeof(array) - 1})

static struct decoder *opened(const char *encoding, struct err *err)
{
	struct fields f = {0};
	fields_add(&f, STR("content-encoding"), str_of(encoding));
	struct decoder *d = decoder_open(&f, err);
	fields_free(&f);
	return d;
}

/* Feeds `in` in pieces of that size; what comes out goes to out. */
static bool run(
    struct decoder *d, struct str in, size_t piece, struct buf *out, struct err *err)
{
	while (in.len) {
		struct str got = {NULL, 1};
		decoder_feed(d, str_sub(in, 0, piece));
		in = str_sub(in, piece, in.len);
		while (got.len) {
			if (!decoder_next(d, &got, err))
				return false;
			buf_add_str(out, got);
		}
	}
	return decoder_finish(d, err);
}

static void gives(struct unit *t, const char *encoding, struct str in, struct str want)
{
	for (size_t piece = 1; piece < 2000; piece = piece * 7 + 1) {
		struct err err = {0};
		struct buf out = BUF_INIT(100000);
		struct decoder *d = opened(encoding, &err);
		bool ok = d && run(d, in, piece, &out, &err);
		unit_check_str(t, str_of(err.text), str_of(""), encoding);
		unit_check(t, ok, encoding);
		unit_check_str(t, buf_str(&out), want, encoding);
		decoder_close(d);
		buf_free(&out);
	}
}

static void codings(struct unit *t)
{
	gives(HERE(t), "gzip", BYTES(gzip), STR(TEXT));
	gives(HERE(t), "X-GZip", BYTES(gzip), STR(TEXT));
	gives(HERE(t), "deflate", BYTES(zlib), STR(TEXT));
	gives(HERE(t), "deflate", BYTES(raw), STR(TEXT));
	gives(HERE(t), "br", BYTES(br), STR(TEXT));
	gives(HERE(t), "zstd", BYTES(zstd), STR(TEXT));
}

static void layers(struct unit *t)
{
	gives(HERE(t), "gzip, identity, deflate", BYTES(two), STR("two layers"));
	gives(HERE(t), "gzip,gzip,gzip,gzip,gzip", BYTES(five), STR("five"));
	struct fields f = {0};
	struct err err = {0};
	struct buf out = BUF_INIT(100);
	fields_add(&f, STR("Content-Encoding"), STR("gzip"));
	fields_add(&f, STR("Content-Encoding"), STR("deflate"));
	struct decoder *d = decoder_open(&f, &err);
	CHECK(d && run(d, BYTES(two), 1000, &out, &err));
	CHECK_STR(buf_cstr(&out), "two layers");
	decoder_close(d);
	fields_free(&f);
	buf_free(&out);
}

static void nothing_to_do(struct unit *t)
{
	struct err err = {0};
	struct fields none = {0};
	CHECK(!decoder_open(&none, &err) && !opened("identity", &err) && !opened("", &err));
	CHECK(!err_is_set(&err));
	gives(HERE(t), "gzip", STR(""), STR(""));
	gives(HERE(t), "br, gzip", STR(""), STR(""));
}

static void refused(struct unit *t)
{
	struct err err = {0};
	CHECK(!opened("gzip, compress\x1b", &err) && err.kind == ERR_PROTOCOL);
	CHECK(strstr(err.text, "compress\\x1b"));
	err_clear(&err);
	CHECK(!opened("gzip,gzip,gzip,gzip,gzip,gzip", &err) && err.kind == ERR_PROTOCOL);
}

static void fails(struct unit *t, const char *encoding, struct str in, const char *word)
{
	for (size_t piece = 1; piece < 2000; piece = piece * 7 + 1) {
		struct err err = {0};
		struct buf out = BUF_INIT(100000);
		struct decoder *d = opened(encoding, &err);
		unit_check(t, d && !run(d, in, piece, &out, &err), encoding);
		unit_check_int(t, err.kind, ERR_PROTOCOL, encoding);
		if (!unit_check(t, strstr(err.text, word), word))
			unit_check_str(t, str_of(err.text), str_of(word), encoding);
		decoder_close(d);
		buf_free(&out);
	}
}

static void cut(struct unit *t)
{
	fails(HERE(t), "gzip", str_sub(BYTES(gzip), 0, 1), "gzip-encoded body is cut");
	fails(HERE(t), "gzip", str_sub(BYTES(gzip), 0, 30), "cut");
	fails(HERE(t), "gzip", str_sub(BYTES(gzip), 0, sizeof gzip - 2), "cut");
	fails(HERE(t), "deflate", str_sub(BYTES(zlib), 0, sizeof zlib - 2), "cut");
	fails(HERE(t), "br", str_sub(BYTES(br), 0, sizeof br - 2), "br-encoded body is cut");
	fails(HERE(t), "zstd", str_sub(BYTES(zstd), 0, sizeof zstd - 2), "cut");
	fails(HERE(t), "gzip, deflate", str_sub(BYTES(two), 0, 20), "cut");
}

static void corrupt(struct unit *t)
{
	static const struct {
		const char *encoding, *bytes;
		size_t len;
	} rows[] = {
	    {"gzip", gzip, sizeof gzip - 1},
	    {"zstd", zstd, sizeof zstd - 1},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf bad = BUF_INIT(1000);
		buf_add(&bad, rows[i].bytes, rows[i].len);
		bad.ptr[rows[i].len - 6] ^= 0x55;
		fails(HERE(t), rows[i].encoding, buf_str(&bad), "corrupt");
		buf_free(&bad);
	}
	fails(HERE(t), "gzip", STR("<html>not at all</html>"), "gzip-encoded body is corrupt");
	fails(HERE(t), "br", STR("\xff\xff\xff\xff\xff"), "corrupt");
	fails(HERE(t), "gzip, deflate", BYTES(zlib), "gzip-encoded body is corrupt");
}

/* A few bytes become `want`, in pieces of bounded size. */
static void swells(struct unit *t, const char *encoding, struct str in, size_t want)
{
	struct err err = {0};
	struct decoder *d = opened(encoding, &err);
	struct str got = {NULL, 1};
	size_t sum = 0, most = 0;
	decoder_feed(d, in);
	while (got.len && unit_check(t, decoder_next(d, &got, &err), encoding)) {
		sum += got.len;
		most = got.len > most ? got.len : most;
	}
	unit_check_int(t, (long long)sum, (long long)want, encoding);
	unit_check(t, most <= 32 * KIB, encoding);
	unit_check(t, decoder_finish(d, &err), encoding);
	decoder_close(d);
}

static void bombs(struct unit *t)
{
	swells(HERE(t), "gzip, gzip", BYTES(bomb), 3000000);
	swells(HERE(t), "br", BYTES(br_bomb), 1000000);
	swells(HERE(t), "zstd", BYTES(zstd_bomb), 1000000);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"each coding", codings},
	    {"layers", layers},
	    {"nothing to do", nothing_to_do},
	    {"what is refused", refused},
	    {"cut bodies", cut},
	    {"corrupt bodies", corrupt},
	    {"bombs, in pieces", bombs},
	};
	return unit_run(tests, COUNT(tests));
}
