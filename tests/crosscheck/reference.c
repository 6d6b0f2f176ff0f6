/*
 * What libcurl makes of a request that is given in the options of webget:
 *   reference -D HEADS -o BODY [--sent FILE] [options] URL...
 * HEADS gets the heads of all answers as they came, BODY the bodies, FILE the heads
 * of the requests. stdout: the last status. Knows nothing of webget's code.
 */
#include <curl/curl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reference {
	CURL *curl;
	struct curl_slist *headers, *resolve;
	curl_mime *form;
	char data[65536]; /* -d, joined by & */
	FILE *heads, *body, *sent, *upload;
};

struct option {
	const char *name;
	bool has_argument;
	void (*set)(struct reference *r, const char *argument);
};

static void die(const char *what)
{
	fprintf(stderr, "reference: %s\n", what);
	exit(2);
}

static FILE *open_file(const char *name, const char *mode)
{
	FILE *f = fopen(name, mode);
	if (!f)
		die(name);
	return f;
}

static void set_heads(struct reference *r, const char *argument)
{
	r->heads = open_file(argument, "w");
	curl_easy_setopt(r->curl, CURLOPT_HEADERDATA, r->heads);
}

static void set_body(struct reference *r, const char *argument)
{
	r->body = open_file(argument, "w");
	curl_easy_setopt(r->curl, CURLOPT_WRITEDATA, r->body);
}

static int keep_sent(CURL *curl, curl_infotype type, char *bytes, size_t len, void *file)
{
	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		fwrite(bytes, 1, len, file);
	return 0;
}

static void set_sent(struct reference *r, const char *argument)
{
	r->sent = open_file(argument, "w");
	curl_easy_setopt(r->curl, CURLOPT_DEBUGFUNCTION, keep_sent);
	curl_easy_setopt(r->curl, CURLOPT_DEBUGDATA, r->sent);
	curl_easy_setopt(r->curl, CURLOPT_VERBOSE, 1L);
}

static void set_method(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_CUSTOMREQUEST, argument);
}

static void set_head(struct reference *r, const char *argument)
{
	(void)argument;
	curl_easy_setopt(r->curl, CURLOPT_NOBODY, 1L);
}

static void add_header(struct reference *r, const char *argument)
{
	r->headers = curl_slist_append(r->headers, argument);
	curl_easy_setopt(r->curl, CURLOPT_HTTPHEADER, r->headers);
}

static void add_resolve(struct reference *r, const char *argument)
{
	r->resolve = curl_slist_append(r->resolve, argument);
	curl_easy_setopt(r->curl, CURLOPT_RESOLVE, r->resolve);
}

static void set_agent(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_USERAGENT, argument);
}

static void set_referer(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_REFERER, argument);
}

static void set_range(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_RANGE, argument);
}

static void set_user(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_USERPWD, argument);
}

static void set_digest(struct reference *r, const char *argument)
{
	(void)argument;
	curl_easy_setopt(r->curl, CURLOPT_HTTPAUTH, CURLAUTH_DIGEST);
}

static void set_anyauth(struct reference *r, const char *argument)
{
	(void)argument;
	curl_easy_setopt(r->curl, CURLOPT_HTTPAUTH, CURLAUTH_ANY);
}

static void set_compressed(struct reference *r, const char *argument)
{
	(void)argument;
	curl_easy_setopt(r->curl, CURLOPT_ACCEPT_ENCODING, "");
}

static void set_10(struct reference *r, const char *argument)
{
	(void)argument;
	curl_easy_setopt(r->curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_0);
}

static void set_no_location(struct reference *r, const char *argument)
{
	(void)argument;
	curl_easy_setopt(r->curl, CURLOPT_FOLLOWLOCATION, 0L);
}

static void set_cacert(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_CAINFO, argument);
}

static void add_data(struct reference *r, const char *argument)
{
	size_t len = strlen(r->data);
	int n = snprintf(r->data + len, sizeof r->data - len, "%s%s", len ? "&" : "", argument);
	if (n < 0 || (size_t)n >= sizeof r->data - len)
		die("too much data");
	curl_easy_setopt(r->curl, CURLOPT_POSTFIELDS, r->data);
}

static void set_upload(struct reference *r, const char *argument)
{
	r->upload = open_file(argument, "r");
	fseek(r->upload, 0, SEEK_END);
	curl_easy_setopt(r->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)ftell(r->upload));
	rewind(r->upload);
	curl_easy_setopt(r->curl, CURLOPT_READDATA, r->upload);
	curl_easy_setopt(r->curl, CURLOPT_UPLOAD, 1L);
}

static void add_form(struct reference *r, const char *argument)
{
	char name[256];
	const char *equals = strchr(argument, '=');
	if (!equals || (size_t)(equals - argument) >= sizeof name)
		die("a form's field is NAME=CONTENT");
	snprintf(name, sizeof name, "%.*s", (int)(equals - argument), argument);
	if (!r->form)
		r->form = curl_mime_init(r->curl);
	curl_mimepart *part = curl_mime_addpart(r->form);
	curl_mime_name(part, name);
	if (equals[1] == '@')
		curl_mime_filedata(part, equals + 2);
	else
		curl_mime_data(part, equals + 1, CURL_ZERO_TERMINATED);
	curl_easy_setopt(r->curl, CURLOPT_MIMEPOST, r->form);
}

static void set_jar(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_COOKIEFILE, "");
	curl_easy_setopt(r->curl, CURLOPT_COOKIEJAR, argument);
}

static void set_cookies(struct reference *r, const char *argument)
{
	curl_easy_setopt(r->curl, CURLOPT_COOKIEFILE, argument);
}

static const struct option options[] = {
    {"-b", true, set_cookies},
    {"-c", true, set_jar},
    {"-D", true, set_heads},
    {"-o", true, set_body},
    {"--sent", true, set_sent},
    {"-X", true, set_method},
    {"-I", false, set_head},
    {"-H", true, add_header},
    {"-A", true, set_agent},
    {"-e", true, set_referer},
    {"-r", true, set_range},
    {"-u", true, set_user},
    {"--digest", false, set_digest},
    {"--anyauth", false, set_anyauth},
    {"--compressed", false, set_compressed},
    {"-0", false, set_10},
    {"--no-location", false, set_no_location},
    {"--cacert", true, set_cacert},
    {"--resolve", true, add_resolve},
    {"-d", true, add_data},
    {"-T", true, set_upload},
    {"-F", true, add_form},
    {NULL, false, NULL},
};

/* Sets the option at argv[0]; how many words it took. */
static int set_option(struct reference *r, char **argv)
{
	const struct option *o = options;
	while (o->name && strcmp(o->name, argv[0]) != 0)
		o++;
	if (!o->name || (o->has_argument && !argv[1]))
		die(argv[0]);
	o->set(r, argv[1]);
	return o->has_argument ? 2 : 1;
}

static void close_file(FILE *f)
{
	if (f && fclose(f) != 0)
		die("writing");
}

static void release(struct reference *r)
{
	curl_easy_cleanup(r->curl);
	curl_mime_free(r->form);
	curl_slist_free_all(r->headers);
	curl_slist_free_all(r->resolve);
	close_file(r->heads);
	close_file(r->body);
	close_file(r->sent);
	close_file(r->upload);
	curl_global_cleanup();
}

int main(int argc, char **argv)
{
	struct reference r = {0};
	long status = 0;
	int i = 1;
	setlocale(LC_ALL, ""); /* names beyond ASCII are read by it */
	curl_global_init(CURL_GLOBAL_DEFAULT);
	r.curl = curl_easy_init();
	curl_easy_setopt(r.curl, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(r.curl, CURLOPT_MAXREDIRS, 20L);
	curl_easy_setopt(r.curl, CURLOPT_TIMEOUT, 20L);
	while (i < argc && argv[i][0] == '-')
		i += set_option(&r, argv + i);
	if (i >= argc || !r.body || !r.heads)
		die("usage: reference -D HEADS -o BODY [options] URL...");
	CURLcode code = CURLE_OK;
	for (; i < argc && code == CURLE_OK; i++) {
		curl_easy_setopt(r.curl, CURLOPT_URL, argv[i]);
		code = curl_easy_perform(r.curl);
	}
	curl_easy_getinfo(r.curl, CURLINFO_RESPONSE_CODE, &status);
	release(&r);
	if (code != CURLE_OK)
		fprintf(stderr, "reference: %s\n", curl_easy_strerror(code));
	printf("%03ld\n", status);
	return code == CURLE_OK ? 0 : 1;
}
