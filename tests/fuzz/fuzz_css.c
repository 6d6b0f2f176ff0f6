/*
 * Style sheets and srcsets: places lie in the text and in order, and what is put in a
 * place is found there again.
 */
#include "common/base/limits.h"
#include "common/text/refs.h"
#include "tests/fuzz/fuzz.h"

static void scan(enum html_form form, struct str text)
{
	struct refs refs;
	struct ref ref;
	size_t last = 0;
	refs_open(&refs, form, text);
	while (refs_next(&refs, &ref)) {
		must(ref.at >= last && ref.at + ref.len <= text.len);
		last = ref.at + ref.len;
	}
	refs_close(&refs);
}

/* A string token gives back what was put into it. */
static void survives(struct str text)
{
	struct buf out = BUF_INIT(4 * LIMIT_URL);
	struct css css;
	struct css_ref ref;
	buf_add_text(&out, "@import ");
	css_put_string(&out, text);
	css_open(&css, buf_str(&out));
	must(css_next(&css, &ref) && str_eq(ref.url, str_trim(text)));
	css_close(&css);
	buf_free(&out);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	scan(HTML_SHEET, text);
	scan(HTML_SRCSET, text);
	scan(HTML_REFRESH, text);
	scan(HTML_URL, text);
	if (size < LIMIT_URL && !str_has_byte(text, '\0'))
		survives(text);
	return 0;
}
