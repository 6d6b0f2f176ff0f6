/*
 * Challenges read and ranked, and the two schemes that need no arithmetic. Digest
 * stands in auth_digest.c.
 */
#include "cmd/webget/auth.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/text/base64.h"

/* One challenge of a field: its scheme and what follows, a list or a token68. */
struct offer {
	struct str scheme, params;
};

/* Does a new challenge begin here, or is it a parameter of the one before? RFC 9110 11.6.1
 * lets both stand in one comma list. */
static bool begins_challenge(struct str element, struct offer *out)
{
	size_t word = str_find(element, ' ');
	struct str rest = str_trim(str_sub(element, word, element.len));
	out->scheme = str_sub(element, 0, word);
	out->params = rest;
	return field_is_token(out->scheme) && !(rest.len && *rest.ptr == '=');
}

/* Takes the next challenge off *rest. */
static bool next_offer(struct str *rest, struct offer *out)
{
	struct str element, ahead = *rest;
	struct offer next;
	do {
		if (!field_list_next(&ahead, &element))
			return false;
	} while (!begins_challenge(element, out));
	*rest = ahead;
	while (field_list_next(&ahead, &element) && !begins_challenge(element, &next)) {
		out->params.len = (size_t)(element.ptr + element.len - out->params.ptr);
		*rest = ahead;
	}
	return true;
}

/* Strongest first; 0 is nothing to go by. */
static int rank(const struct challenge *c)
{
	switch (c->scheme) {
	case AUTH_NONE: return 0;
	case AUTH_BASIC: return 2;
	case AUTH_BEARER: return 3;
	case AUTH_DIGEST: break;
	}
	if (c->unsupported)
		return 1;
	return c->kind == DIGEST_SHA512_256 ? 6 : c->kind == DIGEST_SHA256 ? 5 : 4;
}

static enum auth_scheme scheme_of(struct str name)
{
	return str_is_nocase(name, "basic")    ? AUTH_BASIC
	       : str_is_nocase(name, "digest") ? AUTH_DIGEST
	       : str_is_nocase(name, "bearer") ? AUTH_BEARER
					       : AUTH_NONE;
}

static void consider(const struct offer *offer, unsigned allowed, struct challenge *best)
{
	struct challenge c = {.scheme = scheme_of(offer->scheme)};
	if ((c.scheme & allowed) == 0)
		return;
	if (c.scheme == AUTH_DIGEST && !auth_digest_parse(offer->params, &c))
		c.scheme = AUTH_NONE;
	if (rank(&c) > rank(best)) {
		auth_free(best);
		*best = c;
	} else {
		auth_free(&c);
	}
}

bool auth_choose(const struct fields *f, bool proxy, unsigned allowed, struct challenge *out)
{
	const char *name = proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
	*out = (struct challenge){0};
	for (const struct field *field = fields_find(f, name); field;
	     field = fields_next(f, field)) {
		struct str rest = field->value;
		struct offer offer;
		while (next_offer(&rest, &offer))
			consider(&offer, allowed, out);
	}
	return out->scheme != AUTH_NONE;
}

void auth_free(struct challenge *c)
{
	free(c->realm);
	free(c->nonce);
	free(c->opaque);
	free(c->algorithm);
	*c = (struct challenge){0};
}

/* RFC 7617 2: control characters have no place in either half. */
static bool is_clean(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}

char *auth_basic(const char *user, const char *password, struct err *err)
{
	if (!password)
		password = "";
	if (strchr(user, ':') || !is_clean(user) || !is_clean(password)) {
		err_set(err, ERR_USAGE,
		    "Basic authentication can't carry a colon in the user's name or control "
		    "characters");
		return NULL;
	}
	size_t len = strlen(user) + 1 + strlen(password);
	struct buf plain = BUF_INIT(len), out = BUF_INIT(len * 2 + 16);
	buf_add_text(&plain, user);
	buf_add_byte(&plain, ':');
	buf_add_text(&plain, password);
	buf_add_text(&out, "Basic ");
	base64_encode(&out, buf_str(&plain));
	buf_free_secret(&plain);
	return buf_steal(&out);
}

/* Servers take more than RFC 6750's token68, but none takes a blank. */
char *auth_bearer(const char *token, struct err *err)
{
	bool good = *token != '\0';
	for (const char *at = token; *at; at++)
		good = good && *at > 0x20 && *at < 0x7f;
	if (good)
		return mem_printf("Bearer %s", token);
	err_set(err, ERR_USAGE, "a bearer token is one word of visible ASCII characters");
	return NULL;
}
