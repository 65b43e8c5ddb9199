// SPDX-License-Identifier: Apache-2.0
// The built-in functions and the decorators with what is known of them: for `explain` and the manual.
#ifndef MO_DRIVER_WORDS_H
#define MO_DRIVER_WORDS_H

#include "base/str.h"
#include "sema/builtin.h"

// An expression and the value that it has; a program when there is no value. All are NULL for what this version of the compiler refuses.
struct mo_builtin_example {
	const char *expression, *value;
	const char *file, *content; // a file that it reads, NULL for none
};

enum mo_decorator_id {
#define MO_DECORATOR(name, ...) MO_DECORATOR_##name,
#include "sema/decorators.def"
	MO_DECORATORS
};

struct mo_decorator_info {
	const char *name;
	const char *where;   // letters, as in sema/decorators.def
	uint8_t least, most; // arguments
	const char *gives;
};

extern const struct mo_builtin_example mo_builtin_examples[MO_BUILTIN_KINDS];
extern const struct mo_decorator_info mo_decorator_infos[MO_DECORATORS];
extern const char *const mo_decorator_examples[MO_DECORATORS]; // programs

// "slice(of, from [, to])", "merge(a, b, ...)"
struct mo_str mo_builtin_signature(struct mo_arena *arena, const struct mo_builtin *b);
// "resources, instances"
struct mo_str mo_decorator_places(struct mo_arena *arena, const struct mo_decorator_info *d);
// "1 argument", "0 to 2 arguments"
struct mo_str mo_decorator_arguments(struct mo_arena *arena, const struct mo_decorator_info *d);

#endif
