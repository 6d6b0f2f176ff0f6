/*
 * FTP data connections, one at a time. Of FTP's commands it knows only the two
 * that name a port.
 */
#include "tests/peer/data.h"

#include <string.h>

#include "common/base/clock.h"
#include "common/text/number.h"
#include "tests/peer/body.h"
#include "tests/peer/socket.h"

/* The n-th piece (from 0) between separators. */
static struct str nth(struct str text, char separator, unsigned n)
{
	struct str piece = STR_NONE;
	for (unsigned i = 0; i <= n; i++)
		if (!str_cut(&text, separator, &piece))
			return STR_NONE;
	return piece;
}

/* "PORT 127,0,0,1,high,low" */
static bool read_port(struct str line, uint16_t *port)
{
	uint64_t high, low;
	struct str args = str_sub(line, 5, line.len);
	if (!str_starts_nocase(line, "PORT ") ||
	    !number_parse_max(nth(args, ',', 4), 255, &high) ||
	    !number_parse_max(nth(args, ',', 5), 255, &low))
		return false;
	*port = (uint16_t)(high * 256 + low);
	return true;
}

/* "EPRT |1|127.0.0.1|6275|", any separator */
static bool read_eprt(struct str line, uint16_t *port)
{
	struct str args = str_trim(str_sub(line, 5, line.len));
	return str_starts_nocase(line, "EPRT ") && args.len &&
	       number_parse_port(nth(args, args.ptr[0], 3), port);
}

void data_note_client(struct data *d, struct str line)
{
	uint16_t port;
	if (!read_port(line, &port) && !read_eprt(line, &port))
		return;
	data_close(d);
	d->client_port = port;
}

static bool listen_anew(struct data *d, const char *address, struct err *err)
{
	data_close(d);
	d->listener = socket_listen(address, 0, err);
	return d->listener >= 0;
}

/* Length of the mark at the front of text, and what stands for it; 0 if there is none. */
static size_t read_mark(struct str text, unsigned port, unsigned *value)
{
	const struct {
		const char *text;
		unsigned value;
	} marks[] = {{"@PORT@", port}, {"@PORT1@", port / 256}, {"@PORT2@", port % 256}};
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
		if (str_starts(text, marks[i].text)) {
			*value = marks[i].value;
			return strlen(marks[i].text);
		}
	return 0;
}

bool data_put_line(
    struct data *d, struct str text, const char *address, struct buf *out, struct err *err)
{
	unsigned value = 0;
	if (str_find_str(text, STR("@PORT")) == text.len)
		return buf_add_str(out, text);
	if (!listen_anew(d, address, err))
		return false;
	unsigned port = socket_port(d->listener);
	while (text.len) {
		size_t mark = read_mark(text, port, &value);
		if (mark)
			buf_addf(out, "%u", value);
		else
			buf_add_byte(out, text.ptr[0]);
		text = str_sub(text, mark ? mark : 1, text.len);
	}
	return true;
}

bool data_is_idle(const struct data *d)
{
	return d->listener < 0 && d->client_port == 0;
}

static int open_socket(struct data *d, const struct conn *control, struct err *err)
{
	int64_t deadline = clock_now() + control->setup->timeout;
	int fd = d->client_port
		     ? socket_connect_back(control->fd, d->client_port, deadline, err)
		     : socket_accept(d->listener, deadline, err);
	data_close(d);
	return fd;
}

static bool transfer(struct conn *c, const struct step *step, struct err *err)
{
	if (step->data.tls && !conn_start_tls(c, err))
		return false;
	if (!step->data.to_client)
		return body_take(c, step->path, step->path ? BODY_ALL : step->amount, err);
	if (!step->path)
		return body_send_pattern(c, step->amount, err);
	return body_send_file(c, step->path, step->data.cut ? step->amount : BODY_ALL, err);
}

bool data_play(
    struct data *d, const struct step *step, const struct conn *control, struct err *err)
{
	struct conn c;
	if (data_is_idle(d))
		return err_set(
		    err, ERR_USAGE, "no data port was named by PORT, EPRT or @PORT@");
	int fd = open_socket(d, control, err);
	if (fd < 0)
		return false;
	conn_open(&c, fd, LOG_DATA, control->setup);
	bool ok = transfer(&c, step, err);
	/* A FIN without a goodbye is what TLS must not take for an end. */
	conn_close(&c, !step->data.cut ? CONN_CLOSE : step->data.tls ? CONN_CUT : CONN_RESET);
	return ok;
}

void data_close(struct data *d)
{
	if (d->listener >= 0)
		close(d->listener);
	*d = DATA_INIT;
}
