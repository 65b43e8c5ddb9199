// SPDX-License-Identifier: Apache-2.0
// Times: demanding that something is known at compile time, and carrying demands from a body to its callers.
#include "sema/check.h"

#include <string.h>

enum { TIME_DEPTH = 32 };

static const char *const what_to_use = "use something that the program itself knows: a literal, an input, a label of an account, or a data file";

void
mo_check_label_deploy(struct mo_diag *d, struct mo_time time, struct mo_span at)
{
	bool elsewhere = !mo_span_is_nowhere(time.deploy_at) && (time.deploy_at.start < at.start || time.deploy_at.end > at.end);
	if (elsewhere) {
		mo_diag_label(d, time.deploy_at, "this becomes known at deploy time");
	}
}

static void
report_deploy_time(struct mo_check *c, struct mo_time time, struct mo_span at, const char *what)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_DEPLOY_TIME, at, "%s must be known at compile time", what);
	mo_diag_here(d, "known only when CloudFormation runs");
	mo_check_label_deploy(d, time, at);
	mo_diag_help(d, "%s", what_to_use);
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
		report_deploy_time(c, t->time, at, what);
		return false;
	}
	mark_needed(t, at, what);
	if (t->kind == MO_TYPE_OPTIONAL) {
		return known(c, t->element, deep, at, what, depth + 1);
	}
	if (!deep) {
		return true;
	}
	if (t->element) {
		return known(c, mo_type_part(c->ctx, t, 0, t->element), true, at, what, depth + 1);
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

// The part of a type at a place: a field or member, or the element of a list, map or family. NULL when it has no such part.
static const struct mo_type *
part_at(struct mo_check *c, const struct mo_type *t, mo_atom member)
{
	t = mo_type_present(t);
	if (member == MO_PRESENT) {
		return t;
	}
	if (t->kind == MO_TYPE_UNION) {
		const struct mo_type *all = NULL;
		for (uint32_t i = 0; i < t->alternatives.len; i++) {
			const struct mo_type *p = part_at(c, t->alternatives.items[i], member);
			all = p && all ? mo_type_union(c->ctx, all, p) : p ? p : all;
		}
		return all;
	}
	if (t->kind == MO_TYPE_JSON) {
		return mo_type_part(c->ctx, t, member, t);
	}
	if (t->kind == MO_TYPE_RECORD && member == 0) { // where a map is wanted
		const struct mo_type *all = NULL;
		for (uint32_t i = 0; i < t->fields.len; i++) {
			const struct mo_type *f = mo_type_part(c->ctx, t, t->fields.items[i].name, t->fields.items[i].type);
			all = all ? mo_type_union(c->ctx, all, f) : f;
		}
		return all;
	}
	if (member == 0 || t->kind == MO_TYPE_MAP) {
		return t->element ? mo_type_part(c->ctx, t, member, t->element) : NULL;
	}
	return mo_check_find_member(c, t, member);
}

// "tiers[*].name"
static void
write_place(struct mo_check *c, struct mo_buf *out, const struct mo_place *place)
{
	if (!place->parent) {
		mo_buf_add(out, mo_atom_str(c->ctx->atoms, place->symbol->name));
		return;
	}
	write_place(c, out, place->parent);
	if (place->member == 0) {
		mo_buf_adds(out, "[*]");
	} else if (place->member != MO_PRESENT) {
		mo_buf_printf(out, "." MO_STR_FMT, MO_STR_ARG(mo_atom_str(c->ctx->atoms, place->member)));
	}
}

static void
report_need(struct mo_check *c, struct mo_time time, const struct mo_place *place, struct mo_span at)
{
	struct mo_buf name = mo_buf_in(&c->ctx->session);
	write_place(c, &name, place);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_DEPLOY_TIME, at, "%s`" MO_STR_FMT "` must be known at compile time",
		place->presence ? "whether there is " : "", MO_STR_ARG(mo_buf_str(&name)));
	mo_diag_here(d, "known only when CloudFormation runs");
	mo_check_label_deploy(d, time, at);
	mo_diag_label(d, place->needed_at, "needed here for " MO_STR_FMT, MO_STR_ARG(place->needed_for));
	mo_diag_help(d, "%s", what_to_use);
}

// When the level of an argument that a place names is known.
static struct mo_time
time_at(const struct mo_type *argument, const struct mo_place *place)
{
	return place->presence && argument->kind != MO_TYPE_OPTIONAL ? MO_COMPILE_TIME : argument->time;
}

// The argument comes from further out: its callers have to know it too.
static void
pass_on(struct mo_time time, const struct mo_place *place)
{
	for (const struct mo_place_list *l = time.places; l; l = l->next) {
		if (!l->place->needed) {
			l->place->needed = true;
			l->place->needed_at = place->needed_at;
			l->place->needed_for = place->needed_for;
		}
	}
}

// The piece of a literal that a part is made by, so that a message points at it; the whole where it is no literal.
static struct mo_node *
piece_at(struct mo_node *n, mo_atom member)
{
	struct mo_node *piece = NULL;
	if (n->kind == MO_LIST_FOR_NODE && member == 0) {
		piece = mo_as_list_for(n)->body;
	}
	for (uint32_t i = 0; n->kind == MO_RECORD_NODE && i < mo_as_record(n)->items.len; i++) {
		struct mo_node *item = mo_as_record(n)->items.items[i];
		if (item->kind == MO_FIELD_NODE && mo_as_field(item)->name.atom == member) {
			piece = mo_as_field(item)->value;
		}
	}
	return piece ? piece : n;
}

static bool needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_node *n, uint32_t depth);

// The elements of a literal list one by one.
static bool
needs_of_items(struct mo_check *c, mo_nodes items, const struct mo_place *place, uint32_t depth)
{
	for (uint32_t i = 0; i < items.len; i++) {
		bool spread = items.items[i]->kind == MO_SPREAD_NODE;
		struct mo_node *n = spread ? mo_as_spread(items.items[i])->value : items.items[i];
		const struct mo_type *t = n && n->type ? mo_type_present(n->type) : NULL, *part = t && spread ? part_at(c, t, 0) : t;
		if (part && needs(c, part, place, n, depth)) {
			return true;
		}
	}
	return false;
}

// Whether something was reported; once for each argument is enough.
static bool
needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_node *n, uint32_t depth)
{
	struct mo_time time = time_at(argument, place);
	if (depth > TIME_DEPTH || argument->kind == MO_TYPE_ERROR) {
		return false;
	}
	if (place->needed && time.deploy) {
		report_need(c, time, place, n->span);
		return true;
	}
	if (place->needed) {
		pass_on(time, place);
	}
	for (uint32_t i = 0; i < place->children.len; i++) {
		const struct mo_place *child = place->children.items[i];
		const struct mo_type *part = part_at(c, argument, child->member);
		bool items = n->kind == MO_LIST_NODE && child->member == 0;
		if (items ? needs_of_items(c, mo_as_list(n)->items, child, depth + 1)
			: part && needs(c, part, child, piece_at(n, child->member), depth + 1)) {
			return true;
		}
	}
	return false;
}

void
mo_check_needs(struct mo_check *c, const struct mo_type *argument, const struct mo_place *place, struct mo_node *n)
{
	needs(c, argument, place, n, 0);
}

// ---- substitution ----------------------------------------------------------------------------------------------------------------

static const struct mo_type *substitute(struct mo_check *c, const struct mo_type *t, const struct mo_map *arguments, uint32_t depth);

// What the argument at a place is: the argument itself or its default, or the part that the place names. NULL when unknown.
static const struct mo_type *
argument_at(struct mo_check *c, const struct mo_place *place, const struct mo_map *arguments, uint32_t depth)
{
	if (place->parent) {
		const struct mo_type *outer = argument_at(c, place->parent, arguments, depth);
		return outer ? part_at(c, outer, place->member) : NULL;
	}
	const struct mo_type *given = mo_map_get(arguments, (uint64_t)(uintptr_t)place->symbol);
	return given || !place->otherwise ? given : substitute(c, place->otherwise, arguments, depth + 1);
}

static struct mo_time
substitute_time(struct mo_check *c, struct mo_time time, const struct mo_map *arguments, uint32_t depth)
{
	struct mo_time out = { .deploy = time.deploy, .deploy_at = time.deploy_at };
	for (const struct mo_place_list *l = time.places; l; l = l->next) {
		const struct mo_type *a = argument_at(c, l->place, arguments, depth);
		if (a) {
			out = mo_time_join(c->ctx, out, time_at(a, l->place));
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
	if (!mo_type_deep_time(c->ctx, t).places) {
		return t;
	}
	struct mo_type *s = mo_type_new(c->ctx, t->kind);
	*s = *t;
	s->time = substitute_time(c, t->time, arguments, depth);
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
		struct mo_time presence = actual->kind == MO_TYPE_OPTIONAL ? actual->time : MO_COMPILE_TIME;
		return mo_type_optional_at(c->ctx, retime(c, declared->element, have, depth + 1), presence);
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
