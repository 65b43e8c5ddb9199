// SPDX-License-Identifier: Apache-2.0
// Readable renderings of scopes and of types, for --stop-after names and --stop-after types and their golden tests.
#include "sema/check.h"

static const char *
kind_text(enum mo_symbol_kind kind)
{
	static const char *const texts[] = {
		[MO_SYM_LET] = "let", [MO_SYM_INPUT] = "input", [MO_SYM_PARAM] = "param", [MO_SYM_OUTPUT] = "output", [MO_SYM_RESOURCE] = "resource",
		[MO_SYM_EXISTING] = "existing", [MO_SYM_INSTANCE] = "instance", [MO_SYM_ACCOUNT] = "account", [MO_SYM_STACK] = "stack",
		[MO_SYM_TEMPLATE] = "template", [MO_SYM_NESTED] = "nested", [MO_SYM_LOCAL] = "local", [MO_SYM_FN] = "fn", [MO_SYM_BUILTIN] = "builtin",
		[MO_SYM_GLOBAL] = "global", [MO_SYM_MODULE] = "module", [MO_SYM_TYPE] = "type", [MO_SYM_COMPONENT] = "component",
		[MO_SYM_CUSTOM] = "custom resource",
	};
	return texts[kind];
}

struct dumper {
	struct mo_buf *out;
	const struct mo_program *p;
	bool types;
};

static void
dump_place(struct dumper *d, struct mo_span span)
{
	struct mo_position at = mo_position_of(d->p->ctx->sources, span.start);
	mo_buf_printf(d->out, "  %u:%u\n", at.line, at.column);
}

static const char *
time_text(const struct mo_type *t)
{
	struct mo_time time = t->time;
	return time.deploy ? " at deploy time" : time.places ? " when its caller knows" : "";
}

static void
dump_symbol(struct dumper *d, const struct mo_symbol *s, int indent)
{
	struct mo_ctx *ctx = d->p->ctx;
	mo_buf_fill(d->out, ' ', (size_t)indent * 2);
	mo_buf_printf(d->out, "%s " MO_STR_FMT, kind_text(s->kind), MO_STR_ARG(mo_atom_str(ctx->atoms, s->name)));
	if (s->dimensions) {
		mo_buf_printf(d->out, " with %u key%s", s->dimensions, s->dimensions == 1 ? "" : "s");
	}
	if (s->alias_of) {
		mo_buf_printf(d->out, " from " MO_STR_FMT, MO_STR_ARG(s->alias_of->module->source->name));
	}
	if (d->types && s->type && s->kind != MO_SYM_COMPONENT) {
		mo_buf_printf(d->out, ": " MO_STR_FMT "%s", MO_STR_ARG(mo_type_text(ctx, s->type)), time_text(s->type));
	}
	if (d->types && s->place && s->place->needed) {
		mo_buf_adds(d->out, ", needed at compile time");
	}
	dump_place(d, s->span);
}

static void
dump_scope(struct dumper *d, const struct mo_scope *scope, int indent)
{
	for (uint32_t i = 0; i < scope->symbols.len; i++) {
		const struct mo_symbol *s = scope->symbols.items[i];
		dump_symbol(d, s, indent);
		if (s->body && !s->alias_of) {
			dump_scope(d, s->body, indent + 1);
		}
	}
}

static void
dump(struct mo_buf *out, const struct mo_program *p, bool types)
{
	struct dumper d = { out, p, types };
	for (uint32_t i = 0; i < p->modules.len; i++) {
		const struct mo_module *m = p->modules.items[i];
		if (!m->library) {
			mo_buf_printf(out, "file " MO_STR_FMT "\n", MO_STR_ARG(m->source->name));
			dump_scope(&d, m->scope, 1);
		}
	}
}

void
mo_program_dump_names(struct mo_buf *out, const struct mo_program *p)
{
	dump(out, p, false);
}

void
mo_program_dump_types(struct mo_buf *out, const struct mo_program *p)
{
	dump(out, p, true);
}
