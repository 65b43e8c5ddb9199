// SPDX-License-Identifier: Apache-2.0
// The table of checks and the loop over it.
#include "check/checks.h"

const struct mo_check_entry mo_checks[] = {
#define MO_CHECK(function, name, after, about) { name, about, after, function },
#include "check/checks.def"
#undef MO_CHECK
	{ NULL, NULL, NULL, NULL },
};

// Whether the check called `name` is among the first `count` and found errors.
static bool
found_errors(const char *name, const bool *errors, size_t count)
{
	for (size_t i = 0; name && i < count; i++) {
		if (mo_str_is(mo_str_c(mo_checks[i].name), name)) {
			return errors[i];
		}
	}
	return false;
}

bool
mo_checks_run(struct mo_ctx *ctx, const struct mo_ir_platform *platform)
{
	struct mo_checker c = { .ctx = ctx, .arena = &ctx->build, .diags = ctx->diags, .platform = platform };
	bool errors[sizeof(mo_checks) / sizeof(*mo_checks)] = { false }, good = true;
	for (size_t i = 0; mo_checks[i].name; i++) {
		if (found_errors(mo_checks[i].after, errors, i)) {
			continue;
		}
		uint32_t before = ctx->diags->errors;
		mo_checks[i].run(&c);
		errors[i] = ctx->diags->errors > before;
		good = good && !errors[i];
	}
	return good;
}

struct mo_span
mo_check_place(struct mo_ir_origin origin, struct mo_span otherwise)
{
	return !mo_span_is_nowhere(origin.span) ? origin.span : !mo_span_is_nowhere(origin.definition) ? origin.definition : otherwise;
}
