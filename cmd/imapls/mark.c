/*
 * The file of what was exported.
 */
#include "cmd/imapls/mark.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/outfile.h"
#include "common/cli/userfile.h"
#include "common/text/number.h"

static const char heading[] =
    "# imapls: UIDVALIDITY UID MODSEQ and the mailbox of what was exported\n";

static bool take_line(struct mark *m, struct str line)
{
	struct str rest = line, word;
	uint64_t numbers[3];
	if (line.len == 0 || line.ptr[0] == '#')
		return true;
	for (int k = 0; k < 3; k++)
		if (!str_cut(&rest, ' ', &word) || !number_parse(word, &numbers[k]))
			return false;
	if (str_is(rest, m->name)) {
		m->uid_validity = numbers[0];
		m->uid = numbers[1];
		m->modseq = numbers[2];
		return true;
	}
	buf_add_str(&m->others, line);
	return buf_add_byte(&m->others, '\n');
}

bool mark_read(struct mark *m, const char *path, const char *name, struct err *err)
{
	struct userfile file = {0};
	struct str rest, line;
	size_t number = 0;
	*m = (struct mark){.path = mem_dup(path), .name = mem_dup(name)};
	m->others = BUF_INIT(2 * LIMIT_FILE);
	bool ok = userfile_read(&file, path, err);
	rest = buf_str(&file.bytes);
	while (ok && str_cut(&rest, '\n', &line)) {
		number++;
		if (!take_line(m, line))
			ok = err_set(err, ERR_CONFIG,
			    "%.300s, line %zu: neither numbers nor a mailbox; "
			    "without the file all is exported again",
			    path, number);
	}
	userfile_free(&file);
	return ok;
}

bool mark_save(const struct mark *m, struct err *err)
{
	struct buf text = BUF_INIT(4 * LIMIT_FILE);
	buf_add_text(&text, heading);
	buf_add_str(&text, buf_str(&m->others));
	buf_addf(&text, "%llu %llu %llu %s\n", (unsigned long long)m->uid_validity,
	    (unsigned long long)m->uid, (unsigned long long)m->modseq, m->name);
	struct outfile *out = outfile_open(m->path, OUTFILE_SYNC, err);
	bool ok = out && outfile_write(out, buf_str(&text), err);
	if (ok)
		ok = outfile_commit(out, err);
	else
		outfile_abandon(out);
	buf_free(&text);
	return ok;
}

void mark_free(struct mark *m)
{
	free(m->path);
	free(m->name);
	buf_free(&m->others);
	*m = (struct mark){0};
}
