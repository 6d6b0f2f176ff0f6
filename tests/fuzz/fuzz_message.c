/*
 * Heads, address lists, encoded words, quoted-printable: what is taken apart
 * goes together to the same, and nothing that is written could end a line
 * where none ends. Input: a message; its first field's value is also taken as text.
 */
#include <string.h>

#include "common/base/limits.h"
#include "common/mail/compose.h"
#include "common/mail/message.h"
#include "common/text/utf8.h"
#include "common/text/word2047.h"
#include "tests/fuzz/fuzz.h"

/* Every line but the first begins with white space. */
static void must_be_folded(struct str s)
{
	struct str line;
	bool first = true;
	while (str_cut(&s, '\n', &line)) {
		must(first || line.len == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t');
		must(str_find(line, '\r') + 1 >= line.len);
		first = false;
	}
}

static void heads(struct str text)
{
	struct message_finder f = {0};
	struct message_head h, again;
	struct buf out = BUF_INIT(4 * MIB), twice = BUF_INIT(4 * MIB);
	struct mailboxes to = {0};
	struct err err = {0};
	for (size_t len = 0; !message_find_end(&f, str_sub(text, 0, len), len >= text.len);)
		len += 1 + len / 2;
	must(f.fields_at <= f.fields_end && f.fields_end <= f.body_at && f.body_at <= text.len);
	if (message_head_parse(&h, str_sub(text, f.fields_at, f.fields_end - f.fields_at))) {
		message_head_put(&h, &out);
		struct str fields = str_sub(buf_str(&out), 0, out.len - strlen(h.eol));
		must(message_head_parse(&again, fields));
		message_head_put(&again, &twice);
		/* The empty line aside: a CR at the very end may have changed the line end. */
		must(
		    h.count == again.count &&
		    str_eq(fields, str_sub(buf_str(&twice), 0, twice.len - strlen(again.eol))));
		message_head_free(&again);
		message_recipients(&h, &to, &err);
		message_remove_bcc(&h);
		must(!message_head_find(&h, "bcc", NULL));
	}
	message_head_free(&h);
	mailboxes_free(&to);
	buf_free(&out);
	buf_free(&twice);
}

/* An address that was written by us reads the same. */
static void addresses(struct str text)
{
	struct mailboxes list = {0}, again = {0};
	struct err err = {0}, none = {0};
	must(mailboxes_parse(&list, text, &err) != err_is_set(&err));
	for (size_t i = 0; i < list.count; i++) {
		struct str address = str_of(list.items[i].address);
		must(address.len > 0 && address.len <= LIMIT_ADDRESS);
		must(mailboxes_parse_one(&again, address, &none));
		must(str_is(address, again.items[again.count - 1].address));
		if (mailbox_is_address(address, true))
			must(str_is_one_line(address));
	}
	mailboxes_unique(&list);
	mailboxes_free(&list);
	mailboxes_free(&again);
}

static void words(struct str text)
{
	struct buf out = BUF_INIT(4 * MIB), back = BUF_INIT(4 * MIB);
	struct err err = {0};
	for (enum word2047_place p = WORD2047_TEXT; p <= WORD2047_COMMENT; p++) {
		size_t column = 9;
		buf_clear(&out);
		word2047_encode(&out, text, p, &column);
		must_be_folded(buf_str(&out));
		must(!str_has_byte(buf_str(&out), '\0'));
	}
	word2047_decode(&back, text);
	must(utf8_is_valid(buf_str(&back)));
	buf_clear(&out);
	if (compose_put_field(&out, "To", text, &err))
		must_be_folded(buf_str(&out));
	buf_clear(&back);
	word2047_get_param(text, "filename", &back);
	must(utf8_is_valid(buf_str(&back)));
	buf_free(&out);
	buf_free(&back);
}

/* RFC 2047 2: no word over 75; RFC 5322 2.1.1 for what can be folded is the unit test's. */
static void must_have_short_words(struct str s)
{
	struct str line;
	while (str_cut(&s, '\n', &line)) {
		size_t at = str_find_str(line, STR("=?UTF-8?"));
		struct str word = str_sub(line, at, line.len);
		must(word.len == 0 || str_find(word, ' ') <= 76);
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Line ends stay: they were encoded. */
static struct str trim_blanks(struct str s)
{
	while (s.len && is_blank(s.ptr[0]))
		s = str_sub(s, 1, s.len);
	while (s.len && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

/* The words with one space between them. */
static struct str squeeze(struct buf *out, struct str s)
{
	buf_clear(out);
	s = trim_blanks(s);
	for (size_t i = 0; i < s.len; i++) {
		if (!is_blank(s.ptr[i]))
			buf_add_byte(out, s.ptr[i]);
		else if (out->len && out->ptr[out->len - 1] != ' ')
			buf_add_byte(out, ' ');
	}
	return buf_str(out);
}

/* What is encoded is read back as it was, but for white space where it means nothing. */
static void round_trip(struct str text)
{
	struct buf out = BUF_INIT(4 * MIB), back = BUF_INIT(4 * MIB), want = BUF_INIT(4 * MIB);
	struct mailboxes one = {0};
	struct err err = {0};
	size_t column = 9;
	if (utf8_is_valid(text)) {
		word2047_encode(&out, text, WORD2047_TEXT, &column);
		must_have_short_words(buf_str(&out));
		must(word2047_decode(&back, buf_str(&out)));
		must(str_eq(buf_str(&back), trim_blanks(text)));
		/* As the name that goes before an address, by the reader of address lists. */
		buf_clear(&out);
		column = 7;
		word2047_encode(&out, text, WORD2047_PHRASE, &column);
		buf_add_text(&out, " <a@b>");
		must(mailboxes_parse(&one, buf_str(&out), &err) && one.count == 1);
		buf_clear(&back);
		word2047_decode(&back, str_of(one.items[0].name ? one.items[0].name : ""));
		struct str name = squeeze(&want, buf_str(&back));
		must(str_eq(name, squeeze(&out, text)));
	}
	mailboxes_free(&one);
	buf_free(&want);
	buf_free(&out);
	buf_free(&back);
}

static void params(struct str value)
{
	struct buf out = BUF_INIT(4 * MIB), back = BUF_INIT(4 * MIB);
	size_t column = 20;
	if (!str_has_byte(value, '=') && utf8_is_valid(value) &&
	    word2047_put_param(&out, "filename", value, &column)) {
		must_be_folded(buf_str(&out));
		must(word2047_get_param(buf_str(&out), "filename", &back));
		must(str_eq(buf_str(&back), value));
	}
	buf_free(&out);
	buf_free(&back);
}

/* Encoded and decoded, in pieces of any size, it is the same but for its line ends. */
static void printable(struct str text, size_t step)
{
	struct buf out = BUF_INIT(4 * MIB), back = BUF_INIT(4 * MIB), want = BUF_INIT(4 * MIB);
	struct qp_encoder e = {0};
	struct qp_decoder d = {0};
	struct str rest, line;
	for (size_t at = 0; at < text.len; at += step)
		qp_encode(&e, &out, str_sub(text, at, step));
	qp_encode_end(&e, &out);
	for (rest = buf_str(&out); str_cut(&rest, '\n', &line);)
		must(line.len <= 77);
	for (size_t at = 0; at < out.len; at += step)
		qp_decode(&d, &back, str_sub(buf_str(&out), at, step));
	qp_decode_end(&d, &back);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n' && (i == 0 || text.ptr[i - 1] != '\r'))
			buf_add_byte(&want, '\r');
		buf_add_byte(&want, text.ptr[i]);
	}
	must(str_eq(buf_str(&back), buf_str(&want)));
	buf_free(&out);
	buf_free(&back);
	buf_free(&want);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	size_t colon = str_find(text, ':');
	struct str value = colon < size ? str_sub(text, colon + 1, size) : text;
	heads(text);
	addresses(value);
	words(value);
	round_trip(value);
	params(value);
	printable(text, 1 + size % 7);
	return 0;
}
