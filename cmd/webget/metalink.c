/*
 * Reading metalinks. What XML is, the module knows.
 */
#include "cmd/webget/metalink.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/verify.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/cli/outfile.h"
#include "common/cli/userfile.h"
#include "common/text/number.h"
#include "common/text/xml.h"

#define NS "urn:ietf:params:xml:ns:metalink "
/* RFC 5854 4.1.2.6: priorities are 1 to 999999. */
#define LAST 1000000
#define FILES_MOST 10000
#define URLS_MOST 100

struct place {
	char *url;
	uint64_t priority;
};

/* The file that is being read. */
struct reader {
	struct metalink *m;
	int depth;  /* of elements */
	char *name; /* NULL: outside of a file */
	char *digest;
	struct place places[URLS_MOST];
	size_t count;
	struct buf text; /* of the element that is being read */
	uint64_t priority;
	char algorithm[16]; /* of a hash: "" when it is not one of ours */
};

static const char *attribute(const char *const *attributes, const char *name)
{
	for (; attributes[0]; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

/* RFC 5854 names hashes as IANA does: "sha-256". */
static void note_algorithm(struct reader *r, const char *type)
{
	static const char *const ours[][2] = {{"sha-512", "sha512"}, {"sha-256", "sha256"}};
	r->algorithm[0] = '\0';
	for (size_t i = 0; type && i < sizeof ours / sizeof *ours; i++)
		if (str_is_nocase(str_of(type), ours[i][0]))
			memcpy(r->algorithm, ours[i][1], strlen(ours[i][1]) + 1);
}

static void on_start(void *self, const char *name, const char *const *attributes)
{
	struct reader *r = self;
	r->depth++;
	buf_clear(&r->text);
	if (r->depth == 2 && strcmp(name, NS "file") == 0) {
		const char *given = attribute(attributes, "name");
		r->name = given ? outfile_safe_name(str_of(given)) : NULL;
	}
	const char *priority = attribute(attributes, "priority");
	if (!priority || !number_parse_max(str_of(priority), LAST - 1, &r->priority))
		r->priority = LAST;
	/* Hashes of pieces stand deeper. */
	note_algorithm(r, r->depth == 3 ? attribute(attributes, "type") : NULL);
}

static void on_text(void *self, struct str piece)
{
	buf_add_str(&((struct reader *)self)->text, piece);
}

static void take_hash(struct reader *r)
{
	struct err not_one = {0};
	char *spec = mem_printf("%s:%.*s", r->algorithm, STR_ARG(str_trim(buf_str(&r->text))));
	bool better = !r->digest || strlen(spec) > strlen(r->digest);
	if (r->algorithm[0] && better && verify_check(spec, &not_one)) {
		free(r->digest);
		r->digest = spec;
		return;
	}
	free(spec);
}

/* Kept by priority; those of one priority in the order of the document. */
static void take_url(struct reader *r)
{
	struct str url = str_trim(buf_str(&r->text));
	bool web = str_starts_nocase(url, "http://") || str_starts_nocase(url, "https://");
	if (!web || r->text.over || r->count == URLS_MOST)
		return;
	size_t at = r->count++;
	for (; at > 0 && r->places[at - 1].priority > r->priority; at--)
		r->places[at] = r->places[at - 1];
	r->places[at] = (struct place){str_dup(url), r->priority};
}

static void end_file(struct reader *r)
{
	struct metalink *m = r->m;
	if (r->name && r->count && m->count < FILES_MOST) {
		m->files = mem_resize(m->files, m->count + 1, sizeof *m->files);
		struct metalink_file *f = &m->files[m->count++];
		*f = (struct metalink_file){.name = r->name, .digest = r->digest};
		for (size_t i = 0; i < r->count; i++)
			list_add(&f->urls, NULL, r->places[i].url);
		r->name = r->digest = NULL;
	}
	while (r->count)
		free(r->places[--r->count].url);
	free(r->name);
	free(r->digest);
	r->name = r->digest = NULL;
}

static void on_end(void *self, const char *name)
{
	struct reader *r = self;
	if (r->depth == 3 && r->name && strcmp(name, NS "url") == 0)
		take_url(r);
	else if (r->depth == 3 && r->name && strcmp(name, NS "hash") == 0)
		take_hash(r);
	else if (r->depth == 2)
		end_file(r);
	r->depth--;
}

struct metalink *metalink_parse(struct str document, struct err *err)
{
	static const struct xml_events events = {on_start, on_end, on_text};
	const struct xml_module *xml = module_table("xml", err);
	if (!xml)
		return NULL;
	struct reader r = {.m = mem_alloc(sizeof *r.m), .text = BUF_INIT(LIMIT_URL)};
	bool ok = xml->parse(document, &events, &r, err);
	end_file(&r);
	buf_free(&r.text);
	if (ok && r.m->count == 0)
		ok = err_set(err, ERR_DATA, "it names no file to be had by http or https");
	if (ok)
		return r.m;
	metalink_free(r.m);
	return NULL;
}

struct metalink *metalink_load(const char *path, struct err *err)
{
	struct userfile file;
	struct err why = {0};
	struct metalink *m = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	if (!userfile_read(&file, is_stdin ? "/dev/stdin" : path, err) || !file.found)
		err_set(err, ERR_IO, "--metalink: there is no %s", path);
	else if (!(m = metalink_parse(buf_str(&file.bytes), &why)))
		err_set(err, why.kind, "--metalink: %s: %s", path, why.text);
	userfile_free(&file);
	return m;
}

void metalink_free(struct metalink *m)
{
	for (size_t i = 0; m && i < m->count; i++) {
		free(m->files[i].name);
		free(m->files[i].digest);
		list_free(&m->files[i].urls);
	}
	if (m)
		free(m->files);
	free(m);
}
