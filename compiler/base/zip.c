// SPDX-License-Identifier: Apache-2.0
// Hands minizip a file that is memory. It keeps memory of its own, so what it writes must not leave it by a jump: the growing archive is
// one block of malloc's, a failure is an error code for minizip, and the jump follows when everything of it is closed.
#include "base/zip.h"

#include <stdlib.h>
#include <string.h>

#include <minizip/zip.h>

enum {
	FIRST_DAY = 1 << 21 | 1 << 16, // 1980-01-01 as the format packs dates: year since 1980, month, day; then the time of day
	MADE_ON_UNIX = 3 << 8 | 20,    // so that the file modes below are read as such; version 2.0 of the format
	NAMES_ARE_UTF8 = 1 << 11,
	PLAIN_MODE = 0100644,
	PROGRAM_MODE = 0100755,
};

struct memory {
	char *bytes;
	size_t len, room, at;
};

static voidpf
open_memory(voidpf opaque, const void *name, int mode)
{
	(void)name;
	(void)mode;
	return opaque;
}

static uLong
read_memory(voidpf opaque, voidpf stream, void *to, uLong size)
{
	struct memory *m = stream;
	size_t left = m->len - m->at, n = size < left ? size : left;
	(void)opaque;
	memcpy(to, m->bytes + m->at, n);
	m->at += n;
	return n;
}

static bool
make_room(struct memory *m, size_t wanted)
{
	if (wanted <= m->room) {
		return true;
	}
	size_t room = wanted + wanted / 2 + 4096;
	char *more = realloc(m->bytes, room);
	if (more) {
		m->bytes = more;
		m->room = room;
	}
	return more != NULL;
}

static uLong
write_memory(voidpf opaque, voidpf stream, const void *from, uLong size)
{
	struct memory *m = stream;
	(void)opaque;
	if (!make_room(m, m->at + size)) {
		return 0;
	}
	memcpy(m->bytes + m->at, from, size);
	m->at += size;
	m->len = m->at > m->len ? m->at : m->len;
	return size;
}

static ZPOS64_T
tell_memory(voidpf opaque, voidpf stream)
{
	(void)opaque;
	return ((const struct memory *)stream)->at;
}

static long
seek_memory(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
	struct memory *m = stream;
	size_t base = origin == ZLIB_FILEFUNC_SEEK_CUR ? m->at : origin == ZLIB_FILEFUNC_SEEK_END ? m->len : 0;
	(void)opaque;
	if (base + offset > m->len) {
		return -1;
	}
	m->at = base + offset;
	return 0;
}

static int
close_memory(voidpf opaque, voidpf stream)
{
	(void)opaque;
	(void)stream;
	return 0;
}

static bool
add_file(zipFile zip, const struct mo_zip_file *f, const char *name)
{
	zip_fileinfo info = { .dosDate = FIRST_DAY, .external_fa = (uLong)(f->executable ? PROGRAM_MODE : PLAIN_MODE) << 16 };
	if (zipOpenNewFileInZip4_64(zip, name, &info, NULL, 0, NULL, 0, NULL, Z_DEFLATED, Z_BEST_COMPRESSION, 0, -MAX_WBITS, DEF_MEM_LEVEL,
		Z_DEFAULT_STRATEGY, NULL, 0, MADE_ON_UNIX, NAMES_ARE_UTF8, 0) != ZIP_OK) {
		return false;
	}
	bool good = zipWriteInFileInZip(zip, f->bytes.p ? f->bytes.p : "", (unsigned)f->bytes.len) == ZIP_OK;
	return zipCloseFileInZip(zip) == ZIP_OK && good;
}

static bool
pack(struct memory *m, const mo_zip_files *files, char *const *names)
{
	zlib_filefunc64_def functions = { open_memory, read_memory, write_memory, tell_memory, seek_memory, close_memory, close_memory, m };
	zipFile zip = zipOpen2_64("", APPEND_STATUS_CREATE, NULL, &functions);
	bool good = zip != NULL;
	for (uint32_t i = 0; good && i < files->len; i++) {
		good = add_file(zip, &files->items[i], names[i]);
	}
	return zip && zipClose(zip, NULL) == ZIP_OK && good;
}

// Copies the archive into the arena and gives its block back, also when the arena cannot grow.
static struct mo_str
take(struct mo_arena *arena, struct memory *m)
{
	jmp_buf *outer = arena->mem->on_exhausted, here;
	char *volatile archive = m->bytes;
	if (setjmp(here)) {
		arena->mem->on_exhausted = outer;
		free(archive);
		longjmp(*outer, 1);
	}
	arena->mem->on_exhausted = &here;
	struct mo_str bytes = mo_str_dup(arena, (struct mo_str){ m->bytes, m->len });
	arena->mem->on_exhausted = outer;
	free(archive);
	return bytes;
}

struct mo_str
mo_zip_pack(struct mo_arena *arena, const mo_zip_files *files)
{
	char **names = mo_new_array(arena, char *, files->len + 1);
	for (uint32_t i = 0; i < files->len; i++) {
		names[i] = (char *)(uintptr_t)mo_str_dup(arena, files->items[i].name).p;
	}
	struct memory m = { 0 };
	if (!pack(&m, files, names)) { // memory is all that it can lack
		free(m.bytes);
		longjmp(*arena->mem->on_exhausted, 1);
	}
	return take(arena, &m);
}
