/*
 * Results for people and machines: lists, --jsonl, status lines, --timing. Decides
 * nothing.
 */
#ifndef PARLEY_POP3FETCH_SHOW_H
#define PARLEY_POP3FETCH_SHOW_H

#include "cmd/pop3fetch/account.h"

/* To stdout, as text or, with --jsonl, a line of JSON. False when it can't be written. */
bool show_stat(const struct account *a, uint64_t count, uint64_t size, struct err *err);
bool show_list(const struct account *a, struct err *err);
/* A message's head: number, size, date, sender, subject. */
bool show_head(
    const struct account *a, const struct letter *letter, struct str head, struct err *err);
/* What came of an account: its error, its status line, its lines of JSON or of --dry-run, its
 * times. err: stdout could not be written. */
void show_account(const struct account *a, struct err *err);
/* --timing: all connections so far, to stderr. */
void show_timing(const struct session *s);

#endif
