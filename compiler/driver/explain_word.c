// SPDX-License-Identifier: Apache-2.0
// Built-in functions and decorators, from their tables.
#include "driver/explain.h"
#include "driver/words.h"
#include "sema/intrinsic.h"

// ---- built-in functions ----------------------------------------------------------------------------------------------------------

static void
explain_builtin(struct mo_buf *out, const struct mo_builtin *b)
{
	const struct mo_builtin_example *e = &mo_builtin_examples[b->kind];
	mo_buf_add(out, mo_builtin_signature(out->arena, b));
	mo_buf_printf(out, ", a built-in function: %s\n", b->gives);
	if (!e->expression) {
		mo_buf_adds(out, "This version of the compiler refuses it.\n");
		return;
	}
	mo_buf_adds(out, "\nFor example\n\n");
	mo_explain_lines(out, "    ", mo_str_c(e->expression));
	if (!e->value) {
		bool program = mo_str_find(mo_str_c(e->expression), MO_STR("\n"), 0) >= 0;
		mo_buf_adds(out, program ? "" : "\nwhich is known only when CloudFormation runs.\n");
	} else {
		mo_buf_adds(out, "\nis\n\n");
		mo_explain_lines(out, "    ", mo_str_c(e->value));
	}
	if (e->file) {
		mo_buf_printf(out, "\nwhere %s holds\n\n", e->file);
		mo_explain_lines(out, "    ", mo_str_c(e->content));
	}
}

bool
mo_explain_builtin(struct mo_buf *out, struct mo_str name, struct mo_suggestion *s)
{
	for (int i = 0; i < MO_BUILTIN_KINDS; i++) {
		if (mo_str_is(name, mo_builtins[i].name)) {
			explain_builtin(out, &mo_builtins[i]);
			return true;
		}
		mo_suggest_from(s, mo_str_c(mo_builtins[i].name));
	}
	return false;
}

// ---- functions of CloudFormation ---------------------------------------------------------------------------------------------------

bool
mo_explain_intrinsic(struct mo_buf *out, struct mo_str name, struct mo_suggestion *s)
{
	static const char *const uses[] = {
		[MO_USE_ANYWHERE] = "It is called by this name, and known only when CloudFormation runs.",
		[MO_USE_IN_RULES] = "It is called by this name in an assertion over parameters, which becomes a rule.",
		[MO_USE_NOT_YET] = "This version of the compiler refuses it.",
	};
	const struct mo_intrinsic *f = mo_intrinsic_find(name);
	if (f) {
		mo_buf_printf(out, "%s(%s), a function of CloudFormation: %s\n\n%s\n", f->name, f->parameters, f->what, uses[f->use]);
		return true;
	}
	for (size_t i = 0; i < MO_INTRINSIC_KINDS; i++) {
		mo_suggest_from(s, mo_str_c(mo_intrinsics[i].name));
	}
	return false;
}

// ---- decorators ------------------------------------------------------------------------------------------------------------------

static void
explain_decorator(struct mo_buf *out, enum mo_decorator_id id)
{
	const struct mo_decorator_info *d = &mo_decorator_infos[id];
	mo_buf_printf(out, "@%s, a decorator: %s\n\n", d->name, d->gives);
	struct mo_str places = mo_decorator_places(out->arena, d), arguments = mo_decorator_arguments(out->arena, d);
	mo_buf_printf(out, "Stands before: " MO_STR_FMT "\nTakes: " MO_STR_FMT "\n", MO_STR_ARG(places), MO_STR_ARG(arguments));
	mo_buf_adds(out, "\nFor example\n\n");
	mo_explain_lines(out, "    ", mo_str_c(mo_decorator_examples[id]));
}

bool
mo_explain_decorator(struct mo_buf *out, struct mo_str name, struct mo_suggestion *s)
{
	for (int i = 0; i < MO_DECORATORS; i++) {
		struct mo_str known = mo_str_printf(out->arena, "@%s", mo_decorator_infos[i].name);
		if (mo_str_eq(name, known)) {
			explain_decorator(out, (enum mo_decorator_id)i);
			return true;
		}
		mo_suggest_from(s, known);
	}
	return false;
}
