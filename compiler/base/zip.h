// SPDX-License-Identifier: Apache-2.0
// Reproducible ZIP archives (PKWARE APPNOTE 6.3): the same files give the same bytes, whenever and wherever they are packed. The format
// and the compression are minizip's and zlib's.
#ifndef MO_BASE_ZIP_H
#define MO_BASE_ZIP_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>

// One file of an archive or of a folder that was read.
struct mo_zip_file {
	struct mo_str name; // parts joined by '/', UTF-8
	struct mo_str bytes;
	bool executable;
};

typedef MO_VEC(struct mo_zip_file) mo_zip_files;

// The archive's bytes, in the arena. Files stand in the given order, dated to the format's first day, readable by all.
struct mo_str mo_zip_pack(struct mo_arena *arena, const mo_zip_files *files);

#endif
