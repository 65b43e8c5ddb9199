// SPDX-License-Identifier: Apache-2.0
// Reads mlops.lock. A file that does not say what a build wrote, whole, is an error that points to the line: what it kept would otherwise
// be lost with the next build.
#include "lock/lock.h"

#include "diag/files.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct reader {
	struct mo_lock *lock;
	struct mo_str line;  // without its end
	struct mo_span span; // of it
	size_t at;           // within it
};

static struct mo_diag *
damaged(struct mo_lock *lock, struct mo_span span, const char *what)
{
	lock->damaged = true;
	struct mo_diag *d = mo_report(lock->diags, MSG_LOCK_DAMAGED, span, "%s", what);
	mo_diag_help(d, "take the line as it was from the history of the file; without it, the next build takes what it was about for new");
	return d;
}

// ---- fields ----------------------------------------------------------------------------------------------------------------------

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// A text in quotes, as write.c makes them; false when it is not one.
static bool
read_quoted(struct reader *r, struct mo_str *out)
{
	struct mo_buf b = mo_buf_in(r->lock->arena);
	for (r->at++; r->at < r->line.len && r->line.p[r->at] != '"'; r->at++) {
		char c = r->line.p[r->at];
		if (c != '\\') {
			mo_buf_addc(&b, c);
			continue;
		}
		c = ++r->at < r->line.len ? r->line.p[r->at] : '\0';
		if (c == 'x' && r->at + 2 < r->line.len && hex_digit(r->line.p[r->at + 1]) >= 0 && hex_digit(r->line.p[r->at + 2]) >= 0) {
			mo_buf_addc(&b, (char)(hex_digit(r->line.p[r->at + 1]) * 16 + hex_digit(r->line.p[r->at + 2])));
			r->at += 2;
		} else if (c == '"' || c == '\\') {
			mo_buf_addc(&b, c);
		} else {
			return false;
		}
	}
	*out = mo_buf_str(&b);
	return r->at++ < r->line.len;
}

// The next field and the space behind it. The last one takes the rest of the line. False when it is not there as it should be.
static bool
read_field(struct reader *r, bool last, struct mo_str *out)
{
	if (r->at >= r->line.len) {
		return false;
	}
	if (r->line.p[r->at] == '"') {
		if (!read_quoted(r, out)) {
			return false;
		}
	} else {
		ptrdiff_t space = last ? -1 : mo_str_find(r->line, MO_STR(" "), r->at);
		size_t end = space < 0 ? r->line.len : (size_t)space;
		*out = mo_str_sub(r->line, r->at, end);
		r->at = end;
	}
	if (r->at == r->line.len) {
		return out->len > 0 || r->line.p[r->line.len - 1] == '"';
	}
	return !last && r->line.p[r->at++] == ' ' && r->at < r->line.len;
}

static bool
is_number(struct mo_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9') {
			return false;
		}
	}
	return s.len > 0 && s.len < 10 && s.p[0] != '0';
}

// Of the version of a product: a number.
static bool
is_good(const struct mo_lock_fact *fact)
{
	return fact->kind != MO_LOCK_PRODUCT || is_number(fact->fields[1]);
}

// ---- lines -----------------------------------------------------------------------------------------------------------------------

static int
kind_of(struct mo_str word)
{
	for (int k = 0; k < MO_LOCK_KINDS; k++) {
		if (mo_str_is(word, mo_lock_rows[k].word)) {
			return k;
		}
	}
	return -1;
}

static bool
read_fields(struct reader *r, struct mo_lock_fact *fact)
{
	const struct mo_lock_row *row = &mo_lock_rows[fact->kind];
	for (uint32_t i = 0; i < row->fields; i++) {
		if (!read_field(r, i + 1 == row->fields, &fact->fields[i])) {
			return false;
		}
	}
	return is_good(fact);
}

static void
report_twice(struct reader *r, const struct mo_lock_fact *fact)
{
	const struct mo_lock_fact *first = mo_lock_state_find(&r->lock->before, fact->kind, fact->fields);
	for (uint32_t i = 0; i < mo_lock_rows[fact->kind].fields; i++) {
		if (!mo_str_eq(first->fields[i], fact->fields[i])) {
			struct mo_diag *d = damaged(r->lock, r->span, "two lines say different things of the same");
			mo_diag_label(d, first->span, "the other one");
			mo_diag_help(d, "two people's changes were merged: keep the line of the build that was deployed, then build again");
			return;
		}
	}
}

static void
read_line(struct reader *r)
{
	ptrdiff_t space = mo_str_find(r->line, MO_STR(" "), 0);
	struct mo_str word = mo_str_sub(r->line, 0, space < 0 ? r->line.len : (size_t)space);
	int kind = kind_of(word);
	struct mo_lock_fact fact = { .kind = (enum mo_lock_kind)(kind < 0 ? 0 : kind), .span = r->span };
	r->at = word.len + 1;
	if (kind < 0) {
		damaged(r->lock, r->span, "this line says nothing that a build writes");
	} else if (!read_fields(r, &fact)) {
		struct mo_diag *d = damaged(r->lock, r->span, "this line is not whole");
		mo_diag_note(d, "expected `%s %s`", mo_lock_rows[kind].word, mo_lock_rows[kind].names);
	} else if (!mo_lock_state_add(r->lock, &r->lock->before, &fact)) {
		report_twice(r, &fact);
	}
}

// ---- the file --------------------------------------------------------------------------------------------------------------------

static bool
is_conflict_mark(struct mo_str line)
{
	static const char *const marks[] = { "<<<<<<<", "|||||||", "=======", ">>>>>>>" };
	bool may_be = line.len && strchr("<|=>", line.p[0]);
	for (size_t i = 0; may_be && i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (mo_str_starts(line, mo_str_c(marks[i]))) {
			return true;
		}
	}
	return false;
}

static void
report_conflict(struct mo_lock *lock, struct mo_span span)
{
	lock->damaged = true;
	struct mo_diag *d = mo_report(lock->diags, MSG_LOCK_CONFLICT, span, "`" MO_STR_FMT "` holds a merge that is not finished",
		MO_STR_ARG(lock->name));
	mo_diag_help(d, "keep the lines of both sides (where two of them are about the same, the one that was deployed), delete the marks, "
			"and build again: a build puts the lines in order");
}

// The first line says that it is the file, and in which format. False when the rest is not to be read.
static bool
read_head(struct reader *r)
{
	static const struct mo_str mark = { "mlops.lock ", 11 };
	struct mo_str number = mo_str_sub(r->line, mark.len, r->line.len);
	if (!mo_str_starts(r->line, mark) || !is_number(number)) {
		struct mo_diag *d = damaged(r->lock, r->span, "this is not the first line of a lock file");
		mo_diag_note(d, "expected `mlops.lock %d`", MO_LOCK_FORMAT);
		return false;
	}
	if (mo_str_is(number, "1")) {
		return true;
	}
	r->lock->damaged = true;
	struct mo_diag *d = mo_report(r->lock->diags, MSG_LOCK_NEWER, r->span, "`" MO_STR_FMT "` has format " MO_STR_FMT
		", and this mlopsc knows format %d", MO_STR_ARG(r->lock->name), MO_STR_ARG(number), MO_LOCK_FORMAT);
	mo_diag_help(d, "a newer mlopsc wrote it: build with that one");
	return false;
}

static bool
next_line(struct reader *r, size_t *from)
{
	struct mo_str text = r->lock->source->text;
	if (*from >= text.len) {
		return false;
	}
	ptrdiff_t end = mo_str_find(text, MO_STR("\n"), *from);
	size_t to = end < 0 ? text.len : (size_t)end;
	r->line = mo_str_sub(text, *from, to);
	if (r->line.len && r->line.p[r->line.len - 1] == '\r') { // a tool of another system converted it
		r->line.len--;
	}
	uint32_t base = r->lock->source->base + (uint32_t)*from;
	r->span = (struct mo_span){ base, base + (uint32_t)r->line.len };
	*from = to + 1;
	return true;
}

static void
read_lines(struct mo_lock *lock)
{
	struct reader r = { .lock = lock };
	bool any = false;
	for (size_t from = 0; next_line(&r, &from);) {
		if (is_conflict_mark(r.line)) {
			report_conflict(lock, r.span);
			return;
		}
	}
	for (size_t from = 0; next_line(&r, &from);) {
		if (r.line.len == 0) {
			continue;
		}
		if (any) {
			read_line(&r);
		} else if (!read_head(&r)) {
			return;
		}
		any = true;
	}
	if (!any) {
		damaged(lock, (struct mo_span){ lock->source->base, lock->source->base }, "the lock file is empty");
	}
}

struct mo_lock *
mo_lock_read(struct mo_ctx *ctx, struct mo_str name, struct mo_str path)
{
	struct mo_lock *lock = mo_new(&ctx->session, struct mo_lock);
	lock->arena = &ctx->build;
	lock->diags = ctx->diags;
	lock->name = name;
	lock->path = path.len ? mo_str_dup(&ctx->session, path) : path;
	if (!path.len || (access(lock->path.p, F_OK) != 0 && errno == ENOENT)) {
		return lock;
	}
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	enum mo_source_error error = mo_source_read(ctx->sources, name, lock->path, MO_SOURCE_LOCK, &source, &bad);
	lock->exists = true;
	if (error != MO_SOURCE_OK) {
		lock->damaged = true;
		mo_report_source_error(ctx->diags, error, name, MO_NOWHERE, source, bad);
		return lock;
	}
	lock->source = source;
	read_lines(lock);
	if (lock->damaged) {
		lock->before = (struct mo_lock_state){ 0 };
	}
	return lock;
}
