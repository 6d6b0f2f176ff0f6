/*
 * webget's option table and the checks across options. The rows say everything
 * about an option; what it does is elsewhere.
 */
#include "cmd/webget/options.h"

#include "cmd/webget/condition.h"
#include "cmd/webget/options_pages.h"
#include "cmd/webget/verify.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/text/field.h"

#define PLACE(member) .place = offsetof(struct webget_options, member)

static bool add_remote_name(void *place, const char *value, struct err *err)
{
	(void)value, (void)err;
	list_add(place, "remote-name", "");
	return true;
}

static bool check_header(void *place, const char *value, struct err *err)
{
	struct str text = str_of(value);
	/* curl's three forms: "Name: value", "Name:" (leave it out), "Name;" (send it empty).
	 */
	size_t colon = str_find(text, ':');
	size_t end = colon < text.len ? colon : str_find(text, ';');
	if (end == text.len || (colon == text.len && end + 1 != text.len))
		return err_set(err, ERR_USAGE, "is not of the form 'Name: value'");
	if (!field_is_token(str_sub(text, 0, end)))
		return err_set(err, ERR_USAGE, "the name before the colon is not a token");
	if (!field_is_value(str_trim(str_sub(text, end + 1, text.len))) ||
	    !str_is_one_line(text))
		return err_set(err, ERR_USAGE, "control bytes may not stand in a header");
	list_add(place, "header", value);
	return true;
}

static bool set_resume(void *place, const char *value, struct err *err)
{
	if (!str_is(str_of(value), "-"))
		return err_set(
		    err, ERR_USAGE, "takes only -: where to go on is found out and verified");
	*(bool *)place = true;
	return true;
}

static const char *const connection_models[] = {
    "nonpersistent", "parallel", "persistent", "pipelined", NULL};

static const struct opt_row output_rows[] = {
    {"output", 'o', OPT_LIST, PLACE(outputs), "FILE",
	"write the body to FILE, - for stdout; #1 is the first {} or [] of the URL",
	.completes = "file"},
    {"remote-name", 'O', OPT_DO, PLACE(outputs), NULL,
	"write to a file named as the last part of the URL", .act = add_remote_name},
    {"remote-header-name", 'J', OPT_SWITCH, PLACE(remote_header_name), NULL,
	"with -O: the name that Content-Disposition gives, made safe"},
    {"output-dir", 0, OPT_STRING, PLACE(output_dir), "DIR",
	"put the files of -o and -O into DIR", .completes = "dir"},
    {"directory-prefix", 'P', OPT_STRING, PLACE(output_dir), "DIR",
	"wget's name for --output-dir", .completes = "dir"},
    {"continue", 0, OPT_SWITCH, PLACE(resume), NULL,
	"go on with a file that broke off (FILE.part), if it is still the same version"},
    {"continue-at", 'C', OPT_DO, PLACE(resume), "-",
	"curl's name for --continue; - is all it takes", .act = set_resume},
    {"create-dirs", 0, OPT_SWITCH, PLACE(create_dirs), NULL,
	"make the directories that -o and --output-dir name"},
    {"no-clobber", 0, OPT_FLAG, PLACE(no_clobber), NULL,
	"keep an existing file: write FILE.1, FILE.2 ..."},
    {"include", 'i', OPT_SWITCH, PLACE(include), NULL,
	"write the response's head before its body"},
    {"head", 'I', OPT_SWITCH, PLACE(head), NULL, "ask for the head only and show it"},
    {"dump-header", 'D', OPT_STRING, PLACE(dump_header), "FILE",
	"write the heads of all responses to FILE", .completes = "file"},
    {"write-out", 'w', OPT_STRING, PLACE(write_out), "FORMAT",
	"after each transfer print FORMAT with curl's %{variables}; @FILE reads it"},
    {"fail-with-body", 0, OPT_SWITCH, PLACE(fail_with_body), NULL,
	"deliver the body of an error (status 400 and above) too"},
    {"max-filesize", 0, OPT_SIZE, PLACE(max_filesize), "BYTES",
	"refuse bodies over BYTES (decoded)"},
    {.name = NULL},
};

static const struct opt_row request_rows[] = {
    {"request", 'X', OPT_STRING, PLACE(method), "METHOD", "use METHOD instead of GET or POST"},
    {"header", 'H', OPT_DO, PLACE(headers), "LINE",
	"send this header; 'Name:' leaves one out, 'Name;' sends it empty",
	.act = check_header},
    {"user-agent", 'A', OPT_STRING, PLACE(user_agent), "NAME", "send NAME as the User-Agent"},
    {"referer", 'e', OPT_STRING, PLACE(referer), "URL", "send URL as the Referer"},
    {"cookie", 'b', OPT_STRING, PLACE(cookie), "DATA|FILE",
	"send these cookies (name=value; ...), or keep cookies, beginning with those in FILE",
	.completes = "file"},
    {"cookie-jar", 'c', OPT_STRING, PLACE(cookie_jar), "FILE",
	"keep cookies, and write them to FILE at the end", .completes = "file"},
    {"junk-session-cookies", 0, OPT_SWITCH, PLACE(junk_session_cookies), NULL,
	"leave out the session cookies of the file"},
    {"time-cond", 'z', OPT_STRING, PLACE(time_cond), "DATE|FILE",
	"only if it is newer than DATE, or than FILE is; -DATE: only if it is older",
	.completes = "file"},
    {"etag-compare", 0, OPT_STRING, PLACE(etag_compare), "FILE",
	"only if its ETag is not the one in FILE", .completes = "file"},
    {"etag-save", 0, OPT_STRING, PLACE(etag_save), "FILE", "write the answer's ETag to FILE",
	.completes = "file"},
    {"timestamping", 'N', OPT_SWITCH, PLACE(timestamping), NULL,
	"only if it is newer than the file that is there; the file gets the server's time"},
    {"range", 'r', OPT_STRING, PLACE(range), "RANGE",
	"ask for these bytes only: 0-499, 500-, -500"},
    {"data", 'd', OPT_LIST, PLACE(data), "DATA",
	"POST this (form data); @FILE reads it, without line ends"},
    {"data-ascii", 0, OPT_LIST, PLACE(data), "DATA", "the same as --data"},
    {"data-raw", 0, OPT_LIST, PLACE(data), "DATA", "the same, where @ is not special"},
    {"data-binary", 0, OPT_LIST, PLACE(data), "DATA", "the same; @FILE is sent as it is"},
    {"data-urlencode", 0, OPT_LIST, PLACE(data), "DATA",
	"the same, encoded: content, name=content, @FILE, name@FILE"},
    {"json", 0, OPT_LIST, PLACE(data), "DATA", "POST this as application/json"},
    {"get", 'G', OPT_SWITCH, PLACE(get), NULL, "put the data into the URL's query instead"},
    {"url-query", 0, OPT_LIST, PLACE(url_query), "DATA",
	"add to the URL's query, encoded as by --data-urlencode"},
    {"form", 'F', OPT_LIST, PLACE(form), "NAME=CONTENT",
	"POST a multipart form; @FILE uploads a file, <FILE reads a value"},
    {"form-string", 0, OPT_LIST, PLACE(form), "NAME=TEXT",
	"the same, where @ and < are not special"},
    {"upload-file", 'T', OPT_STRING, PLACE(upload_file), "FILE", "PUT this file, - for stdin",
	.completes = "file"},
    {"compressed", 0, OPT_SWITCH, PLACE(compressed), NULL,
	"ask for a compressed body (gzip, deflate, br, zstd) and decode it"},
    {"globoff", 'g', OPT_SWITCH, PLACE(globoff), NULL, "take {} and [] in URLs as they are"},
    {.name = NULL},
};

static bool accept_silently(void *place, const char *value, struct err *err)
{
	(void)place, (void)value, (void)err;
	return true;
}

static bool clear_http10(void *place, const char *value, struct err *err)
{
	(void)value, (void)err;
	*(bool *)place = false;
	return true;
}

static const struct opt_row course_rows[] = {
    {"location", 'L', OPT_SWITCH, PLACE(location), NULL,
	"follow redirects (the default; --no-location shows them)"},
    {"max-redirs", 0, OPT_NUMBER, PLACE(max_redirs), "N",
	"follow at most N redirects (20; -1: any number)", .min = -1, .max = 1000},
    {"fail", 'f', OPT_DO, 0, NULL, "accepted: a status of 400 and above is an error anyway",
	.act = accept_silently},
    {"basic", 0, OPT_SWITCH, PLACE(basic), NULL,
	"send user and password (Basic) with the first request"},
    {"digest", 0, OPT_SWITCH, PLACE(digest), NULL, "answer Digest challenges only"},
    {"anyauth", 0, OPT_SWITCH, PLACE(anyauth), NULL,
	"wait for the server's offer, take the strongest"},
    {"retry", 0, OPT_NUMBER, PLACE(retry), "N", "try again N times when that may help",
	.max = 10000},
    {"retry-delay", 0, OPT_SECONDS, PLACE(retry_delay_ms), "SECONDS",
	"wait so long between tries (else 1, 2, 4 ... or what Retry-After says)"},
    {"retry-max-time", 0, OPT_SECONDS, PLACE(retry_max_time_ms), "SECONDS",
	"begin no try after this time"},
    {"limit-rate", 0, OPT_SIZE, PLACE(common.net.limit_rate), "RATE",
	"at most RATE bytes a second (k, M, G)", .min = 1, .max = INT64_MAX},
    {"http1.0", '0', OPT_SWITCH, PLACE(http10), NULL, "speak HTTP/1.0"},
    {"http1.1", 0, OPT_DO, PLACE(http10), NULL, "speak HTTP/1.1 (the default)",
	.act = clear_http10},
    {"connection", 0, OPT_CHOICE, PLACE(connection), "MODEL",
	"nonpersistent, parallel, persistent or pipelined (the default, where it is safe)",
	.choices = connection_models},
    {"parallel", 'Z', OPT_SWITCH, PLACE(parallel), NULL,
	"fetch several URLs at once, on connections of their own; the output keeps its order"},
    {"parallel-max", 0, OPT_NUMBER, PLACE(parallel_max), "N", "with -Z: at most N at once (50)",
	.min = 1, .max = 300},
    {.name = NULL},
};

static const struct opt_group groups[] = {
    {"Output", output_rows, 0},
    {"Request", request_rows, 0},
    {"Course", course_rows, 0},
    {"Pages", options_pages, 0},
    {"Sources", options_sources, 0},
    {"Lists and reports", webget_report_rows, 0},
    {"Cache", options_cache, 0},
    NETOPTS_GROUPS(offsetof(struct webget_options, common)),
    {NULL, NULL, 0},
};

static const struct opt_foreign foreign[] = {
    {"output-document", "wget", "-o FILE, --output FILE"},
    {"no-check-certificate", "wget", "-k, --insecure"},
    {"ca-certificate", "wget", "--cacert FILE"},
    {"certificate", "wget", "--cert FILE"},
    {"private-key", "wget", "--key FILE"},
    {"post-data", "wget", "-d DATA, --data DATA"},
    {"post-file", "wget", "--data-binary @FILE"},
    {"body-data", "wget", "-X METHOD -d DATA"},
    {"body-file", "wget", "-X METHOD --data-binary @FILE"},
    {"method", "wget", "-X METHOD, --request METHOD"},
    {"content-disposition", "wget", "-OJ, --remote-name --remote-header-name"},
    {"content-on-error", "wget", "--fail-with-body"},
    {"server-response", "wget", "-v, --verbose"},
    {"save-headers", "wget", "-i, --include"},
    {"max-redirect", "wget", "--max-redirs N"},
    {"tries", "wget", "--retry N"},
    {"http-user", "wget", "-u NAME:PASSWORD, --user NAME:PASSWORD"},
    {"http-password", "wget", "-u NAME:PASSWORD, --user NAME:PASSWORD"},
    {"auth-no-challenge", "wget", "--basic"},
    {"inet4-only", "wget", "-4, --ipv4"},
    {"inet6-only", "wget", "-6, --ipv6"},
    {"-", "wget", "-o - (pages go to standard output anyway)"},
    {"s", "curl", "-q, --quiet"},
    {"silent", "curl", "-q, --quiet"},
    {"S", "curl", "not needed: errors are always shown"},
    {"show-error", "curl", "not needed: errors are always shown"},
    {"R", "curl", "-N, --timestamping"},
    {"E", "curl", "--cert FILE"},
    {"U", "curl", "--proxy http://NAME:PASSWORD@HOST:PORT"},
    {"location-trusted", "curl", NULL},
    {"proxy-user", "curl", "--proxy http://NAME:PASSWORD@HOST:PORT"},
    {"socks5-hostname", "curl", "--proxy socks5h://HOST:PORT"},
    {"tlsv1.2", "curl", "--tls-min 1.2"},
    {"tlsv1.3", "curl", "--tls-min 1.3"},
    {"trace-ascii", "curl", "--trace FILE"},
    {"speed-time", "curl", "--timeout SECONDS"},
    {"load-cookies", "wget", "-b FILE, --cookie FILE"},
    {"save-cookies", "wget", "-c FILE, --cookie-jar FILE"},
    {"keep-session-cookies", "wget", NULL},
    {"no-directories", "wget", "--no-host-directories --cut-dirs N"},
    {"adjust-extension", "wget", NULL},
    {"http2", "curl", NULL},
    {"http3", "curl", NULL},
    {NULL, NULL, NULL},
};

const struct opt_table webget_table = {
    .tool = "webget",
    .synopsis = "[options] URL...",
    .summary = "Fetches pages and files by HTTP and HTTPS, and can show the conversation.",
    .groups = groups,
    .foreign = foreign,
};

static bool check_method(const struct webget_options *o, struct err *err)
{
	if (o->method && !field_is_token(str_of(o->method)))
		return err_set(err, ERR_USAGE, "--request: '%s' is not a method", o->method);
	int bodies =
	    (o->data.count && !o->get) + (o->form.count > 0) + (o->upload_file != NULL);
	if (bodies > 1)
		return err_set(
		    err, ERR_USAGE, "only one of --data, --form and --upload-file can be sent");
	if (bodies && (o->head || o->spider))
		return err_set(err, ERR_USAGE,
		    "--head and --spider send no data; use -X HEAD if you mean it");
	return true;
}

static bool check_lines(const struct webget_options *o, struct err *err)
{
	const struct {
		const char *option, *value;
	} lines[] = {{"user-agent", o->user_agent}, {"referer", o->referer},
	    {"range", o->range}, {"cookie", o->cookie}};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].value && !field_is_value(str_of(lines[i].value)))
			return err_set(err, ERR_USAGE,
			    "--%s: control bytes may not stand in a header", lines[i].option);
	return true;
}

static bool check_auth(const struct webget_options *o, struct err *err)
{
	static const char *const mechanisms[] = {"basic", "digest", "bearer", NULL};
	const char *wanted = o->common.cred.auth;
	for (int i = 0; wanted && mechanisms[i]; i++)
		if (str_is_nocase(str_of(wanted), mechanisms[i]))
			return true;
	return !wanted || err_set(err, ERR_USAGE,
			      "--auth: '%s' is not one of basic, digest, bearer", wanted);
}

static bool check_output(const struct webget_options *o, struct err *err)
{
	size_t to_file = 0;
	for (size_t i = 0; i < o->outputs.count; i++)
		to_file += !str_is(str_of(o->outputs.items[i].text), "-");
	if (o->remote_name_all)
		to_file = o->urls.count;
	if (o->resume &&
	    ((to_file == 0 && !o->remote_name_all && !o->metalink) || o->remote_header_name))
		return err_set(err, ERR_USAGE, "--continue needs -o FILE or -O, and no -J");
	if (o->remote_header_name && !to_file && !o->remote_name_all)
		return err_set(err, ERR_USAGE, "--remote-header-name needs -O");
	bool listed_to_stdout = o->input_file && !o->remote_name_all;
	if (o->common.jsonl && !o->spider && !options_crawl(o) &&
	    (to_file < o->urls.count || listed_to_stdout))
		return err_set(err, ERR_USAGE,
		    "--jsonl writes to stdout: give each URL an -o FILE or -O for its body");
	return true;
}

static bool check(struct webget_options *o, struct err *err)
{
	const struct net_options *common = &o->common;
	bool by_hand = common->interactive || common->script || common->execute;
	if (by_hand && o->urls.count > 1)
		return err_set(err, ERR_USAGE, "by hand there is one URL to open, not several");
	if (o->checksum && (o->urls.count != 1 || !verify_check(o->checksum, err)))
		return err_set(err, ERR_USAGE, "--checksum is for one URL");
	if (o->mirrors.count && o->urls.count != 1)
		return err_set(err, ERR_USAGE, "--mirror is for one URL");
	if (o->urls.count == 0 && !o->input_file && !o->metalink && !by_hand)
		return err_set(err, ERR_USAGE, "no URL; webget --help shows the options");
	return check_method(o, err) && check_auth(o, err) && check_lines(o, err) &&
	       check_output(o, err) && condition_check(o, err) && options_check_pages(o, err);
}

bool options_read(struct webget_options *o, char **argv, struct err *err)
{
	*o = (struct webget_options){0};
	netopts_init(&o->common);
	o->common.protocol = "http";
	o->location = true;
	o->max_redirs = 20;
	o->parallel_max = 50;
	o->cache.size = 256 * (int64_t)MIB;
	o->level = 5;
	o->parent = o->host_directories = true;
	o->connection = CONNECTION_PIPELINED;
	if (!opt_wants_no_config(argv) && !opt_read_config(&webget_table, o, err))
		return false;
	const struct webget_options before = *o;
	if (!opt_parse(&webget_table, argv, o, &o->urls, err))
		return false;
	if (o->common.help || o->common.version || o->common.completion)
		return true;
	if (!netopts_finish(&o->common, err) || !check(o, err))
		return false;
	options_note_idle(o, &before);
	return true;
}

void options_free(struct webget_options *o)
{
	opt_free(&webget_table, o);
	list_free(&o->mirrors);
	list_free(&o->headers); /* its row is a function, so the table does not know of it */
	list_free(&o->urls);
}
