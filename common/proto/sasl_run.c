/*
 * The exchange over a stream, the same for SMTP, POP3 and IMAP: only the first
 * command and the server's answers differ, and those are the carrier's.
 */
#include <stdio.h>
#include <string.h>

#include "common/proto/sasl_inside.h"
#include "common/text/base64.h"

struct exchange {
	struct stream *stream;
	struct sasl *sasl;
	struct err *err;
	struct buf bytes;    /* a decoded challenge */
	struct buf response; /* secret */
	struct buf encoded;  /* secret */
	bool held_back;      /* the first response waits for the server's empty challenge */
};

/* Into e->encoded. */
static bool answer(struct exchange *e, struct str challenge)
{
	buf_clear(&e->encoded);
	return sasl_step(e->sasl, challenge, &e->response, e->err) &&
	       base64_encode(&e->encoded, buf_str(&e->response));
}

static bool decode(struct exchange *e, struct str text)
{
	buf_clear(&e->bytes);
	return base64_decode(&e->bytes, str_trim(text)) ||
	       err_set(e->err, ERR_PROTOCOL, "the server's %s challenge is not base64",
		   sasl_name(e->sasl));
}

/* RFC 4954 4, RFC 5034 4, RFC 3501 6.2.2: "*" calls it off, and is answered. */
static bool call_off(struct exchange *e, const struct sasl_carrier *carrier, void *self)
{
	struct str ignored;
	stream_put_line(e->stream, "*");
	carrier->read_answer(self, e->stream, &ignored, e->err);
	return false;
}

static bool start(struct exchange *e, const struct sasl_carrier *carrier, void *self)
{
	const char *initial = NULL;
	const char *name = sasl_name(e->sasl);
	if (sasl_is_client_first(e->sasl)) {
		if (!answer(e, STR_NONE))
			return false;
		initial = e->encoded.len ? buf_cstr(&e->encoded) : "=";
		e->held_back = strlen(initial) > carrier->initial_most;
	}
	carrier->put_start(self, e->stream, name, e->held_back ? NULL : initial);
	return true;
}

static bool respond(struct exchange *e, struct str challenge)
{
	if (!e->held_back && !(decode(e, challenge) && answer(e, buf_str(&e->bytes))))
		return false;
	e->held_back = false;
	stream_put_secret(e->stream, "****", "%s", e->encoded.len ? e->encoded.ptr : "");
	return true;
}

/* The reason in OAuth's challenge came before the refusal, which says little. */
static bool add_complaint(const struct exchange *e)
{
	size_t len = strlen(e->err->text), room = sizeof e->err->text - len;
	struct str complaint = buf_str(&e->sasl->complaint);
	if (complaint.len && err_is_set(e->err))
		snprintf(e->err->text + len, room, " (the server: %.*s)",
		    (int)(complaint.len < 200 ? complaint.len : 200), complaint.ptr);
	return false;
}

static bool converse(struct exchange *e, const struct sasl_carrier *carrier, void *self)
{
	for (;;) {
		struct str challenge = STR_NONE;
		switch (carrier->read_answer(self, e->stream, &challenge, e->err)) {
		case SASL_DONE:
			if (e->held_back)
				return err_set(e->err, ERR_PROTOCOL,
				    "the server said yes before it was told who we are");
			return sasl_finish(e->sasl, e->err);
		case SASL_FAILED:
			err_pass(e->err, stream_err(e->stream));
			return add_complaint(e);
		case SASL_MORE: break;
		}
		if (!respond(e, challenge))
			return call_off(e, carrier, self);
	}
}

bool sasl_run(struct stream *s, const struct sasl_carrier *carrier, void *self, struct sasl *x,
    struct err *err)
{
	struct exchange e = {s, x, err, BUF_INIT(LIMIT_LINE), BUF_INIT(LIMIT_SASL),
	    BUF_INIT(2 * LIMIT_SASL), false};
	/* Room at once: growing would leave copies behind that nobody wipes. */
	buf_reserve(&e.response, 8 * KIB);
	buf_reserve(&e.encoded, 16 * KIB);
	/* A failure of the start leaves nothing to call off: nothing was sent. */
	bool ok = start(&e, carrier, self) && converse(&e, carrier, self);
	buf_free(&e.bytes);
	buf_free_secret(&e.response);
	buf_free_secret(&e.encoded);
	return ok;
}
