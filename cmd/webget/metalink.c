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
/* RFC 5854 4.2.8 and 4.2.16: priorities are 1 to 999999. */
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
	int depth;                 /* of elements */
	struct metalink_file file; /* name NULL: outside of a file */
	struct pieces *pieces;     /* that are being read; NULL: none, or not understood */
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

static void start_pieces(struct reader *r, const char *const *attributes)
{
	const char *length = attribute(attributes, "length");
	const char *type = attribute(attributes, "type");
	uint64_t bytes = 0;
	pieces_free(r->pieces);
	r->pieces = length && type && number_parse(str_of(length), &bytes)
			? pieces_open(str_of(type), bytes)
			: NULL;
}

static void on_start(void *self, const char *name, const char *const *attributes)
{
	struct reader *r = self;
	r->depth++;
	buf_clear(&r->text);
	if (r->depth == 2 && strcmp(name, NS "file") == 0) {
		const char *given = attribute(attributes, "name");
		r->file.name = given ? outfile_safe_name(str_of(given)) : NULL;
	}
	if (r->depth == 3 && r->file.name && strcmp(name, NS "pieces") == 0)
		start_pieces(r, attributes);
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
	const char *before = r->file.digest;
	bool better = !before || strlen(spec) > strlen(before);
	if (r->algorithm[0] && better && verify_check(spec, &not_one)) {
		free(r->file.digest);
		r->file.digest = spec;
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

/* The digest of a piece. One that is none spoils them all: the others have lost their places.
 */
static void take_piece(struct reader *r)
{
	if (!r->pieces || pieces_add(r->pieces, str_trim(buf_str(&r->text))))
		return;
	pieces_free(r->pieces);
	r->pieces = NULL;
}

/* Of several lists the one with the longest digests stays. */
static void end_pieces(struct reader *r)
{
	struct pieces **kept = &r->file.pieces, *found = r->pieces;
	r->pieces = NULL;
	if (found && found->count && (!*kept || (*kept)->size < found->size)) {
		pieces_free(*kept);
		*kept = found;
	} else {
		pieces_free(found);
	}
}

static void free_file(struct metalink_file *f)
{
	free(f->name);
	free(f->digest);
	list_free(&f->urls);
	pieces_free(f->pieces);
	*f = (struct metalink_file){0};
}

static void end_file(struct reader *r)
{
	struct metalink *m = r->m;
	struct metalink_file *f = &r->file;
	for (size_t i = 0; i < r->count; i++) {
		list_add(&f->urls, NULL, r->places[i].url);
		free(r->places[i].url);
	}
	r->count = 0;
	pieces_free(r->pieces);
	r->pieces = NULL;
	/* A list that does not fit says nothing that could be relied on. */
	if (f->pieces && f->sized && !pieces_fit(f->pieces, f->size)) {
		pieces_free(f->pieces);
		f->pieces = NULL;
	}
	if (f->name && f->urls.count && m->count < FILES_MOST) {
		m->files = mem_resize(m->files, m->count + 1, sizeof *m->files);
		m->files[m->count++] = *f;
		*f = (struct metalink_file){0};
	}
	free_file(f);
}

static void end_of_file_element(struct reader *r, const char *name)
{
	if (strcmp(name, NS "url") == 0)
		take_url(r);
	else if (strcmp(name, NS "hash") == 0)
		take_hash(r);
	else if (strcmp(name, NS "pieces") == 0)
		end_pieces(r);
	else if (strcmp(name, NS "size") == 0)
		r->file.sized = number_parse(str_trim(buf_str(&r->text)), &r->file.size);
}

static void on_end(void *self, const char *name)
{
	struct reader *r = self;
	if (r->depth == 3 && r->file.name)
		end_of_file_element(r, name);
	else if (r->depth == 4 && strcmp(name, NS "hash") == 0)
		take_piece(r);
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

struct metalink *metalink_load(const char *path, const char *shown, struct err *err)
{
	struct userfile file;
	struct err why = {0};
	struct metalink *m = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	if (!userfile_read(&file, is_stdin ? "/dev/stdin" : path, err) || !file.found)
		err_set(err, ERR_IO, "--metalink: there is no %s", shown);
	else if (!(m = metalink_parse(buf_str(&file.bytes), &why)))
		err_set(err, why.kind, "--metalink: %s: %s", shown, why.text);
	userfile_free(&file);
	return m;
}

void metalink_free(struct metalink *m)
{
	for (size_t i = 0; m && i < m->count; i++)
		free_file(&m->files[i]);
	if (m)
		free(m->files);
	free(m);
}
