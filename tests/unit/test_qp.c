/*
 * Quoted-printable: RFC 2045 6.7, whole and in pieces of every size.
 */
#include <stdlib.h>

#include "common/text/qp.h"
#include "tests/unit/unit.h"

static struct buf encoded(struct str text, size_t step)
{
	struct buf out = BUF_INIT(100000);
	struct qp_encoder e = {0};
	for (size_t at = 0; at < text.len; at += step)
		qp_encode(&e, &out, str_sub(text, at, step));
	qp_encode_end(&e, &out);
	return out;
}

static struct buf decoded(struct str text, size_t step)
{
	struct buf out = BUF_INIT(100000);
	struct qp_decoder d = {0};
	for (size_t at = 0; at < text.len; at += step)
		qp_decode(&d, &out, str_sub(text, at, step));
	qp_decode_end(&d, &out);
	return out;
}

static void encodes(struct unit *t, struct str text, const char *want)
{
	for (size_t step = 1; step < 9; step++) {
		struct buf out = encoded(text, step);
		CHECK_STR(buf_cstr(&out), want);
		buf_free(&out);
	}
}

static void decodes(struct unit *t, struct str text, const char *want)
{
	for (size_t step = 1; step < 9; step++) {
		struct buf out = decoded(text, step);
		CHECK_STR(buf_cstr(&out), want);
		buf_free(&out);
	}
}

static void encode(struct unit *t)
{
	encodes(t, STR(""), "");
	encodes(t, STR("plain text\n"), "plain text\r\n");
	encodes(t, STR("a\r\nb\nc"), "a\r\nb\r\nc");
	encodes(t, STR("1=2\n"), "1=3D2\r\n");
	encodes(t, STR("caf\xc3\xa9"), "caf=C3=A9");
	encodes(t, STR("end \nend\t\r\nend "), "end=20\r\nend=09\r\nend=20");
	encodes(t, STR("two  \n"), "two =20\r\n");
	encodes(t, STR("a\rb\r\n"), "a=0Db\r\n");
	encodes(t, STR("a\r"), "a=0D");
	encodes(t, STR("nul\0."), "nul=00.");
	encodes(t, STR(".\n..\na."), "=2E\r\n=2E.\r\na.");
	encodes(t, STR("From me\nFromage\n From me\n"), "From=20me\r\nFromage\r\n From me\r\n");
}

/* No line over 76, and soft breaks vanish again. */
static void columns(struct unit *t)
{
	char text[1000];
	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 7 ? (char)('a' + i % 26) : (char)0xe9;
	struct buf out = encoded((struct str){text, sizeof text}, 13);
	struct str rest = buf_str(&out), line;
	while (str_cut(&rest, '\n', &line))
		CHECK(line.len <= 77 && (!rest.len || line.ptr[line.len - 1] == '\r'));
	struct buf back = decoded(buf_str(&out), 5);
	CHECK(str_eq(buf_str(&back), (struct str){text, sizeof text}));
	buf_free(&out);
	buf_free(&back);
}

static void decode(struct unit *t)
{
	decodes(t, STR("caf=C3=a9=\r\n!"), "caf\xc3\xa9!");
	decodes(t, STR("a=\nb=  \r\nc"), "abc");
	decodes(t, STR("trail  \r\n x \n"), "trail\r\n x\n");
	decodes(t, STR("1=2 =G0 =A"), "1=2 =G0 =A");
	decodes(t, STR("=3D=3d==x"), "====x");
	decodes(t, STR("end="), "end");
	decodes(t, STR("end  "), "end");
}

/* Every byte survives, wherever it stands. */
static void there_and_back(struct unit *t)
{
	unsigned seed = 1;
	for (int round = 0; round < 300; round++) {
		char text[200];
		size_t len = (size_t)round % sizeof text;
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1103515245u + 12345u;
			text[i] = "ab =\t.\rF\x80\xff"[seed >> 16 & 7];
			text[i] = (seed >> 28 & 7) == 0 ? (char)(seed >> 20) : text[i];
			/* LF would come back as CRLF. */
			text[i] = text[i] == '\n' ? 'x' : text[i];
		}
		struct buf out = encoded((struct str){text, len}, 7);
		struct buf back = decoded(buf_str(&out), 3);
		CHECK(str_eq(buf_str(&back), (struct str){text, len}));
		buf_free(&out);
		buf_free(&back);
	}
}

static void ceiling(struct unit *t)
{
	struct buf out = BUF_INIT(10);
	struct qp_encoder e = {0};
	struct qp_decoder d = {0};
	CHECK(!qp_encode(&e, &out, STR("0123456789ab")));
	buf_clear(&out);
	CHECK(!qp_decode(&d, &out, STR("0123456789ab")));
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"encoding", encode},
	    {"lines of 76 at most", columns},
	    {"decoding, broken input too", decode},
	    {"there and back", there_and_back},
	    {"the ceiling", ceiling},
	};
	return unit_run(tests, COUNT(tests));
}
