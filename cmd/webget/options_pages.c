/*
 * Rows and checks of whole pages and recursion.
 */
#include "cmd/webget/options_pages.h"

#include "common/text/number.h"

#define PLACE(member) .place = offsetof(struct webget_options, member)

#define MOST_LEVELS 10000

static bool set_level(void *place, const char *value, struct err *err)
{
	uint64_t level = 0;
	if (!str_is_nocase(str_of(value), "inf") &&
	    !number_parse_max(str_of(value), MOST_LEVELS, &level))
		return err_set(err, ERR_USAGE, "%.60s %s", value, number_why(str_of(value)));
	*(int64_t *)place = (int64_t)level;
	return true;
}

/* wget's letter: -nH. */
static bool set_no(void *place, const char *value, struct err *err)
{
	if (!str_is(str_of(value), "H"))
		return err_set(err, ERR_USAGE,
		    "is -nH here; wget's -np is --no-parent, its -nc --no-clobber");
	*(bool *)place = true;
	return true;
}

const struct opt_row options_pages[] = {
    {"page-requisites", 'p', OPT_SWITCH, PLACE(page_requisites), NULL,
	"fetch with a page what it needs: images, style sheets, scripts; all into a tree"},
    {"convert-links", 0, OPT_SWITCH, PLACE(convert_links), NULL,
	"at the end make the links lead from file to file, others to the web"},
    {"recursive", 0, OPT_SWITCH, PLACE(recursive), NULL,
	"follow links, as robots.txt allows; all into a tree HOST/PATH"},
    {"level", 0, OPT_DO, PLACE(level), "N",
	"with --recursive: at most N links away (5; 0 or inf: any number)", .act = set_level},
    {"no-parent", 0, OPT_SWITCH, PLACE(parent), NULL,
	"never go up from the directory where the recursion began"},
    {"accept", 0, OPT_LIST, PLACE(accept), "LIST",
	"only names with these endings or of these patterns, separated by commas"},
    {"reject", 0, OPT_LIST, PLACE(reject), "LIST", "no names like these"},
    {"span-hosts", 0, OPT_SWITCH, PLACE(span_hosts), NULL,
	"follow links to other hosts as well"},
    {"wait", 0, OPT_SECONDS, PLACE(wait_ms), "SECONDS", "wait so long between requests"},
    {"no-host-directories", 0, OPT_SWITCH, PLACE(host_directories), NULL,
	"leave the host's name out of the tree (-nH)"},
    {"no", 'n', OPT_DO, PLACE(no_host), "H", NULL, .act = set_no},
    {"cut-dirs", 0, OPT_NUMBER, PLACE(cut_dirs), "N",
	"leave out the first N directories of the path", .max = 1000},
    {.name = NULL},
};

bool options_crawl(const struct webget_options *o)
{
	return o->page_requisites || o->recursive;
}

static bool check_method(const struct webget_options *o, struct err *err)
{
	if (o->method || o->head || o->spider || o->data.count || o->form.count ||
	    o->upload_file)
		return err_set(err, ERR_USAGE,
		    "pages are fetched with GET: no --data, --form, --request, --head, "
		    "--spider and the like");
	if (o->range || o->include || o->resume || o->etag_save || o->etag_compare)
		return err_set(err, ERR_USAGE,
		    "--range, --include, --continue and --etag-... are for one file, not for "
		    "pages");
	return true;
}

bool options_check_pages(const struct webget_options *o, struct err *err)
{
	bool crawl = options_crawl(o);
	if (!crawl && (o->convert_links || o->accept.count || o->reject.count))
		return err_set(err, ERR_USAGE,
		    "--convert-links, --accept and --reject want --page-requisites or "
		    "--recursive");
	if (!crawl)
		return true;
	if (o->outputs.count || o->remote_name_all)
		return err_set(err, ERR_USAGE,
		    "a page's files go to a tree: --directory-prefix DIR says where, not -o "
		    "or -O");
	if (o->no_clobber)
		return err_set(err, ERR_USAGE,
		    "--no-clobber does not go with whole pages; --timestamping keeps what has "
		    "not changed");
	return check_method(o, err);
}
