/*
 * The alignment: what is alike at the front is taken as it is, the rest is
 * a table of lengths, window after window.
 */
#include "common/text/align.h"

#include <stdint.h>
#include <stdlib.h>

#include "common/base/mem.h"

/* Of a window, on each side: the table takes 8 MB then. */
#define WINDOW ((size_t)2000)

struct run {
	struct align *out;
	const struct align_pair *pair;
	size_t left, right; /* what has been aligned so far */
	uint16_t *table;    /* lengths of what is common from (i, j) to the window's end */
	size_t columns;
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool same(const struct run *r, size_t left, size_t right)
{
	return r->pair->same(r->pair->of, left, right);
}

static void step(struct run *r, enum align_kind kind)
{
	r->out->steps[r->out->count++] = (struct align_step){kind, r->left, r->right};
	r->left += kind != ALIGN_RIGHT;
	r->right += kind != ALIGN_LEFT;
}

static void take_alike(struct run *r)
{
	while (
	    r->left < r->pair->left && r->right < r->pair->right && same(r, r->left, r->right))
		step(r, ALIGN_BOTH);
}

static uint16_t *cell(const struct run *r, size_t i, size_t j)
{
	return &r->table[i * r->columns + j];
}

static void fill(struct run *r, size_t rows, size_t columns)
{
	r->columns = columns + 1;
	for (size_t j = 0; j <= columns; j++)
		*cell(r, rows, j) = 0;
	for (size_t i = rows; i-- > 0;) {
		*cell(r, i, columns) = 0;
		for (size_t j = columns; j-- > 0;) {
			uint16_t down = *cell(r, i + 1, j), along = *cell(r, i, j + 1);
			if (same(r, r->left + i, r->right + j))
				*cell(r, i, j) = (uint16_t)(*cell(r, i + 1, j + 1) + 1);
			else
				*cell(r, i, j) = down > along ? down : along;
		}
	}
}

/* Walks through the table; a window that does not reach the end is believed for its first half
 * only, for what comes behind it may want another course. */
static void walk(struct run *r, size_t rows, size_t columns, bool last)
{
	size_t i = 0, j = 0;
	size_t stop = last ? rows + columns : (rows + columns) / 2;
	while (i + j < stop && (i < rows || j < columns)) {
		if (i < rows && j < columns && same(r, r->left, r->right)) {
			step(r, ALIGN_BOTH);
			i++, j++;
		} else if (i < rows &&
			   (j == columns || *cell(r, i + 1, j) >= *cell(r, i, j + 1))) {
			step(r, ALIGN_LEFT);
			i++;
		} else {
			step(r, ALIGN_RIGHT);
			j++;
		}
	}
}

static void align_window(struct run *r)
{
	size_t rows = smaller(r->pair->left - r->left, WINDOW);
	size_t columns = smaller(r->pair->right - r->right, WINDOW);
	bool last = r->left + rows == r->pair->left && r->right + columns == r->pair->right;
	r->table = mem_array((rows + 1) * (columns + 1), sizeof *r->table);
	fill(r, rows, columns);
	walk(r, rows, columns, last);
	free(r->table);
}

void align_run(struct align *a, const struct align_pair *pair)
{
	struct run r = {.out = a, .pair = pair};
	*a = (struct align){mem_array(pair->left + pair->right + 1, sizeof *a->steps), 0};
	take_alike(&r);
	while (r.left < pair->left || r.right < pair->right) {
		align_window(&r);
		take_alike(&r);
	}
}
