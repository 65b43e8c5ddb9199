// SPDX-License-Identifier: Apache-2.0
#include "sema/paths.h"

#include "base/vec.h"

#include <limits.h>
#include <stdlib.h>

struct mo_str
mo_path_folder(struct mo_str path)
{
	for (size_t i = path.len; i > 0; i--) {
		if (path.p[i - 1] == '/') {
			return mo_str_sub(path, 0, i == 1 ? 1 : i - 1);
		}
	}
	return MO_STR(".");
}

static bool
is_dots(struct mo_str part)
{
	return mo_str_is(part, "..");
}

struct mo_str
mo_path_join(struct mo_arena *a, struct mo_str folder, struct mo_str name)
{
	bool name_is_absolute = name.len && name.p[0] == '/';
	struct mo_str whole = name_is_absolute ? name : mo_str_printf(a, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(folder), MO_STR_ARG(name));
	bool absolute = whole.len && whole.p[0] == '/';
	MO_VEC(struct mo_str) parts = { 0 };
	for (size_t from = 0; from <= whole.len;) {
		ptrdiff_t slash = mo_str_find(whole, MO_STR("/"), from);
		size_t end = slash < 0 ? whole.len : (size_t)slash;
		struct mo_str part = mo_str_sub(whole, from, end);
		from = end + 1;
		if (!part.len || mo_str_is(part, ".")) {
			continue;
		}
		if (is_dots(part) && parts.len && !is_dots(mo_last(&parts))) {
			parts.len--;
		} else if (!(is_dots(part) && absolute)) {
			mo_push(a, &parts, part);
		}
	}
	struct mo_buf b = mo_buf_in(a);
	for (uint32_t i = 0; i < parts.len; i++) {
		mo_buf_adds(&b, i || absolute ? "/" : "");
		mo_buf_add(&b, parts.items[i]);
	}
	return b.len ? mo_str_dup(a, mo_buf_str(&b)) : absolute ? MO_STR("/") : MO_STR(".");
}

struct mo_str
mo_path_real(struct mo_arena *a, struct mo_str path)
{
	char resolved[PATH_MAX];
	if (!realpath(mo_str_dup(a, path).p, resolved)) {
		return MO_STR("");
	}
	return mo_str_dup(a, mo_str_c(resolved));
}

bool
mo_path_is_below(struct mo_str folder, struct mo_str path)
{
	if (!mo_str_starts(path, folder)) {
		return false;
	}
	bool root = mo_str_is(folder, "/");
	return root || path.len == folder.len || path.p[folder.len] == '/';
}
