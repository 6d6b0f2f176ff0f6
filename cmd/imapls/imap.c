/*
 * The dialogue. What is asked when, and what a refusal means for the run, is decided elsewhere.
 */
#include "cmd/imapls/imap.h"

#include <ctype.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/number.h"

static const struct {
	const char *word;
	unsigned capability;
} words[] = {
    {"STARTTLS", IMAP_STARTTLS},
    {"LOGINDISABLED", IMAP_LOGINDISABLED},
    {"SASL-IR", IMAP_SASL_IR},
    {"LITERAL+", IMAP_LITERAL_PLUS},
    {"LITERAL-", IMAP_LITERAL_MINUS},
    {"LIST-STATUS", IMAP_LIST_STATUS},
    {"SPECIAL-USE", IMAP_SPECIAL_USE},
    {"LIST-EXTENDED", IMAP_LIST_EXTENDED},
    {"ESEARCH", IMAP_ESEARCH},
    {"SORT", IMAP_SORT},
    {"THREAD=REFERENCES", IMAP_THREAD},
    {"MOVE", IMAP_MOVE},
    {"UIDPLUS", IMAP_UIDPLUS},
    {"IDLE", IMAP_IDLE},
    {"ENABLE", IMAP_ENABLE},
    {"CONDSTORE", IMAP_CONDSTORE},
    {"QRESYNC", IMAP_QRESYNC | IMAP_CONDSTORE},
    {"UTF8=ACCEPT", IMAP_UTF8},
    {"COMPRESS=DEFLATE", IMAP_COMPRESS},
    {"NAMESPACE", IMAP_NAMESPACE},
    {"ID", IMAP_ID},
    {"IMAP4rev1", IMAP_REV1},
    /* RFC 9051 made these part of the base. */
    {"IMAP4rev2", IMAP_REV2 | IMAP_SASL_IR | IMAP_LITERAL_MINUS | IMAP_LIST_STATUS |
		      IMAP_SPECIAL_USE | IMAP_LIST_EXTENDED | IMAP_ESEARCH | IMAP_MOVE |
		      IMAP_UIDPLUS | IMAP_IDLE | IMAP_ENABLE | IMAP_NAMESPACE},
};

static const struct {
	const char *word;
	enum imap_status status;
} statuses[] = {
    {"OK", IMAP_OK},
    {"NO", IMAP_NO},
    {"BAD", IMAP_BAD},
    {"BYE", IMAP_BYE},
    {"PREAUTH", IMAP_PREAUTH},
};

/* RFC 5530, RFC 3501 7.1: what a code says about trying again. */
static const struct {
	const char *code;
	enum err_kind kind;
} kinds[] = {
    {"UNAVAILABLE", ERR_AGAIN},
    {"INUSE", ERR_AGAIN},
    {"LIMIT", ERR_AGAIN},
    {"SERVERBUG", ERR_AGAIN},
    {"AUTHENTICATIONFAILED", ERR_AUTH},
    {"AUTHORIZATIONFAILED", ERR_AUTH},
    {"EXPIRED", ERR_AUTH},
    {"PRIVACYREQUIRED", ERR_AUTH},
    {"NONEXISTENT", ERR_ABSENT},
    {"TRYCREATE", ERR_ABSENT},
    {"CONTACTADMIN", ERR_REFUSED},
    {"NOPERM", ERR_REFUSED},
    {"OVERQUOTA", ERR_REFUSED},
    {"ALREADYEXISTS", ERR_REFUSED},
    {"CANNOT", ERR_REFUSED},
};

void imap_start(struct imap *i, struct stream *s)
{
	imap_drop(i);
	i->stream = s;
	i->name = BUF_INIT(256);
	i->text = BUF_INIT(LIMIT_REPLY);
	i->code = BUF_INIT(LIMIT_REPLY);
	i->mechanisms = BUF_INIT(LIMIT_REPLY);
	wire_start(&i->wire, s);
}

void imap_drop(struct imap *i)
{
	stream_close(i->stream);
	buf_free(&i->name);
	buf_free(&i->text);
	buf_free(&i->code);
	buf_free(&i->mechanisms);
	*i = (struct imap){0};
}

/* ---- capabilities ---- */

static void note_capability(struct imap *i, struct str word)
{
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (str_is_nocase(word, words[k].word))
			i->capabilities |= words[k].capability;
	if (!str_starts_nocase(word, "AUTH="))
		return;
	if (i->mechanisms.len)
		buf_add_byte(&i->mechanisms, ' ');
	buf_add_str(&i->mechanisms, str_sub(word, 5, word.len));
}

void imap_forget(struct imap *i)
{
	i->capabilities = 0;
	i->has_capabilities = false;
	buf_clear(&i->mechanisms);
}

static void note_capabilities(struct imap *i, struct str list)
{
	struct str word;
	imap_forget(i);
	while (str_cut(&list, ' ', &word))
		note_capability(i, word);
	i->has_capabilities = true;
	/* A server that never knew another way (RFC 9051 E 16). */
	if (i->capabilities & IMAP_REV2 && !(i->capabilities & IMAP_REV1))
		i->utf8 = true;
}

/* RFC 5161 3.2 */
static void note_enabled(struct imap *i, struct str list)
{
	struct str word;
	while (str_cut(&list, ' ', &word)) {
		i->utf8 = i->utf8 || str_is_nocase(word, "UTF8=ACCEPT") ||
			  str_is_nocase(word, "IMAP4rev2");
		i->qresync = i->qresync || str_is_nocase(word, "QRESYNC");
	}
}

/* ---- answers ---- */

static void note_code(struct imap *i)
{
	struct str rest = buf_str(&i->code), word = STR_NONE;
	uint64_t n;
	str_cut(&rest, ' ', &word);
	if (str_is_nocase(word, "CAPABILITY"))
		note_capabilities(i, rest);
	else if (!number_parse(rest, &n))
		return;
	else if (str_is_nocase(word, "UIDVALIDITY"))
		i->uid_validity = n;
	else if (str_is_nocase(word, "UIDNEXT"))
		i->uid_next = n;
	else if (str_is_nocase(word, "HIGHESTMODSEQ"))
		i->modseq = n;
}

/* "[CODE args] words": the code ends at the first bracket outside quotes. */
static void split_code(struct imap *i)
{
	struct str text = buf_str(&i->text);
	bool in_quotes = false;
	buf_clear(&i->code);
	if (!str_starts(text, "["))
		return;
	for (size_t k = 1; k < text.len; k++) {
		if (text.ptr[k] == '"')
			in_quotes = !in_quotes;
		if (text.ptr[k] != ']' || in_quotes)
			continue;
		buf_add_str(&i->code, str_sub(text, 1, k - 1));
		break;
	}
}

static enum imap_status status_of(struct str word)
{
	for (size_t k = 0; k < sizeof statuses / sizeof *statuses; k++)
		if (str_is_nocase(word, statuses[k].word))
			return statuses[k].status;
	return IMAP_NONE;
}

static void take_status(struct imap *i, enum imap_status status)
{
	i->status = status;
	buf_clear(&i->text);
	buf_add_str(&i->text, str_trim(wire_text(&i->wire)));
	split_code(i);
	note_code(i);
	i->bye = i->bye || status == IMAP_BYE;
}

/* "* OK ...", "* 12 EXISTS", "* LIST ...": false when it is ours and done with. */
static bool take_untagged(struct imap *i, bool *theirs)
{
	struct token t = wire_token(&i->wire);
	uint64_t n = 0;
	*theirs = false;
	i->number = 0;
	if (t.kind == TOKEN_ATOM && number_parse(t.text, &n)) {
		i->number = n;
		t = wire_token(&i->wire);
	}
	if (t.kind != TOKEN_ATOM)
		return wire_fail(&i->wire, "an answer has no name");
	enum imap_status status = status_of(t.text);
	if (status) {
		take_status(i, status);
		return true;
	}
	buf_clear(&i->name);
	for (size_t k = 0; k < t.text.len; k++)
		buf_add_byte(&i->name, (char)toupper((unsigned char)t.text.ptr[k]));
	if (imap_is(i, "CAPABILITY"))
		note_capabilities(i, wire_text(&i->wire));
	else if (imap_is(i, "ENABLED"))
		note_enabled(i, wire_text(&i->wire));
	else if (imap_is(i, "EXISTS"))
		i->exists = n, i->changed = true;
	else if (imap_is(i, "EXPUNGE"))
		i->exists -= i->exists > 0, i->changed = true;
	*theirs = true;
	return true;
}

/* A tag of ours, the next one due: answers come in the order of the commands, since each of
 * them here could change what the next one means (RFC 9051 5.5). */
static bool take_tagged(struct imap *i, struct str tag)
{
	uint64_t number;
	bool ours = tag.len >= 4 && tag.ptr[0] == 'A' &&
		    number_parse_max(str_sub(tag, 1, tag.len), UINT32_MAX, &number);
	if (!ours || number != i->answered + 1 || number > i->last_tag)
		return wire_fail(&i->wire, "an answer has a tag that was not due");
	struct token t = wire_token(&i->wire);
	enum imap_status status = t.kind == TOKEN_ATOM ? status_of(t.text) : IMAP_NONE;
	if (status != IMAP_OK && status != IMAP_NO && status != IMAP_BAD)
		return wire_fail(&i->wire, "a tagged answer is neither OK, NO nor BAD");
	i->answered = (unsigned)number;
	take_status(i, status);
	return true;
}

enum kind { FAILED, UNTAGGED, TAGGED, CONTINUED };

static enum kind read_answer(struct imap *i, bool *theirs)
{
	*theirs = false;
	i->status = IMAP_NONE;
	if (!wire_next(&i->wire))
		return FAILED;
	if (str_starts(i->wire.rest, "+")) {
		i->wire.rest = str_sub(i->wire.rest, 1, i->wire.rest.len);
		take_status(i, IMAP_MORE);
		return CONTINUED;
	}
	struct token t = wire_token(&i->wire);
	if (token_is(&t, "*"))
		return take_untagged(i, theirs) ? UNTAGGED : FAILED;
	if (t.kind == TOKEN_FAILED)
		return FAILED;
	return take_tagged(i, t.text) ? TAGGED : FAILED;
}

static enum err_kind kind_of(const struct imap *i, enum err_kind otherwise)
{
	struct str rest = buf_str(&i->code), word = STR_NONE;
	str_cut(&rest, ' ', &word);
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		if (str_is_nocase(word, kinds[k].code))
			return kinds[k].kind;
	return otherwise;
}

static bool fail_bye(struct imap *i, struct err *err)
{
	err_set(err, kind_of(i, ERR_AGAIN), "the server ended the session");
	err_set_said(err, 0, buf_str(&i->text));
	return false;
}

static bool fail_stream(struct imap *i, struct err *err)
{
	/* BYE, then the end: the words say more than the end does. */
	bool ended = stream_err(i->stream)->kind == ERR_AGAIN;
	if (i->bye && !i->logging_out && ended)
		return fail_bye(i, err);
	return err_pass(err, stream_err(i->stream));
}

bool imap_next(struct imap *i, unsigned tag, struct err *err)
{
	bool theirs = false;
	while (i->answered < tag) {
		enum kind kind = read_answer(i, &theirs);
		if (kind == FAILED)
			return fail_stream(i, err);
		if (kind == CONTINUED) {
			wire_fail(&i->wire, "it asks for more, but nothing was announced");
			return fail_stream(i, err);
		}
		if (kind == UNTAGGED && i->status == IMAP_BYE && !i->logging_out)
			return fail_bye(i, err);
		if (kind == UNTAGGED && theirs)
			return true;
	}
	return false;
}

bool imap_continue(struct imap *i, unsigned tag, struct err *err)
{
	bool theirs;
	for (;;) {
		enum kind kind = read_answer(i, &theirs);
		if (kind == FAILED)
			return fail_stream(i, err);
		if (kind == CONTINUED || (kind == TAGGED && i->answered == tag))
			return true;
		if (kind == UNTAGGED && i->status == IMAP_BYE)
			return fail_bye(i, err);
	}
}

bool imap_read(struct imap *i, struct err *err)
{
	bool theirs;
	if (read_answer(i, &theirs) == FAILED)
		return fail_stream(i, err);
	return i->status != IMAP_BYE || fail_bye(i, err);
}

bool imap_is(const struct imap *i, const char *name)
{
	return str_is(buf_str(&i->name), name);
}

bool imap_finish(struct imap *i, unsigned tag, struct err *err)
{
	while (imap_next(i, tag, err))
		;
	return i->answered >= tag;
}

bool imap_good(struct imap *i, enum err_kind otherwise, const char *what, struct err *err)
{
	if (i->status == IMAP_OK)
		return true;
	err_set(err, kind_of(i, i->status == IMAP_BAD ? ERR_REFUSED : otherwise), "%s", what);
	err_set_said(err, 0, buf_str(&i->text));
	return false;
}

bool imap_expect(struct imap *i, unsigned tag, const char *what, struct err *err)
{
	return imap_finish(i, tag, err) && imap_good(i, ERR_REFUSED, what, err);
}

bool imap_greeting(struct imap *i, struct err *err)
{
	bool theirs;
	enum kind kind = read_answer(i, &theirs);
	if (kind == FAILED)
		return fail_stream(i, err);
	if (i->status == IMAP_BYE)
		return fail_bye(i, err);
	i->preauth = i->status == IMAP_PREAUTH;
	if (kind == UNTAGGED && (i->preauth || i->status == IMAP_OK))
		return true;
	wire_fail(&i->wire, "the greeting is neither OK, PREAUTH nor BYE");
	return fail_stream(i, err);
}
