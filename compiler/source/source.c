// SPDX-License-Identifier: Apache-2.0
// Takes paths and texts, gives sources with their place in the common space of offsets. It knows nothing of the language and prints
// nothing. Files stand one byte apart, so that the end of one (where "unexpected end of file" points) is not the start of the next;
// the first starts at 1, because offset 0 is nowhere.
#include "source/source.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct mo_sources {
	struct mo_arena *arena;
	MO_VEC(struct mo_source *) items; // in the order of their bases
	uint32_t next_base;
};

struct mo_span
mo_span_join(struct mo_span a, struct mo_span b)
{
	if (mo_span_is_nowhere(a)) {
		return b;
	}
	if (mo_span_is_nowhere(b)) {
		return a;
	}
	return (struct mo_span){ a.start < b.start ? a.start : b.start, a.end > b.end ? a.end : b.end };
}

struct mo_sources *
mo_sources_new(struct mo_arena *arena)
{
	struct mo_sources *s = mo_new(arena, struct mo_sources);
	s->arena = arena;
	s->next_base = 1;
	return s;
}

// What is wrong with the bytes themselves.
static enum mo_source_error
fault_of(struct mo_str text, uint32_t *bad_offset)
{
	const char *nul = text.len ? memchr(text.p, 0, text.len) : NULL;
	size_t bad;
	if (nul) {
		*bad_offset = (uint32_t)(nul - text.p);
		return MO_SOURCE_NUL_BYTE;
	}
	if (!mo_str_utf8(text, &bad)) {
		*bad_offset = (uint32_t)bad;
		return MO_SOURCE_NOT_UTF8;
	}
	return MO_SOURCE_OK;
}

// Adds a text that already lives in the arena and has a NUL behind it.
static enum mo_source_error
add(struct mo_sources *s, struct mo_str name, struct mo_str path, struct mo_str text, enum mo_source_kind kind,
	struct mo_source **out, uint32_t *bad_offset)
{
	*out = NULL;
	if (text.len > MO_SOURCE_LARGEST) {
		return MO_SOURCE_TOO_LARGE;
	}
	if (text.len >= UINT32_MAX - s->next_base) {
		return MO_SOURCE_SPACE_FULL;
	}
	if (mo_str_starts(text, MO_STR("\xef\xbb\xbf"))) { // a byte order mark is no text: editors do not show it
		text = mo_str_sub(text, 3, text.len);
	}
	struct mo_source *source = mo_new(s->arena, struct mo_source);
	source->name = mo_str_dup(s->arena, name);
	source->path = mo_str_dup(s->arena, path);
	source->text = text;
	source->base = s->next_base;
	source->kind = kind;
	s->next_base += (uint32_t)text.len + 1;
	mo_push(s->arena, &s->items, source);
	*out = source;
	return fault_of(text, bad_offset);
}

enum mo_source_error
mo_source_add(struct mo_sources *s, struct mo_str name, struct mo_str path, struct mo_str text, enum mo_source_kind kind,
	struct mo_source **out, uint32_t *bad_offset)
{
	if (text.len > MO_SOURCE_LARGEST) {
		*out = NULL;
		return MO_SOURCE_TOO_LARGE;
	}
	return add(s, name, path, mo_str_dup(s->arena, text), kind, out, bad_offset);
}

// Reads until the end or until `cap` bytes are there. False with errno on failure.
static bool
read_some(int fd, char *p, size_t cap, size_t *len)
{
	while (*len < cap) {
		ssize_t n = read(fd, p + *len, cap - *len);
		if (n == 0) {
			break;
		}
		if (n < 0 && errno != EINTR) {
			return false;
		}
		*len += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static enum mo_source_error
read_standard_input(struct mo_arena *arena, struct mo_str *text)
{
	struct stat st;
	if (fstat(STDIN_FILENO, &st) == 0 && S_ISDIR(st.st_mode)) {
		return MO_SOURCE_NOT_A_FILE;
	}
	size_t cap = 4096, len = 0;
	char *p = mo_arena_alloc(arena, cap);
	for (;;) {
		if (!read_some(STDIN_FILENO, p, cap - 1, &len)) {
			return MO_SOURCE_UNREADABLE;
		}
		if (len < cap - 1 || len > MO_SOURCE_LARGEST) {
			*text = (struct mo_str){ p, len };
			return MO_SOURCE_OK;
		}
		p = mo_arena_grow(arena, p, cap, cap * 2);
		cap *= 2;
	}
}

// Where the kernel can (Linux 5.6), a path that was found to lead into the project is opened only if it still has no link on it: nobody can
// put one there between looking and opening.
static int
open_file(const char *path, bool without_links)
{
	struct open_how how = { .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK }; // not to wait for the other end of a pipe
	if (without_links) {
		how.resolve = RESOLVE_NO_SYMLINKS;
		int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
		if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) {
			return fd;
		}
	}
	return open(path, (int)how.flags);
}

// Opens, reads at most `cap` bytes and closes; allocates nothing, so running out of memory cannot leave the file open.
static enum mo_source_error
read_once(const char *path, bool without_links, char *p, size_t cap, size_t *len)
{
	int fd = open_file(path, without_links);
	if (fd < 0) {
		return MO_SOURCE_UNREADABLE;
	}
	struct stat st;
	bool good = fstat(fd, &st) == 0;
	if (good && !S_ISREG(st.st_mode)) {
		close(fd);
		return MO_SOURCE_NOT_A_FILE;
	}
	good = good && read_some(fd, p, cap, len);
	int reason = errno;
	close(fd);
	errno = reason;
	return good ? MO_SOURCE_OK : MO_SOURCE_UNREADABLE;
}

static enum mo_source_error
read_regular_file(struct mo_arena *arena, const char *path, bool without_links, struct mo_str *text)
{
	struct stat st;
	if (stat(path, &st) != 0) {
		return MO_SOURCE_UNREADABLE;
	}
	if (!S_ISREG(st.st_mode)) {
		return MO_SOURCE_NOT_A_FILE;
	}
	if (st.st_size > MO_SOURCE_LARGEST) {
		return MO_SOURCE_TOO_LARGE;
	}
	// A file that grew since, or that tells no size (/proc), is read again with twice the room.
	for (size_t cap = (size_t)st.st_size + 2;; cap *= 2) {
		char *p = mo_arena_alloc(arena, cap);
		size_t len = 0;
		enum mo_source_error error = read_once(path, without_links, p, cap - 1, &len);
		if (error != MO_SOURCE_OK || len < cap - 1 || len > MO_SOURCE_LARGEST) {
			*text = (struct mo_str){ p, len };
			return error;
		}
	}
}

static enum mo_source_error
read_source(struct mo_sources *s, struct mo_str name, struct mo_str path, bool without_links, enum mo_source_kind kind,
	struct mo_source **out, uint32_t *bad_offset)
{
	struct mo_str text = { 0 };
	char resolved[PATH_MAX] = "";
	enum mo_source_error error;
	*out = NULL;
	if (mo_str_is(path, "-")) {
		error = read_standard_input(s->arena, &text);
	} else if (path.len && memchr(path.p, 0, path.len)) {
		errno = ENOENT;
		error = MO_SOURCE_UNREADABLE;
	} else {
		struct mo_str terminated = mo_str_dup(s->arena, path);
		error = read_regular_file(s->arena, terminated.p, without_links, &text);
		if (error == MO_SOURCE_OK && !realpath(terminated.p, resolved)) {
			error = MO_SOURCE_UNREADABLE;
		}
	}
	return error == MO_SOURCE_OK ? add(s, name, mo_str_c(resolved), text, kind, out, bad_offset) : error;
}

enum mo_source_error
mo_source_read(struct mo_sources *s, struct mo_str name, struct mo_str path, enum mo_source_kind kind, struct mo_source **out,
	uint32_t *bad_offset)
{
	return read_source(s, name, path, false, kind, out, bad_offset);
}

enum mo_source_error
mo_source_read_resolved(struct mo_sources *s, struct mo_str name, struct mo_str path, enum mo_source_kind kind, struct mo_source **out,
	uint32_t *bad_offset)
{
	return read_source(s, name, path, true, kind, out, bad_offset);
}

static struct mo_source *
find(struct mo_sources *s, uint32_t offset)
{
	uint32_t low = 0, high = s->items.len; // the first source whose base is above offset is in [low, high]
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (s->items.items[middle]->base <= offset) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	struct mo_source *source = low ? s->items.items[low - 1] : NULL;
	return source && offset - source->base <= source->text.len ? source : NULL;
}

const struct mo_source *
mo_source_at(struct mo_sources *s, uint32_t offset)
{
	return find(s, offset);
}

uint32_t
mo_source_count(const struct mo_sources *s)
{
	return s->items.len;
}

const struct mo_source *
mo_source_get(const struct mo_sources *s, uint32_t index)
{
	return s->items.items[index];
}

// Makes the table of line starts, once.
static void
find_lines(struct mo_sources *s, struct mo_source *source)
{
	if (source->lines) {
		return;
	}
	struct mo_str text = source->text;
	uint32_t count = 1;
	for (size_t i = 0; i < text.len; i++) {
		count += text.p[i] == '\n';
	}
	uint32_t *lines = mo_new_array(s->arena, uint32_t, count);
	uint32_t line = 1;
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\n') {
			lines[line++] = (uint32_t)i + 1;
		}
	}
	source->lines = lines;
	source->line_count = count;
}

// The index of the line that holds an offset within the file.
static uint32_t
line_index(const struct mo_source *source, uint32_t within)
{
	uint32_t low = 0, high = source->line_count;
	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (source->lines[middle] <= within) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

struct mo_position
mo_position_of(struct mo_sources *s, uint32_t offset)
{
	struct mo_source *source = find(s, offset);
	if (!source) {
		return (struct mo_position){ 0 };
	}
	find_lines(s, source);
	uint32_t within = offset - source->base;
	uint32_t line = line_index(source, within);
	struct mo_str before = mo_str_sub(source->text, source->lines[line], within);
	return (struct mo_position){ source, line + 1, (uint32_t)mo_str_columns(before) + 1 };
}

struct mo_str
mo_source_line(struct mo_sources *s, const struct mo_source *source, uint32_t line)
{
	struct mo_source *known = find(s, source->base);
	find_lines(s, known);
	if (line == 0 || line > known->line_count) {
		return (struct mo_str){ 0 };
	}
	size_t end = line < known->line_count ? known->lines[line] - 1 : known->text.len;
	struct mo_str text = mo_str_sub(known->text, known->lines[line - 1], end);
	return mo_str_ends(text, MO_STR("\r")) ? mo_str_sub(text, 0, text.len - 1) : text;
}

struct mo_str
mo_span_text(struct mo_sources *s, struct mo_span span)
{
	const struct mo_source *source = find(s, span.start);
	if (!source || span.end < span.start) {
		return (struct mo_str){ 0 };
	}
	return mo_str_sub(source->text, span.start - source->base, span.end - source->base);
}
