// SPDX-License-Identifier: Apache-2.0
// What the standard library offers, as text: from its doc comments.
#include "driver/explain.h"
#include "driver/library.h"
#include "driver/stdlib.h"

static void
add_field(struct mo_buf *out, const struct mo_library_field *f)
{
	mo_buf_printf(out, "  " MO_STR_FMT, MO_STR_ARG(f->name));
	if (f->type.len) {
		mo_buf_printf(out, ": " MO_STR_FMT, MO_STR_ARG(f->type));
	}
	if (f->value.len) {
		mo_buf_printf(out, " = " MO_STR_FMT, MO_STR_ARG(f->value));
	}
	mo_buf_addc(out, '\n');
	mo_explain_lines(out, "      ", f->doc);
}

static void
explain_entry(struct mo_buf *out, const struct mo_library_entry *e)
{
	mo_buf_printf(out, MO_STR_FMT ", a %s of " MO_STR_FMT "\n\n", MO_STR_ARG(e->name), mo_library_kind_name(e->kind), MO_STR_ARG(e->module));
	mo_explain_lines(out, "", e->doc);
	mo_buf_printf(out, "\n    import \"" MO_STR_FMT "\" { " MO_STR_FMT " }\n", MO_STR_ARG(e->module), MO_STR_ARG(e->name));
	if (e->declaration.len) {
		mo_buf_addc(out, '\n');
		mo_explain_lines(out, "    ", e->declaration);
	}
	mo_buf_adds(out, e->inputs.len ? "\nInputs; those without a default must be given:\n" : "");
	for (uint32_t i = 0; i < e->inputs.len; i++) {
		add_field(out, &e->inputs.items[i]);
	}
	mo_buf_adds(out, e->outputs.len ? "\nOutputs:\n" : "");
	for (uint32_t i = 0; i < e->outputs.len; i++) {
		add_field(out, &e->outputs.items[i]);
	}
}

static void
explain_module(struct mo_buf *out, const struct mo_library_module *m)
{
	static const char *const headings[] = {
		[MO_LIBRARY_COMPONENT] = "Components",
		[MO_LIBRARY_FN] = "Functions",
		[MO_LIBRARY_TYPE] = "Types",
	};
	int kind = -1;
	mo_explain_lines(out, "", m->doc);
	for (uint32_t i = 0; i < m->entries.len; i++) {
		const struct mo_library_entry *e = &m->entries.items[i];
		if ((int)e->kind != kind) {
			kind = (int)e->kind;
			mo_buf_printf(out, "\n%s:\n", headings[kind]);
		}
		mo_buf_printf(out, "  " MO_STR_FMT "\n", MO_STR_ARG(e->name));
		mo_explain_lines(out, "      ", e->doc);
	}
}

// "vpc" or "std/network.vpc".
static bool
is_called(const struct mo_library_entry *e, struct mo_str name, struct mo_str full)
{
	return mo_str_eq(name, e->name) || mo_str_eq(name, full);
}

bool
mo_explain_library(struct mo_ctx *ctx, struct mo_buf *out, struct mo_str name, struct mo_suggestion *s)
{
	mo_library_modules modules = { 0 };
	bool found = false;
	mo_library_read(ctx, mo_stdlib, &modules);
	for (uint32_t i = 0; i < modules.len; i++) {
		const struct mo_library_module *m = &modules.items[i];
		if (mo_str_eq(name, m->name)) {
			explain_module(out, m);
			return true;
		}
		mo_suggest_from(s, m->name);
		for (uint32_t k = 0; k < m->entries.len; k++) {
			const struct mo_library_entry *e = &m->entries.items[k];
			struct mo_str full = mo_str_printf(&ctx->session, MO_STR_FMT "." MO_STR_FMT, MO_STR_ARG(m->name), MO_STR_ARG(e->name));
			mo_suggest_from(s, mo_str_find(name, MO_STR("/"), 0) < 0 ? e->name : full);
			if (is_called(e, name, full)) {
				mo_buf_adds(out, found ? "\n" : "");
				explain_entry(out, e);
				found = true;
			}
		}
	}
	return found;
}
