// SPDX-License-Identifier: Apache-2.0
// Tables of the language's own words, put together from the checker's and the examples beside this file.
#include "driver/words.h"

#include <string.h>

const struct mo_builtin_example mo_builtin_examples[MO_BUILTIN_KINDS] = {
#define MO_BUILTIN_EXAMPLE(KIND, expression, value, file, content) [MO_BUILTIN_##KIND] = { expression, value, file, content },
#define MO_BUILTIN_PROGRAM(KIND, ...) [MO_BUILTIN_##KIND] = { __VA_ARGS__, NULL, NULL, NULL },
#include "driver/examples.def"
};

const struct mo_decorator_info mo_decorator_infos[MO_DECORATORS] = {
#define MO_DECORATOR(name, where, least, most, gives) [MO_DECORATOR_##name] = { #name, where, least, most, gives },
#include "sema/decorators.def"
};

const char *const mo_decorator_examples[MO_DECORATORS] = {
#define MO_DECORATOR_EXAMPLE(name, ...) [MO_DECORATOR_##name] = __VA_ARGS__,
#include "driver/examples.def"
};

// Parameters beyond `least` may be left out; those of a function that takes any number stand for the first ones.
struct mo_str
mo_builtin_signature(struct mo_arena *arena, const struct mo_builtin *b)
{
	struct mo_buf out = mo_buf_in(arena);
	struct mo_str rest = mo_str_c(b->parameters);
	mo_buf_printf(&out, "%s(", b->name);
	for (uint32_t i = 0; rest.len; i++) {
		ptrdiff_t comma = mo_str_find(rest, MO_STR(", "), 0);
		size_t end = comma < 0 ? rest.len : (size_t)comma;
		const char *before = i >= b->least ? " [, " : i ? ", " : "";
		mo_buf_printf(&out, "%s" MO_STR_FMT "%s", before, MO_STR_ARG(mo_str_sub(rest, 0, end)), i >= b->least ? "]" : "");
		rest = mo_str_sub(rest, comma < 0 ? rest.len : end + 2, rest.len);
	}
	mo_buf_adds(&out, b->most == UINT8_MAX ? ", ...)" : ")");
	return mo_buf_str(&out);
}

struct mo_str
mo_decorator_places(struct mo_arena *arena, const struct mo_decorator_info *d)
{
	static const struct {
		char letter;
		const char *what;
	} places[] = {
#define MO_DECORATOR_PLACE(letter, node, what) { letter, what },
#include "sema/decorator_places.def"
	};
	if (strchr(d->where, '*')) {
		return MO_STR("every declaration, and properties");
	}
	struct mo_buf out = mo_buf_in(arena);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		if (strchr(d->where, places[i].letter)) {
			mo_buf_printf(&out, "%s%s", out.len ? ", " : "", places[i].what);
		}
	}
	return mo_buf_str(&out);
}

struct mo_str
mo_decorator_arguments(struct mo_arena *arena, const struct mo_decorator_info *d)
{
	if (d->most == 0) {
		return MO_STR("no arguments");
	}
	if (d->least == d->most) {
		return mo_str_printf(arena, "%u argument%s", d->most, d->most == 1 ? "" : "s");
	}
	return mo_str_printf(arena, "%u to %u arguments", d->least, d->most);
}
