/*
 * URLs in style sheets, and their places.
 */
#include <stdlib.h>

#include "common/base/limits.h"
#include "common/text/css.h"
#include "tests/unit/unit.h"

/* "url url ..." of a sheet; each place replaced by <> gives what `places` says. */
static char *told(struct str sheet, struct buf *places)
{
	struct buf out = BUF_INIT(MIB);
	struct css c;
	struct css_ref ref;
	size_t at = 0;
	css_open(&c, sheet);
	while (css_next(&c, &ref)) {
		buf_addf(&out, "%s%.*s", out.len ? " " : "", STR_ARG(ref.url));
		buf_add_str(places, str_sub(sheet, at, ref.at - at));
		buf_add_text(places, "<>");
		at = ref.at + ref.len;
	}
	buf_add_str(places, str_sub(sheet, at, sheet.len));
	css_close(&c);
	return buf_steal(&out);
}

static const struct {
	const char *sheet, *told, *places;
} examples[] = {
    {"", "", ""},
    {"a { color: red }", "", "a { color: red }"},
    {"a { b: url(x.png) }", "x.png", "a { b: url(<>) }"},
    {"a { b: URL( x.png ) no-repeat, url(\"y\") }", "x.png y",
	"a { b: URL( <> ) no-repeat, url(<>) }"},
    {"url('a\\'b')", "a'b", "url(<>)"},
    {"url(a\\29 b\\)c)", "a)b)c", "url(<>)"},
    {"u\\72l(x) \\55 RL(y)", "x y", "u\\72l(<>) \\55 RL(<>)"},
    {"@import 'a.css'; @IMPORT \"b.css\" screen; @import url(c.css);", "a.css b.css c.css",
	"@import <>; @IMPORT <> screen; @import url(<>);"},
    {"@import/**/'a';", "a", "@import/**/<>;"},
    {"@import foo 'a';", "", "@import foo 'a';"},
    {"@namespace svg url(http://x/); a{b:url(y)}", "y",
	"@namespace svg url(http://x/); a{b:url(<>)}"},
    {"/* url(no) */ url(yes) /* url(no)", "yes", "/* url(no) */ url(<>) /* url(no)"},
    {"content: 'url(no)'; b: url(yes)", "yes", "content: 'url(no)'; b: url(<>)"},
    {"'not closed\n url(yes)", "yes", "'not closed\n url(<>)"},
    {"url(a b) url(yes)", "yes", "url(a b) url(<>)"},
    {"url(a\"b) url(yes)", "yes", "url(a\"b) url(<>)"},
    {"myurl(no) -url(no) url (no)", "", "myurl(no) -url(no) url (no)"},
    {"@font-face { src: url(f.woff2) format('woff2'), local(x) }", "f.woff2",
	"@font-face { src: url(<>) format('woff2'), local(x) }"},
    {"b: image-set('a' 1x, url(b) 2x, \"c\" type('image/png')), 'no'", "a b c",
	"b: image-set(<> 1x, url(<>) 2x, <> type('image/png')), 'no'"},
    {"f(-WEBKIT-image-set( /**/ 'a' 1x) 'no') 'no'", "a",
	"f(-WEBKIT-image-set( /**/ <> 1x) 'no') 'no'"},
    {"image-set('a'; content: 'no'", "a", "image-set(<>; content: 'no'"},
    {"image-set ('no') my-image-set('no'))) image-set('a')", "a",
	"image-set ('no') my-image-set('no'))) image-set(<>)"},
    {"url(a) url(", "a ", "url(<>) url(<>"}, /* an end is a place, too, without length */
    {"url('x", "x", "url(<>"},
    {"url(\"a\\\nb\")", "ab", "url(<>)"},
};

static void sheets(struct unit *t)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		struct buf places = BUF_INIT(MIB);
		char *urls = told(str_of(examples[i].sheet), &places);
		CHECK_STR(urls, examples[i].told);
		CHECK_STR(buf_cstr(&places), examples[i].places);
		buf_free(&places);
		free(urls);
	}
}

int main(void)
{
	static const struct unit_test tests[] = {{"sheets", sheets}};
	return unit_run(tests, COUNT(tests));
}
