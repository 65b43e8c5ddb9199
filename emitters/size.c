// SPDX-License-Identifier: Apache-2.0
// The size of templates, which is known only once they are rendered. Says which resources take the most room when one is too large.
#include "emitters/size.h"

#include "catalog/limits.h"
#include "emitters/cfn_json.h"

enum { LARGEST_SHOWN = 3 };

struct share {
	const struct mo_ir_resource *resource;
	size_t bytes;
};

// About what a resource takes: as the only one in a template, less that template.
static size_t
size_of(struct mo_arena *arena, const struct mo_ir_template *t, struct mo_ir_resource *r)
{
	struct mo_ir_template alone = { .name = t->name };
	struct mo_buf empty = mo_buf_in(arena), with = mo_buf_in(arena);
	mo_cfn_json(&empty, &alone, arena);
	mo_push(arena, &alone.resources, r);
	mo_cfn_json(&with, &alone, arena);
	return with.len - empty.len;
}

static void
show_largest(struct mo_diag *d, struct mo_arena *arena, const struct mo_ir_template *t)
{
	struct share largest[LARGEST_SHOWN + 1] = { { NULL, 0 } };
	for (uint32_t i = 0; i < t->resources.len; i++) {
		struct share s = { t->resources.items[i], size_of(arena, t, t->resources.items[i]) };
		size_t place = LARGEST_SHOWN;
		for (; place > 0 && s.bytes > largest[place - 1].bytes; place--) {
			largest[place] = largest[place - 1];
		}
		largest[place] = s;
	}
	for (size_t i = 0; i < LARGEST_SHOWN && largest[i].resource; i++) {
		mo_diag_note(d, "%zu bytes are `" MO_STR_FMT "`", largest[i].bytes, MO_STR_ARG(largest[i].resource->id));
	}
}

static bool
check_size(struct mo_ctx *ctx, const struct mo_ir_template *t, struct mo_span span, size_t bytes, enum mo_limit_id id, const char *help)
{
	const struct mo_limit *limit = &mo_limits[id];
	if (bytes <= limit->most) {
		return true;
	}
	struct mo_diag *d = mo_report(ctx->diags, MSG_TEMPLATE_TOO_LARGE, span,
		"`" MO_STR_FMT "` has %zu bytes, CloudFormation takes %u %s", MO_STR_ARG(t->name), bytes, limit->most, limit->what);
	show_largest(d, &ctx->build, t);
	mo_diag_note(d, "%s", limit->source);
	mo_diag_help(d, "%s", help);
	return false;
}

bool
mo_emit_sizes(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	struct mo_map sizes = { 0 }; // hash of a file's name -> its bytes
	bool good = true;
	for (uint32_t i = 0; i < out->files.len; i++) {
		mo_map_put(out->arena, &sizes, mo_str_hash(out->files.items[i].name), &out->files.items[i].bytes);
	}
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		const struct mo_ir_template *t = platform->templates.items[i];
		const struct mo_str *bytes = mo_map_get(&sizes, mo_str_hash(mo_template_file(out->arena, t)));
		good = (!bytes || check_size(ctx, t, t->span, bytes->len, MO_LIMIT_TEMPLATE_BYTES, "divide it into two stacks")) && good;
	}
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		const struct mo_str *bytes = s->account->bootstrap ? NULL
			: mo_map_get(&sizes, mo_str_hash(mo_template_file(out->arena, s->template)));
		good = (!bytes || check_size(ctx, s->template, s->span, bytes->len, MO_LIMIT_INLINE_BYTES,
				     "a larger one needs the bucket of the account's bootstrap, which is switched off: `bootstrap: true`")) && good;
	}
	return good;
}
