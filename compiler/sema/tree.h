// SPDX-License-Identifier: Apache-2.0
// Reads a file or a folder with everything below it, for packing.
#ifndef MO_SEMA_TREE_H
#define MO_SEMA_TREE_H

#include "base/zip.h"
#include "sema/glob.h"

enum {
	MO_TREE_LARGEST = 250 << 20, // bytes in all: what a Lambda function may have unpacked (AWS Lambda Developer Guide, "Lambda quotas")
	MO_TREE_MOST_FILES = 10000,
	MO_TREE_DEEPEST = 64,        // folders below each other
};

enum mo_tree_error {
	MO_TREE_OK,
	MO_TREE_UNREADABLE, // errno says why
	MO_TREE_LINK,       // a symbolic link, which may lead anywhere
	MO_TREE_NOT_A_FILE, // a device, a socket, a pipe
	MO_TREE_TOO_LARGE,
	MO_TREE_TOO_MANY,
	MO_TREE_TOO_DEEP,
	MO_TREE_BAD_NAME,   // not UTF-8
	MO_TREE_EMPTY,      // no file at all
};

// Whether a path below a folder is left out by a pattern. A pattern without `/` is for names at any depth, one with `/` for paths from
// the folder on, where `**` stands for any number of folders. A folder that matches is left out with everything in it.
bool mo_tree_ignores(struct mo_str pattern, struct mo_str path);

// Reads `path`, which has been resolved: one file under its own name, or all regular files of a folder, named relative to it and sorted
// by their bytes, without what `ignored` or the compiler itself leaves out (version control, byte code, what desktops leave behind). On
// an error *at is the path that is at fault, relative to `path`.
enum mo_tree_error mo_tree_read(struct mo_arena *a, struct mo_str path, const mo_names *ignored, mo_zip_files *out, struct mo_str *at);

// The same files have the same digest, 64 hexadecimal digits: names, contents and whether they can be executed count, nothing else.
struct mo_str mo_tree_digest(struct mo_arena *a, const mo_zip_files *files);

#endif
