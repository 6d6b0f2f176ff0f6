/*
 * What the parts of the diagram share: the story (what was kept of the conversation), the
 * figure laid out from it, and the three steps between a trace and a file.
 * Not for anybody else.
 */
#ifndef PARLEY_CLI_DIAGRAM_INSIDE_H
#define PARLEY_CLI_DIAGRAM_INSIDE_H

#include "common/base/buf.h"
#include "common/cli/diagram.h"
#include "common/text/svg.h"

enum {
	STORY_HALF = 200, /* marks kept of the beginning, and as many of the end */
	STORY_MOST = 2 * STORY_HALF,
	WORDS = 160,     /* bytes kept of a line */
	MOST_LANES = 12, /* connections side by side; of more the page could not be read */
};

enum mark_kind {
	MARK_CONNECT,
	MARK_ACCEPT, /* FTP, active mode: the server connects */
	MARK_TLS,
	MARK_SAID, /* a command, a reply, a head: one line or several */
	MARK_BODY,
	MARK_CLOSE,
	MARK_NOTE, /* what the client decided: a retry, a redirect */
};

/* One thing that happened on a connection. Times are nanoseconds on the client's clock since
 * the trace began, and may be negative for what began before its first record. */
struct mark {
	enum mark_kind kind;
	int conn;
	bool data; /* of FTP's data connection that belongs to conn */
	char from; /* 'C' or 'S' */
	int64_t at, until;
	int64_t trip;   /* the round trip that TCP's handshake took; 0 unknown */
	int64_t turn;   /* the first answer: the time since it was asked for; else 0 */
	int64_t flight; /* CONNECT, TLS: how long the handshake took */
	uint64_t lines; /* SAID: of it; more than one is told */
	uint64_t more;  /* lines that followed as text */
	uint64_t bytes; /* of the body, 0 unknown */
	char words[WORDS];
};

struct story {
	struct mark kept[STORY_MOST]; /* the first half stays, the second goes round */
	uint64_t count;               /* of all marks there were */
	int64_t end;
};

/* The mark with this number if it is still kept, else NULL. */
struct mark *story_mark(struct story *s, uint64_t number);
/* Marks that can still be told, in their order: i from 0 to story_kept. */
size_t story_kept(const struct story *s);
const struct mark *story_at(const struct story *s, size_t i);
/* How many are missing between the first half and what follows. */
uint64_t story_lost(const struct story *s);

struct lane {
	bool data;
	int first, last, count; /* the connections it carried */
	int conn;               /* the one it carries now */
	int64_t free_at;        /* INT64_MAX while the connection is open */
	double client_x, server_x, left, right;
	size_t left_columns, right_columns;
	char peer[WORDS];
};

struct place { /* a moment on one side of a lane */
	int64_t at;
	double y;
	int lane, conn;
	bool server, late; /* late: after what is folded */
	bool label;        /* words stand beside it */
	int after;         /* place that has to stand higher by `least`; -1 none */
	double least;
};

enum stroke_kind { STROKE_ARROW, STROKE_BAND, STROKE_SPAN, STROKE_NOTE };

struct stroke {
	enum stroke_kind kind;
	const char *look; /* CSS class */
	int from, to;     /* places; a span's are its ends */
	int from2, to2;   /* the lower edge of a band */
	char words[WORDS + 64];
};

struct figure {
	struct lane lanes[MOST_LANES];
	int n_lanes;
	int hidden; /* connections for which there was no lane */
	struct place *places;
	int n_places;
	struct stroke *strokes;
	int n_strokes;
	double width, top, bottom, fold_y;
	int64_t start, end;
};

void diagram_lanes(struct figure *f, const struct story *s, int *lane_of);
void diagram_widths(struct figure *f);
void diagram_strokes(struct figure *f, const struct story *s, const int *lane_of);
void diagram_heights(struct figure *f);
void diagram_draw(struct buf *out, const struct figure *f, const struct story *s);

/* "50.3 ms" */
void diagram_time(char *text, size_t size, int64_t ns);

#endif
