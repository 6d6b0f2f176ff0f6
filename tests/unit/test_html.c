/*
 * Pages taken apart: which attributes, where they stand, what is in them; and
 * pages that are long, deep or broken.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/base/module.h"
#include "common/text/refs.h"
#include "tests/unit/unit.h"

static const struct html_ops *ops(void)
{
	struct err err = {0};
	const struct html_ops *o = module_table("html", &err);
	if (!o)
		fprintf(stderr, "%s\n", err.text);
	return o;
}

/* "needed url@source ..." of all that stands in the page. */
static char *told_by(struct html *(*open)(struct str page), struct str page)
{
	static const char use[] = "nlm";
	struct buf out = BUF_INIT(MIB);
	struct html *h = open(page);
	struct html_piece p;
	while (ops()->next(h, &p)) {
		struct refs refs;
		struct ref ref;
		refs_open(&refs, p.form, p.value);
		while (refs_next(&refs, &ref))
			buf_addf(&out, "%s%c%s%.*s", out.len ? " " : "", use[p.use],
			    p.nofollow ? "!" : ":", STR_ARG(ref.url));
		refs_close(&refs);
		if (p.form == HTML_BASE || p.form == HTML_ROBOTS)
			buf_addf(&out, "%s%c:%.*s", out.len ? " " : "",
			    p.form == HTML_BASE ? 'b' : 'r', STR_ARG(p.value));
	}
	ops()->close(h);
	return buf_steal(&out);
}

static char *told(struct str page)
{
	return told_by(ops()->open, page);
}

struct example {
	const char *page, *told;
};

static const struct example examples[] = {
    {"", ""},
    {"just text & <b>bold</b>", ""},
    {"<img src=a.png><IMG SRC='b.png'><img src=\"c d.png\">", "n:a.png n:b.png n:c d.png"},
    {"<a href='x?a=1&amp;b=2'>", "l:x?a=1&b=2"},
    {"<a href=x rel='external NoFollow'><a href=y rel=follow>", "l!x l:y"},
    {"<a HREF=' x '>", "l:x"},
    {"<img srcset='a.png, b.png 2x,c.png 3x, d,e.png 100w'>",
	"n:a.png n:b.png n:c.png n:d,e.png"},
    {"<img srcset=' , a.png 1x (x, y), b.png,'>", "n:a.png n:b.png"},
    {"<picture><source srcset=a.webp><img src=a.png></picture>", "n:a.webp n:a.png"},
    {"<link rel=stylesheet href=a.css><link rel='shortcut icon' href=i.ico>"
     "<link rel=canonical href=c><link rel=alternate href=feed><link href=n>",
	"n:a.css n:i.ico m:c l:feed m:n"},
    {"<script src=a.js></script><script>'<img src=no.png>'</script>", "n:a.js"},
    {"<textarea><img src=no.png></textarea><title><img src=no></title><img src=yes>", "n:yes"},
    {"<!-- <img src=no.png> --><img src=yes>", "n:yes"},
    {"<video src=v poster=p><source src=s><track src=t></video><audio src=a>",
	"n:v n:p n:s n:t n:a"},
    {"<object data=o></object><embed src=e><input type=image src=i><iframe src=f></iframe>",
	"n:o n:e n:i n:f"},
    {"<body background=b><table background=t><tr><td background=d>", "n:b n:t n:d"},
    {"<frameset><frame src=a><frame src=b></frameset>", "n:a n:b"},
    {"<svg><image href=a /><image xlink:href=b /><use href='#x'/><a xlink:href=c></a></svg>",
	"n:a n:b n:#x l:c"},
    {"<p style=\"background:url(&quot;a b.png&quot;)\">", "n:a b.png"},
    {"<style>@import 'a.css'; p { background: url( b.png ) } /* url(no) */</style>",
	"n:a.css n:b.png"},
    {"<style>a{b:url(x)", ""},
    {"<meta http-equiv=refresh content='5; URL=next.html'>", "l:next.html"},
    {"<meta http-equiv=Refresh content=\"0;url='n.html'\"><meta content=5 http-equiv=refresh>",
	"l:n.html"},
    {"<meta name=robots content='noindex, NoFollow'>", "r:noindex, NoFollow"},
    {"<base href=/d/><a href=x>", "b:/d/ l:x"},
    {"<form action=f><button formaction=b></form><blockquote cite=c>", "m:f m:b m:c"},
    {"<area href=a><img longdesc=d src=s>", "l:a l:d n:s"},
    {"<b><p><a href=1></b><p><a href=2>", "l:1 l:2"}, /* parsers repeat the <b> and <a> */
    {"<a href=x", ""},
    {"<noscript><img src=n></noscript>", "n:n"},
    {"<select><option><img src=gone></select><a href=x>", "l:x"},
    {"<td style='background:url(gone)'><table><td style='background:url(t)'>", "n:t"},
    {"<img src=a src=b><a href=x/>", "n:a l:x/"},
    {"<script><!--<script></script><img src=no>--></script><img src=yes>", "n:yes"},
    {"<!--><img src=a>--!><!-- --!><img src=b>", "n:a n:b"},
    {"<a href=\"a\"title=x><p <img src=no><a/href=b>", "l:a l:b"},
};

static void pieces(struct unit *t)
{
	for (size_t i = 0; i < COUNT(examples); i++) {
		char *found = told(str_of(examples[i].page));
		if (!CHECK_STR(found, examples[i].told))
			fprintf(stderr, "# in %s\n", examples[i].page);
		free(found);
		/* The parser alone says the same. */
		found = told_by(ops()->open_parsed, str_of(examples[i].page));
		CHECK_STR(found, examples[i].told);
		free(found);
	}
}

/* What stands at a piece's place is its value, but for character references. */
static void places(struct unit *t)
{
	struct str page = STR("<!doctype html><img src = \"a.png\" alt=x><a href='b&amp;c'><p "
			      "style=color:red><script src=d integrity='x y' crossorigin>");
	static const char *const there[] = {
	    "a.png", "b&amp;c", "color:red", "d", "integrity='x y'", "crossorigin"};
	struct html *h = ops()->open(page);
	struct html_piece p;
	size_t n = 0;
	while (ops()->next(h, &p) && n < COUNT(there))
		unit_check_str(
		    HERE(t), str_sub(page, p.at, p.len), str_of(there[n++]), "place");
	CHECK_INT(n, COUNT(there));
	ops()->close(h);
}

struct sum {
	size_t count, last;
	bool places;
};

static struct sum add_up(struct str page)
{
	struct sum s = {.places = true};
	struct html *h = ops()->open(page);
	struct html_piece p;
	while (ops()->next(h, &p)) {
		s.count++;
		s.places = s.places && p.at >= s.last && p.at + p.len <= page.len &&
			   (p.form == HTML_GUARD || p.form == HTML_SHEET ||
			       str_eq(str_sub(page, p.at, p.len), p.value));
		s.last = p.at;
	}
	ops()->close(h);
	return s;
}

/* The text n times, between a beginning and an end. */
static struct buf repeated(const char *begin, const char *text, size_t n, const char *end)
{
	struct buf b = BUF_INIT(256 * MIB);
	buf_add_text(&b, begin);
	for (size_t i = 0; i < n; i++)
		buf_add_text(&b, text);
	buf_add_text(&b, end);
	return b;
}

struct monster {
	const char *begin, *text;
	size_t n;
	const char *end;
	size_t links;
};

static const struct monster monsters[] = {
    {"<!doctype html>", "<a href=\"page.html\">link</a>\n", 100000, "", 100000},
    {"", "<div>", 100000, "<img src=x>", 1},
    {"", "<b>", 100000, "<img src=x>", 1},
    {"", "<a href=x>", 20000, "", 20000},
    {"", "<table><tr><td background=x>", 20000, "", 20000},
    {"<table>", "<tr><td background=x>y</td></tr>", 20000, "</table>", 20000},
    {"<frameset>", "<frame src=x>", 20000, "</frameset>", 20000},
    {"<svg>", "<image href=x /><g>", 20000, "</svg><img src=x>", 20001},
    {"<script>", "if (a<b) '<img src=no>';", 100000, "</script><img src=x>", 1},
    {"<!--", " <img src=no> -- ", 100000, "--><img src=x>", 1},
    {"<style>", "a { b: url(x) } ", 100000, "</style><img src=x>", 2},
    {"<img src='data:", "QUJDREVG", 100000, "'><img src=x>", 2},
    {"<img src=x>", "words and no tags ", 200000, "<img src=x>", 2},
    {"<img src=x>", "< < < ", 200000, "<img src=x>", 2},
    {"<img src=x>", "<td>", 200000, "<img src=x>", 2},
    {"", "<b class=a><i id=b><u><p>", 20000, "<img src=x>", 1},
    {"<p>", "&amp;&lt;&notit;", 200000, "<img src=x>", 1},
};

static void sizes(struct unit *t)
{
	for (size_t i = 0; i < COUNT(monsters); i++) {
		const struct monster *m = &monsters[i];
		struct buf page = repeated(m->begin, m->text, m->n, m->end);
		int64_t start = clock_now();
		struct sum s = add_up(buf_str(&page));
		double ms = clock_ms_between(start, clock_now());
		if (!CHECK_INT(s.count, m->links) || !CHECK(s.places) || !CHECK(ms < 120000))
			fprintf(stderr, "# in %s\n", m->text);
		if (getenv("TIMES"))
			fprintf(stderr, "%8.0f ms %zu bytes: %s%s\n", ms, page.len, m->begin,
			    m->text);
		buf_free(&page);
	}
}

static void base_and_put(struct unit *t)
{
	struct html *h = ops()->open(STR("<title>x</title><a href=y><base href='/b/'>"));
	CHECK_SLICE(ops()->base(h), "/b/");
	ops()->close(h);
	struct buf out = BUF_INIT(KIB);
	refs_put(&out, HTML_SRCSET, STR("a,b"));
	refs_put(&out, HTML_STYLE, STR("a\"\\\n)"));
	CHECK_STR(buf_cstr(&out), "a%2Cb\"a\\\"\\\\\\a )\"");
	buf_free(&out);
}

int main(void)
{
	static const struct unit_test tests[] = {{"pieces", pieces}, {"places", places},
	    {"base, and writing", base_and_put}, {"sizes", sizes}};
	return unit_run(tests, COUNT(tests));
}
