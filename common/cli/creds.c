/*
 * Who the user is and how he proves it, from the several places that may know.
 * Sends nothing: the tools do, after asking creds_may_send.
 */
#include "common/cli/creds.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/cli/ask.h"
#include "common/cli/netrc.h"
#include "common/cli/userfile.h"

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static void from_url(const struct cred_source *source, struct creds *c)
{
	c->user = mem_dup(source->url_user);
	c->password = source->url_user ? mem_dup(source->url_password) : NULL;
}

/* -u NAME[:PASSWORD]; another user's password is not this user's. */
static void from_option(const struct cred_options *o, struct creds *c)
{
	if (!o->user || c->password)
		return;
	size_t colon = strcspn(o->user, ":");
	char *name = str_dup((struct str){o->user, colon});
	if (!c->user)
		c->user = mem_dup(name);
	if (o->user[colon] == ':' && same(c->user, name))
		c->password = mem_dup(o->user + colon + 1);
	free(name);
}

/* What everybody may know: the login that publishes itself. */
static bool is_anonymous(const char *user)
{
	return same(user, "anonymous") || same(user, "ftp");
}

static bool refuse_open(const char *path, struct err *err)
{
	return err_set(
	    err, ERR_CONFIG, "%.200s: others can read the password in it: chmod 600 it", path);
}

static bool take_entry(const char *path, bool open_to_others, struct netrc_entry *entry,
    struct creds *c, struct err *err)
{
	bool supplies = entry->password && !c->password;
	const char *user = c->user ? c->user : entry->login;
	if (supplies && open_to_others && !is_anonymous(user))
		return refuse_open(path, err);
	if (!c->user)
		c->user = mem_dup(entry->login);
	if (supplies)
		c->password = mem_dup(entry->password);
	c->account = mem_dup(entry->account);
	c->macdef_init = mem_dup(entry->macdef_init);
	return true;
}

static bool search(const char *path, const struct userfile *file,
    const struct cred_source *source, struct creds *c, struct err *err)
{
	struct err why = {0};
	struct netrc_entry entry;
	bool good = netrc_find(buf_str(&file->bytes), source->host, c->user, &entry, &why);
	if (!good)
		err_set(err, why.kind, "%.200s:%s", path, why.text);
	else
		good = take_entry(path, file->open_to_others, &entry, c, err);
	netrc_free(&entry);
	return good;
}

/* Even when a password is known: an FTP account or macro may stand there. */
static bool from_netrc(const struct cred_source *source, struct creds *c, struct err *err)
{
	const struct cred_options *o = source->options;
	const char *variable = getenv("NETRC");
	if (o->no_netrc)
		return true;
	char *path = o->netrc_file             ? mem_dup(o->netrc_file)
		     : variable && variable[0] ? mem_dup(variable)
					       : userfile_home_path(".netrc");
	if (!path)
		return true;
	struct userfile file;
	bool good = userfile_read(&file, path, err);
	if (good && file.found)
		good = search(path, &file, source, c, err);
	else if (good && o->netrc_file)
		good = err_set(err, ERR_CONFIG, "%.200s: there is no such file", path);
	userfile_free(&file);
	free(path);
	return good;
}

static char *make_prompt(const struct cred_source *source, const struct creds *c)
{
	if (source->prompt)
		return mem_dup(source->prompt);
	return mem_printf("Password for %s at %s: ", c->user, source->host);
}

static bool from_prompt(const struct cred_source *source, struct creds *c, struct err *err)
{
	if (source->ask != CRED_MAY_ASK || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return true;
	char *prompt = make_prompt(source, c);
	c->password = ask_terminal(prompt, err);
	free(prompt);
	return c->password != NULL;
}

bool creds_find(const struct cred_source *source, struct creds *c, struct err *err)
{
	const struct cred_options *o = source->options;
	*c = (struct creds){0};
	from_url(source, c);
	from_option(o, c);
	if (!from_netrc(source, c, err))
		return false;
	if (!c->user || c->password || o->oauth2_bearer)
		return true;
	if (o->password_command) {
		c->password = ask_command(o->password_command, o->deadline, err);
		return c->password != NULL;
	}
	return from_prompt(source, c, err);
}

void creds_free(struct creds *c)
{
	free(c->user);
	mem_free_secret(c->password);
	mem_free_secret(c->account);
	free(c->macdef_init);
	*c = (struct creds){0};
}

bool creds_peer_is_loopback(const char *peer)
{
	char address[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;
	bool bracketed = peer[0] == '[';
	if (bracketed)
		peer++;
	size_t len = strcspn(peer, bracketed ? "]" : ":");
	if (len == 0 || len >= sizeof address || !peer[len])
		return false;
	memcpy(address, peer, len);
	address[len] = '\0';
	if (bracketed && inet_pton(AF_INET6, address, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6) ||
		       (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
	return !bracketed && inet_pton(AF_INET, address, &v4) == 1 &&
	       ntohl(v4.s_addr) >> 24 == 127;
}

bool creds_may_send(const struct cred_options *o, bool tls, const char *peer, struct err *err)
{
	if (tls || o->plaintext_login || creds_peer_is_loopback(peer))
		return true;
	return err_set(err, ERR_AUTH,
	    "the connection to %.80s is not encrypted, and the password would be readable on "
	    "the way: use TLS, or --plaintext-login to send it all the same",
	    peer);
}
