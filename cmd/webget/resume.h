/*
 * Going on with a download that broke off, and never with bytes of another
 * version. The validator of the answer that began the file is kept (NAME.part.info beside
 * NAME.part); the rest is asked for under If-Range (RFC 9110 13.1.5), and
 * Content-Range, the total and an overlap with what is there must agree.
 */
#ifndef PARLEY_WEBGET_RESUME_H
#define PARLEY_WEBGET_RESUME_H

#include <stdint.h>

#include "common/cli/outfile.h"
#include "common/proto/http1.h"
#include "common/text/httphead.h"

struct resume {
	bool kept;        /* the validator goes to a file, for a later run */
	char *url;        /* what the file is of */
	char *validator;  /* a strong ETag, or a date; NULL: there is nothing to go on with */
	uint64_t total;   /* 0: not known */
	char *map;        /* of a file with gaps: what is there (plan_put_map); NULL: no gaps */
	uint64_t have;    /* bytes that are there, up to the first gap; 0: ask for all */
	uint64_t overlap; /* so many of them are asked for again */
};

enum resume_answer {
	RESUME_WHOLE, /* the body is the whole thing, from its first byte */
	RESUME_REST,  /* it begins at have - overlap of the very version that is there */
	RESUME_ALL,   /* 416: there is no more of that version than what is there */
	RESUME_ANEW,  /* it fits nothing: ask again, for all */
};

/* Reads what is known of a partial file of url. Anything doubtful is nothing. */
void resume_load(struct resume *r, struct outfile *out, const char *url);
/* Before a try in the same run: as much as is in the file, if its version is known. */
void resume_again(struct resume *r, const struct outfile *out);
/* Forgets what is there. */
void resume_drop(struct resume *r);
void resume_free(struct resume *r);
/* "bytes=100-" for Range, into out; false when all is to be asked for. */
bool resume_range(const struct resume *r, char *out, size_t size);

enum resume_answer resume_judge(const struct resume *r, const struct http_head *head);
/* Takes the overlap off the body and compares it with the file. False without an error when it
 * differs; false with one when it could not be read. */
bool resume_compare(
    const struct resume *r, struct http1_body *body, struct outfile *out, struct err *err);
/* A whole body is about to be written: the file is emptied first, then its version noted. */
bool resume_begin(
    struct resume *r, const struct http_head *head, struct outfile *out, struct err *err);
/* The version that an answer is of: a strong ETag, or a date that is old enough; to be freed.
 * NULL: nobody knows (RFC 9110 8.8.1). */
char *resume_validator(const struct http_head *head);
/* Writes the note again: the map has changed. */
bool resume_save(const struct resume *r, const struct outfile *out, struct err *err);
/* What is there is not what it should be: no later run may go on with it. */
void resume_forget(struct resume *r, const struct outfile *out);
/* The file is whole: its note goes. path: of the partial file. */
void resume_done(const struct resume *r, const char *path);

#endif
