// SPDX-License-Identifier: Apache-2.0
// Times: demanding that something is known at compile time, and carrying demands from a body to its callers.
#include "sema/check.h"

#include <string.h>

enum { TIME_DEPTH = 32 };

static void
report_deploy_time(struct mo_check *c, const struct mo_type *t, struct mo_span at, const char *what)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_DEPLOY_TIME, at, "%s must be known at compile time", what);
	mo_diag_here(d, "known only when CloudFormation runs");
	if (!mo_span_is_nowhere(t->time.deploy_at) && (t->time.deploy_at.start != at.start || t->time.deploy_at.end != at.end)) {
		mo_diag_label(d, t->time.deploy_at, "this becomes known at deploy time");
	}
	mo_diag_help(d, "use something that the program itself knows: a literal, an input, a label of an account, or a data file");
}

static void
mark_needed(const struct mo_type *t, struct mo_span at, const char *what)
{
	for (const struct mo_place_list *l = t->time.places; l; l = l->next) {
		if (!l->place->needed) {
			l->place->needed = true;
			l->place->needed_at = at;
			l->place->needed_for = mo_str_c(what);
		}
	}
}

static bool
known(struct mo_check *c, const struct mo_type *t, bool deep, struct mo_span at, const char *what, uint32_t depth)
{
	if (t->kind == MO_TYPE_ERROR || depth > TIME_DEPTH) {
		return true;
	}
	if (t->time.deploy) {
		report_deploy_time(c, t, at, what);
		return false;
	}
	mark_needed(t, at, what);
	if (!deep) {
		return true;
	}
	if (t->element) {
		bool same_level = t->kind == MO_TYPE_OPTIONAL;
		const struct mo_type *e = same_level ? t->element : mo_type_part(c->ctx, t, 0, t->element);
		return known(c, e, true, at, what, depth + 1);
	}
	for (uint32_t i = 0; i < t->fields.len; i++) {
		const struct mo_field *f = &t->fields.items[i];
		if (!known(c, mo_type_part(c->ctx, t, f->name, f->type), true, at, what, depth + 1)) {
			return false;
		}
	}
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!known(c, t->alternatives.items[i], true, at, what, depth + 1)) {
			return false;
		}
	}
	return true;
}

bool
mo_check_known(struct mo_check *c, const struct mo_type *t, bool deep, struct mo_span at, const char *what)
{
	return known(c, t, deep, at, what, 0);
}

// ---- arguments -------------------------------------------------------------------------------------------------------------------

// The part of a type at a place: a field, or the element of a list, map or family. NULL when it has no such part.
static const struct mo_type *
part_at(struct mo_check *c, const struct mo_type *t, mo_atom member)
{
	t = mo_type_present(t);
	if (member == 0) {
		return t->element ? mo_type_part(c->ctx, t, 0, t->element) : NULL;
	}
	if (t->kind == MO_TYPE_MAP) {
		return mo_type_part(c->ctx, t, member, t->element);
	}
	if (t->kind == MO_TYPE_UNION) {
		const struct mo_type *all = NULL;
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			const struct mo_type *p = part_at(c, t->alternatives.items[i], member);
			all = p && all ? mo_type_union(c->ctx, all, p) : p ? p : all;
		}
		return all;
	}
	const struct mo_field *f = mo_type_field(t, member);
	return f ? mo_type_part(c->ctx, t, member, f->type) : NULL;
}

static void
needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_span at, uint32_t depth)
{
	if (depth > TIME_DEPTH) {
		return;
	}
	if (place->needed && argument->time.deploy) {
		struct mo_str name = mo_atom_str(c->ctx->atoms, place->symbol->name);
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_DEPLOY_TIME, at, "`" MO_STR_FMT "` must be known at compile time", MO_STR_ARG(name));
		mo_diag_here(d, "known only when CloudFormation runs");
		mo_diag_label(d, place->needed_at, "needed here for " MO_STR_FMT, MO_STR_ARG(place->needed_for));
		mo_diag_help(d, "use something that the program itself knows: a literal, an input, a label of an account, or a data file");
		return;
	}
	if (place->needed) {
		// The argument comes from further out: its callers have to know it too.
		for (const struct mo_place_list *l = argument->time.places; l; l = l->next) {
			if (!l->place->needed) {
				l->place->needed = true;
				l->place->needed_at = place->needed_at;
				l->place->needed_for = place->needed_for;
			}
		}
	}
	for (uint32_t i = 0; i < place->children.len; i++) {
		const struct mo_type *part = part_at(c, argument, place->children.items[i]->member);
		if (part) {
			needs(c, part, place->children.items[i], at, depth + 1);
		}
	}
}

void
mo_check_needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_span at)
{
	if (argument->kind != MO_TYPE_ERROR) {
		needs(c, argument, place, at, 0);
	}
}

// ---- substitution ----------------------------------------------------------------------------------------------------------------

// What the argument at a place is: the argument itself, or the part that the place names. NULL when unknown.
static const struct mo_type *
argument_at(struct mo_check *c, const struct mo_place *place, const struct mo_map *arguments)
{
	if (!place->parent) {
		return mo_map_get(arguments, (uint64_t)(uintptr_t)place->symbol);
	}
	const struct mo_type *outer = argument_at(c, place->parent, arguments);
	return outer ? part_at(c, outer, place->member) : NULL;
}

static struct mo_time
substitute_time(struct mo_check *c, struct mo_time time, const struct mo_map *arguments)
{
	struct mo_time out = { .deploy = time.deploy, .deploy_at = time.deploy_at };
	for (const struct mo_place_list *l = time.places; l; l = l->next) {
		const struct mo_type *a = argument_at(c, l->place, arguments);
		if (a) {
			out = mo_time_join(c->ctx, out, a->time);
		}
	}
	return out;
}

static const struct mo_type *
substitute(struct mo_check *c, const struct mo_type *t, const struct mo_map *arguments, uint32_t depth)
{
	bool compound = t->element || t->fields.len || t->alternatives.len;
	if (depth > TIME_DEPTH || (!t->time.places && !compound)) {
		return t;
	}
	struct mo_type *s = mo_type_new(c->ctx, t->kind);
	*s = *t;
	s->time = substitute_time(c, t->time, arguments);
	if (t->element) {
		s->element = substitute(c, t->element, arguments, depth + 1);
	}
	memset(&s->fields, 0, sizeof(s->fields));
	for (uint32_t i = 0; i < t->fields.len; i++) {
		struct mo_field f = t->fields.items[i];
		f.type = substitute(c, f.type, arguments, depth + 1);
		mo_push(&c->ctx->session, &s->fields, f);
	}
	memset(&s->alternatives, 0, sizeof(s->alternatives));
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		mo_push(&c->ctx->session, &s->alternatives, substitute(c, t->alternatives.items[i], arguments, depth + 1));
	}
	return s;
}

const struct mo_type *
mo_check_substitute(struct mo_check *c, const struct mo_type *t, const struct mo_map *arguments)
{
	return arguments ? substitute(c, t, arguments, 0) : t;
}

static struct mo_time
deep_time(struct mo_ctx *ctx, const struct mo_type *t, uint32_t depth)
{
	struct mo_time time = t->time;
	if (depth > TIME_DEPTH) {
		return time;
	}
	if (t->element) {
		time = mo_time_join(ctx, time, deep_time(ctx, t->element, depth + 1));
	}
	for (uint32_t i = 0; i < t->fields.len; i++) {
		time = mo_time_join(ctx, time, deep_time(ctx, t->fields.items[i].type, depth + 1));
	}
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		time = mo_time_join(ctx, time, deep_time(ctx, t->alternatives.items[i], depth + 1));
	}
	return time;
}

struct mo_time
mo_type_deep_time(struct mo_ctx *ctx, const struct mo_type *t)
{
	return deep_time(ctx, t, 0);
}

// ---- written types with real times -------------------------------------------------------------------------------------------------

static const struct mo_type *
retime(struct mo_check *c, const struct mo_type *declared, const struct mo_type *actual, uint32_t depth)
{
	struct mo_time whole = mo_type_deep_time(c->ctx, actual);
	if ((!whole.deploy && !whole.places) || depth > TIME_DEPTH) {
		return declared;
	}
	const struct mo_type *have = mo_type_present(actual);
	if (declared->kind == MO_TYPE_OPTIONAL) {
		const struct mo_type *t = mo_type_optional(c->ctx, retime(c, declared->element, have, depth + 1));
		return actual->kind == MO_TYPE_OPTIONAL ? mo_type_at(c->ctx, t, actual->time) : t;
	}
	bool both_lists = declared->kind == have->kind && (declared->kind == MO_TYPE_LIST || declared->kind == MO_TYPE_MAP);
	if (both_lists) {
		struct mo_type *t = mo_type_new(c->ctx, declared->kind);
		*t = *declared;
		t->element = retime(c, declared->element, have->element, depth + 1);
		return mo_type_at(c->ctx, t, have->time);
	}
	if (declared->kind != MO_TYPE_RECORD || have->kind != MO_TYPE_RECORD) {
		return mo_type_at(c->ctx, declared, whole);
	}
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	*t = *declared;
	memset(&t->fields, 0, sizeof(t->fields));
	for (uint32_t i = 0; i < declared->fields.len; i++) {
		struct mo_field f = declared->fields.items[i];
		const struct mo_field *g = mo_type_field(have, f.name);
		f.type = g ? retime(c, f.type, g->type, depth + 1) : f.type;
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return mo_type_at(c->ctx, t, have->time);
}

const struct mo_type *
mo_check_retime(struct mo_check *c, const struct mo_type *declared, const struct mo_type *actual)
{
	return retime(c, declared, actual, 0);
}
