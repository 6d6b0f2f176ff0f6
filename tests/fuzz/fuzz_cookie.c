/*
 * Set-Cookie lines, jars and HSTS files of any bytes: what is kept is bounded
 * and one line, and a jar that is written is read back the same.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/hsts.h"
#include "cmd/webget/jar.h"
#include "common/base/limits.h"
#include "tests/fuzz/fuzz.h"

#define NOW ((int64_t)1795305600)

static void ask(struct cookie_jar *jar, const char *from, struct str lines)
{
	struct url url;
	struct err err = {0};
	struct str line;
	must(url_parse(&url, str_of(from), "http", &err));
	while (str_cut(&lines, '\n', &line)) {
		struct cookie c;
		const char *why = NULL;
		if (!cookie_parse(&c, line, NOW, &why)) {
			must(why);
			continue;
		}
		must(str_is_one_line(str_of(c.name)) && str_is_one_line(str_of(c.value)));
		must(strlen(c.name) + strlen(c.value) <= 4096);
		must(c.expires == COOKIE_SESSION || c.expires <= NOW + (int64_t)400 * 86400);
		must(jar_store(jar, &c, &url, &why) == !why);
	}
	struct buf header = BUF_INIT(LIMIT_HEAD);
	jar_put(jar, &url, NOW, &header);
	must(str_is_one_line(buf_str(&header)));
	buf_free(&header);
	url_free(&url);
}

static void hsts(struct str text)
{
	struct hsts h;
	struct err err = {0};
	int64_t age = 0;
	bool under;
	must(hsts_open(&h, "", false, &err));
	hsts_load(&h, text);
	must(!hsts_parse(text, &age, &under) || age >= 0);
	must(hsts_close(&h, &err));
}

/* What was written is what is read. */
static void write_and_read(const struct cookie_jar *jar)
{
	struct cookie_jar again = {0};
	struct buf first = BUF_INIT(64 * MIB), second = BUF_INIT(64 * MIB);
	jar_write(jar, &first);
	jar_read(&again, buf_str(&first));
	jar_write(&again, &second);
	must(str_eq(buf_str(&first), buf_str(&second)));
	jar_free(&again);
	buf_free(&first);
	buf_free(&second);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct cookie_jar jar = {0}, read = {0};
	ask(&jar, "https://a.example/d/x", text);
	ask(&jar, "http://b.a.example/", text);
	ask(&jar, "http://127.0.0.1/", text);
	jar_read(&read, text);
	write_and_read(&jar);
	write_and_read(&read);
	jar_free(&jar);
	jar_free(&read);
	hsts(text);
	return 0;
}
