// SPDX-License-Identifier: Apache-2.0
// `mlopsc explain STACK.ID`: why a policy says what it says. Compiles the program and tells for every statement which `allow` or `deny`
// caused it.
#include "driver/explain.h"
#include "driver/pipeline.h"
#include "driver/stdlib.h"

enum { LONGEST_LINE = 110 };

static ptrdiff_t
dot_of(struct mo_str name)
{
	return mo_str_find(name, MO_STR("."), 0);
}

bool
mo_names_permission(struct mo_str name)
{
	ptrdiff_t dot = dot_of(name);
	bool path = mo_str_find(name, MO_STR("/"), 0) >= 0 || mo_str_find(name, MO_STR("::"), 0) >= 0;
	return dot > 0 && (size_t)dot + 1 < name.len && !path;
}

// Templates that others launch lie in a folder of their own.
static bool
is_called(const struct mo_ir_template *t, struct mo_str name)
{
	struct mo_str folder = MO_STR("templates/");
	return mo_str_eq(t->name, name) || (mo_str_starts(t->name, folder) && mo_str_eq(mo_str_sub(t->name, folder.len, t->name.len), name));
}

// The template of a stack: by its ID in the manifest, its deployed name or the template's own.
static const struct mo_ir_template *
template_named(const struct mo_ir_platform *p, struct mo_str name)
{
	for (uint32_t i = 0; i < p->stacks.len; i++) {
		const struct mo_ir_stack *s = p->stacks.items[i];
		if (mo_str_eq(s->artifact, name) || mo_str_eq(s->name, name)) {
			return s->template;
		}
	}
	for (uint32_t i = 0; i < p->templates.len; i++) {
		if (is_called(p->templates.items[i], name)) {
			return p->templates.items[i];
		}
	}
	return NULL;
}

static const struct mo_ir_resource *
resource_named(const struct mo_ir_template *t, struct mo_str id, struct mo_suggestion *near)
{
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		if (mo_str_eq(r->id, id)) {
			return r;
		}
		mo_suggest_from(near, r->id);
	}
	return NULL;
}

static void
add_place(struct mo_run *run, struct mo_span span)
{
	struct mo_position at = mo_position_of(run->ctx->sources, span.start);
	if (at.source) {
		mo_buf_printf(&run->out, MO_STR_FMT ":%u:%u", MO_STR_ARG(at.source->name), at.line, at.column);
	}
}

// The permission as it is written, in one line.
static void
add_origin(struct mo_run *run, struct mo_span span)
{
	struct mo_str text = mo_span_text(run->ctx->sources, span);
	ptrdiff_t end = mo_str_find(text, MO_STR("\n"), 0);
	bool cut = end >= 0 || text.len > LONGEST_LINE;
	text = mo_str_sub(text, 0, end >= 0 ? (size_t)end : text.len);
	text = mo_str_sub(text, 0, text.len > LONGEST_LINE ? LONGEST_LINE : text.len);
	mo_buf_adds(&run->out, "    ");
	add_place(run, span);
	mo_buf_printf(&run->out, ": " MO_STR_FMT "%s\n", MO_STR_ARG(text), cut ? " …" : "");
}

static void
add_permission(struct mo_run *run, const struct mo_ir_permission *p)
{
	const struct mo_ir_value *statement = mo_ir_permission_statement(p);
	if (!statement) {
		return;
	}
	mo_buf_addc(&run->out, '\n');
	mo_ir_statement_text(&run->out, statement);
	mo_buf_addc(&run->out, '\n');
	for (uint32_t i = 0; i < p->origins.len; i++) {
		add_origin(run, p->origins.items[i]);
	}
}

static void
explain(struct mo_run *run, const struct mo_ir_platform *platform, const struct mo_ir_resource *r, struct mo_str name)
{
	bool any = false;
	mo_buf_printf(&run->out, MO_STR_FMT ", " MO_STR_FMT "\n", MO_STR_ARG(name), MO_STR_ARG(r->type));
	for (uint32_t i = 0; i < platform->permissions.len; i++) {
		if (platform->permissions.items[i]->resource == r) {
			add_permission(run, platform->permissions.items[i]);
			any = true;
		}
	}
	if (!any) {
		mo_buf_adds(&run->out, "\nNo `allow` and no `deny` says anything of it. It is declared at ");
		add_place(run, r->origin.span);
		mo_buf_adds(&run->out, ".\n");
	}
}

// The stack, then the resource; what is not there is wrong usage.
static enum mo_exit
find_and_explain(struct mo_run *run, const struct mo_ir_platform *platform, struct mo_str name)
{
	struct mo_arena *a = &run->ctx->session;
	struct mo_str stack = mo_str_sub(name, 0, (size_t)dot_of(name)), id = mo_str_sub(name, (size_t)dot_of(name) + 1, name.len);
	const struct mo_ir_template *t = template_named(platform, stack);
	if (!t) {
		return mo_run_wrong_usage(run, mo_str_printf(a, "the program has no stack or template `" MO_STR_FMT "`", MO_STR_ARG(stack)),
			MO_STR("`--in DIR` says which program; its stacks are listed in manifest.json"));
	}
	struct mo_suggestion near = mo_suggest(id);
	const struct mo_ir_resource *r = resource_named(t, id, &near);
	if (!r) {
		struct mo_str hint = near.best.len ? mo_str_printf(a, "did you mean `" MO_STR_FMT "." MO_STR_FMT "`?", MO_STR_ARG(stack), MO_STR_ARG(near.best))
			: MO_STR("logical IDs are the keys of `Resources` in its template");
		return mo_run_wrong_usage(run, mo_str_printf(a, "`" MO_STR_FMT "` has no resource `" MO_STR_FMT "`", MO_STR_ARG(stack), MO_STR_ARG(id)),
			hint);
	}
	explain(run, platform, r, name);
	return MO_EXIT_DONE;
}

enum mo_exit
mo_explain_permission(struct mo_run *run, struct mo_str name)
{
	const struct mo_option_value *in = &run->line.options[MO_OPTION_IN];
	struct mo_pipeline p = { .load = { .path = in->given ? in->text : MO_STR("."), .library = mo_stdlib }, .stop_after = MO_PHASES };
	if (!mo_pipeline_run(run->ctx, &p)) {
		mo_run_render(run);
		return run->ctx->diags->errors ? mo_run_exit_code(run->ctx->diags) : MO_EXIT_FAILED;
	}
	return find_and_explain(run, p.platform, name);
}
