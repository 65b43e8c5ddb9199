// SPDX-License-Identifier: Apache-2.0
// The size of templates, which is known only once they are rendered. Says which resources take the most room when one is too large.
#include "emitters/size.h"

#include "catalog/limits.h"
#include "emitters/format.h"

enum { LARGEST_SHOWN = 3 };

struct share {
	const struct mo_ir_resource *resource;
	size_t bytes;
};

// About what a resource takes: as the only one in a template, less that template.
static size_t
size_of(struct mo_arena *arena, const struct mo_template_format *format, const struct mo_ir_template *t, struct mo_ir_resource *r)
{
	struct mo_ir_template alone = { .name = t->name };
	struct mo_buf empty = mo_buf_in(arena), with = mo_buf_in(arena);
	format->render(&empty, &alone, arena);
	mo_push(arena, &alone.resources, r);
	format->render(&with, &alone, arena);
	return with.len - empty.len;
}

static void
show_largest(struct mo_diag *d, struct mo_arena *arena, const struct mo_template_format *format, const struct mo_ir_template *t)
{
	struct share largest[LARGEST_SHOWN + 1] = { { NULL, 0 } };
	for (uint32_t i = 0; i < t->resources.len; i++) {
		struct share s = { t->resources.items[i], size_of(arena, format, t, t->resources.items[i]) };
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

// A limit, and what helps who is beyond it.
struct bound {
	enum mo_limit_id limit;
	struct mo_span span;
	const char *help;
};

static bool
check_size(struct mo_ctx *ctx, const struct mo_template_format *format, const struct mo_ir_template *t, size_t bytes, struct bound b)
{
	const struct mo_limit *limit = &mo_limits[b.limit];
	if (bytes <= limit->most) {
		return true;
	}
	struct mo_diag *d = mo_report(ctx->diags, MSG_TEMPLATE_TOO_LARGE, b.span,
		"`" MO_STR_FMT "` has %zu bytes, CloudFormation takes %u %s", MO_STR_ARG(t->name), bytes, limit->most, limit->what);
	show_largest(d, &ctx->build, format, t);
	mo_diag_note(d, "%s", limit->source);
	mo_diag_help(d, "%s", b.help);
	return false;
}

// The files of the set by the hashes of their names.
struct index {
	struct mo_arena *arena;
	struct mo_map bytes;
};

static const struct mo_str *
find_file(const struct index *files, const struct mo_ir_template *t, const struct mo_template_format *format)
{
	return mo_map_get(&files->bytes, mo_str_hash(mo_template_file_in(files->arena, t, format)));
}

static bool
check_format(struct mo_ctx *ctx, const struct mo_ir_platform *platform, const struct index *files, const struct mo_template_format *format)
{
	bool good = true;
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		const struct mo_ir_template *t = platform->templates.items[i];
		const struct mo_str *bytes = find_file(files, t, format);
		struct bound b = { MO_LIMIT_TEMPLATE_BYTES, t->span, "divide it into two stacks" };
		good = (!bytes || check_size(ctx, format, t, bytes->len, b)) && good;
	}
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		const struct mo_str *bytes = s->account->bootstrap ? NULL : find_file(files, s->template, format);
		struct bound b = { MO_LIMIT_INLINE_BYTES, s->span,
			"a larger one needs the bucket of the account's bootstrap, which is switched off: `bootstrap: true`" };
		good = (!bytes || check_size(ctx, format, s->template, bytes->len, b)) && good;
	}
	return good;
}

bool
mo_emit_sizes(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	const struct mo_template_format *const *formats = mo_template_formats(out->options.format);
	struct index files = { .arena = out->arena };
	bool good = true;
	for (uint32_t i = 0; i < out->files.len; i++) {
		mo_map_put(out->arena, &files.bytes, mo_str_hash(out->files.items[i].name), &out->files.items[i].bytes);
	}
	for (size_t i = 0; formats[i]; i++) {
		good = check_format(ctx, platform, &files, formats[i]) && good;
	}
	return good;
}
