/*
 * -w. The expected texts are curl 7.88's for the same facts, but for names.
 */
#include "cmd/webget/writeout.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/limits.h"
#include "tests/unit/unit.h"

static void facts(struct facts *f, struct fields *fields)
{
	fields_add(fields, STR("X-A"), STR("1"));
	fields_add(fields, STR("Location"), STR("/b/\xe4"));
	fields_add(fields, STR("x-a"), STR("\"2\\"));
	*f = (struct facts){.url = "http://127.0.0.1:32835/x",
	    .url_effective = "http://127.0.0.1:32835/x",
	    .scheme = "http",
	    .method = "GET",
	    .http_version = "1.0",
	    .content_type = "text/html",
	    .redirect_url = "http://127.0.0.1:32835/b/%e4",
	    .filename_effective = "/dev/null",
	    .remote_ip = "127.0.0.1",
	    .local_ip = "127.0.0.1",
	    .remote_port = 32835,
	    .local_port = 37140,
	    .response_code = 302,
	    .num_connects = 1,
	    .num_headers = 5,
	    .size_download = 2,
	    .size_header = 100,
	    .size_request = 80,
	    .time_connect = 0.0001,
	    .time_namelookup = 0.00002,
	    .time_pretransfer = 0.000123,
	    .time_starttransfer = 0.000253,
	    .time_total = 0.000298,
	    .fields = fields};
}

/* Of the facts above, with that exit code. */
static void writes(
    struct unit *t, const char *format, int exitcode, const char *want, const char *want_err)
{
	struct facts f;
	struct fields fields = {0};
	struct buf out = BUF_INIT(64 * KIB), err_out = BUF_INIT(64 * KIB);
	facts(&f, &fields);
	f.exitcode = exitcode;
	writeout_put(format, &f, &out, &err_out);
	unit_check_str(t, buf_str(&out), str_of(want), format);
	unit_check_str(t, buf_str(&err_out), str_of(want_err), format);
	fields_free(&fields);
	buf_free(&out);
	buf_free(&err_out);
}

static void variables(struct unit *t)
{
	writes(HERE(t),
	    "%{http_code} %{response_code} %{http_connect} %{http_version} "
	    "%{scheme} %{time_total} %{speed_download} %{size_request}",
	    0, "302 302 000 1 HTTP 0.000298 6711 80", "");
	writes(HERE(t), "%{errormsg}|%{referer}|%{certs}|%{num_certs}|%{urlnum}|%{exitcode}", 7,
	    "||" /* referer */ "|0|0|7", "");
	writes(HERE(t), "%{filename_effective} %{content_type} %{method} %{remote_ip}", 0,
	    "/dev/null text/html GET 127.0.0.1", "");
	writes(HERE(t), "%header{x-A}|%header{Location}|%header{none}|%header{}", 0,
	    "1|/b/\xe4||", "");
}

static void escapes(struct unit *t)
{
	writes(HERE(t), "a\\n\\r\\t\\\\b\\q\\x41", 0, "a\n\r\t\\b\\q\\x41", "");
	writes(HERE(t), "%%%x%%{http_code}%", 0, "%%x%{http_code}%", "");
	writes(HERE(t), "end\\", 0, "end\\", "");
	writes(HERE(t), "%{http_code", 0, "%{http_code", "");
	writes(HERE(t), "%header{x", 0, "%header{x", "");
	writes(HERE(t), "", 0, "", "");
	writes(HERE(t), "a%{nope}b%{}c", 0, "abc",
	    "webget: unknown --write-out variable: 'nope'\n"
	    "webget: unknown --write-out variable: ''\n");
}

static void places(struct unit *t)
{
	writes(HERE(t), "a%{stderr}b%{http_code}%{stdout}c", 0, "ac", "b302");
	writes(HERE(t), "a%{onerror}b", 0, "a", "");
	writes(HERE(t), "a%{onerror}b", 7, "ab", "");
}

static void json(struct unit *t)
{
	writes(HERE(t), "x%{json}\\n", 0,
	    "x{\"cache\":null,"
	    "\"certs\":\"\",\"content_type\":\"text/html\",\"errormsg\":null,\"exitcode\":0,"
	    "\"filename_effective\":\"/dev/null\",\"ftp_entry_path\":null,\"http_code\":302,"
	    "\"http_connect\":0,\"http_version\":\"1\",\"local_ip\":\"127.0.0.1\","
	    "\"local_port\":37140,\"method\":\"GET\",\"num_certs\":0,\"num_connects\":1,"
	    "\"num_headers\":5,\"num_redirects\":0,\"proxy_ssl_verify_result\":0,"
	    "\"redirect_url\":\"http://127.0.0.1:32835/b/%e4\",\"referer\":null,"
	    "\"remote_ip\":\"127.0.0.1\",\"remote_port\":32835,\"response_code\":302,"
	    "\"scheme\":\"HTTP\",\"size_download\":2,\"size_header\":100,\"size_request\":80,"
	    "\"size_upload\":0,\"speed_download\":6711,\"speed_upload\":0,"
	    "\"ssl_verify_result\":0,\"time_appconnect\":0.000000,\"time_connect\":0.000100,"
	    "\"time_namelookup\":0.000020,\"time_pretransfer\":0.000123,"
	    "\"time_redirect\":0.000000,\"time_starttransfer\":0.000253,"
	    "\"time_total\":0.000298,\"url\":\"http://127.0.0.1:32835/x\","
	    "\"url_effective\":\"http://127.0.0.1:32835/x\",\"urlnum\":0,"
	    "\"curl_version\":\"parley/" PARLEY_VERSION "\"}\n",
	    "");
	writes(HERE(t), "%{header_json}", 0,
	    "{\"x-a\":[\"1\",\"\\\"2\\\\\"],\n\"location\":[\"/b/\xef\xbf\xbd\"]\n}", "");
}

static void no_answer(struct unit *t)
{
	static const struct facts none = {0};
	struct buf out = BUF_INIT(8 * KIB), err_out = BUF_INIT(1000);
	writeout_put("%{http_code}|%{http_version}|%{scheme}|%{speed_download}|%{header_json}|"
		     "%header{x}|%{remote_ip}|%{url}",
	    &none, &out, &err_out);
	CHECK_STR(buf_cstr(&out), "000|0||0|{\n}|||");
	buf_clear(&out);
	writeout_put("%{json}", &none, &out, &err_out);
	CHECK(
	    strstr(buf_cstr(&out), "\"scheme\":null") && strstr(buf_cstr(&out), "_ip\":\"\""));
	buf_free(&out);
	buf_free(&err_out);
}

static void from_file(struct unit *t)
{
	char path[] = "/tmp/parley-unit-XXXXXX", argument[40];
	int fd = mkstemp(path);
	struct err err = {0};
	CHECK(fd >= 0 && write(fd, "%{url}\r\n\\n\n", 11) == 11);
	close(fd);
	snprintf(argument, sizeof argument, "@%s", path);
	char *format = writeout_load(argument, &err);
	CHECK_STR(format, "%{url}\\n");
	free(format);
	unlink(path);
	CHECK(!writeout_load(argument, &err) && err.kind == ERR_IO);
	format = writeout_load("plain@", &err);
	CHECK_STR(format, "plain@");
	free(format);
}

int main(void)
{
	static const struct unit_test tests[] = {
	    {"variables", variables},
	    {"escapes and what is none", escapes},
	    {"stderr, stdout, onerror", places},
	    {"JSON", json},
	    {"no answer", no_answer},
	    {"from a file", from_file},
	};
	return unit_run(tests, COUNT(tests));
}
