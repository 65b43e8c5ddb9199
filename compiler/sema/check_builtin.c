// SPDX-License-Identifier: Apache-2.0
// Calls of built-ins: argument types, times and the type of the result.
#include "sema/check.h"
#include "sema/files.h"
#include "source/data.h"

enum { MOST_ARGUMENTS = 16, DATA_DEPTH = 100 };

struct arguments {
	struct mo_node *call;
	const struct mo_builtin *b;
	struct mo_node *node[MOST_ARGUMENTS];       // NULL when not given
	const struct mo_type *type[MOST_ARGUMENTS];
	uint32_t count;
	bool failed;
};

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static const struct mo_type *
simple(enum mo_type_kind kind)
{
	return mo_type_of_kind(kind);
}

// ---- arguments -------------------------------------------------------------------------------------------------------------------

static void
take_arguments(struct mo_check *c, struct arguments *a)
{
	struct mo_call_node *call = mo_as_call(a->call);
	uint32_t position = 0;
	for (uint32_t i = 0; i < call->args.len; i++) {
		struct mo_node *item = call->args.items[i];
		if (item->kind == MO_SPREAD_NODE) {
			mo_check_unsupported(c, item->span, "`...` in the arguments of a function");
			a->failed = true;
			return;
		}
		struct mo_arg_node *arg = mo_as_arg(item);
		int index = arg->name.atom ? mo_builtin_parameter(a->b, mo_atom_str(c->ctx->atoms, arg->name.atom)) : (int)position++;
		if (index < 0 || index >= MOST_ARGUMENTS || (a->b->most != 255 && index >= a->b->most) || a->node[index]) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, item->span, index < 0 ? "`%s` has no parameter of this name"
				: index < MOST_ARGUMENTS && a->node[index] ? "this parameter of `%s` is given twice" : "one argument too many for `%s`", a->b->name);
			mo_diag_note(d, "`%s(%s)`: %s", a->b->name, a->b->parameters, a->b->gives);
			a->failed = true;
			return;
		}
		a->node[index] = arg->value;
		a->count = (uint32_t)index + 1 > a->count ? (uint32_t)index + 1 : a->count;
	}
	for (uint32_t i = 0; i < a->b->least; i++) {
		if (!a->node[i]) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, call->callee->span, "`%s` needs %u argument%s", a->b->name, a->b->least,
				a->b->least == 1 ? "" : "s");
			mo_diag_note(d, "`%s(%s)`: %s", a->b->name, a->b->parameters, a->b->gives);
			a->failed = true;
			return;
		}
	}
}

static void
infer_arguments(struct mo_check *c, struct arguments *a)
{
	for (uint32_t i = 0; i < a->count; i++) {
		a->type[i] = a->node[i] ? mo_check_infer(c, a->node[i]) : NULL;
		a->failed |= a->type[i] && a->type[i]->kind == MO_TYPE_ERROR;
	}
}

// The argument must fit a type.
static const struct mo_type *
want(struct mo_check *c, struct arguments *a, uint32_t i, const struct mo_type *type)
{
	if (a->node[i] && !a->failed && !mo_check_fit(c, a->node[i], a->type[i], type)) {
		a->failed = true;
	}
	return a->type[i];
}

// The argument must be a list, whose element type is given; ERROR otherwise.
static const struct mo_type *
want_list(struct mo_check *c, struct arguments *a, uint32_t i)
{
	const struct mo_type *t = a->type[i];
	if (a->failed) {
		return error_type();
	}
	if (t->kind == MO_TYPE_JSON) {
		return t;
	}
	if (t->kind != MO_TYPE_LIST) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, a->node[i]->span, "`%s` wants a list here, not " MO_STR_FMT, a->b->name,
			MO_STR_ARG(mo_type_text(c->ctx, t)));
		if (t->kind == MO_TYPE_FAMILY) {
			mo_diag_help(d, "all members of a family: `[*]`");
		}
		a->failed = true;
		return error_type();
	}
	return mo_type_part(c->ctx, t, 0, t->element);
}

// What a map, record or family maps to.
static const struct mo_type *
want_map(struct mo_check *c, struct arguments *a, uint32_t i)
{
	const struct mo_type *t = a->type[i];
	if (a->failed) {
		return error_type();
	}
	if (t->kind == MO_TYPE_MAP || (t->kind == MO_TYPE_FAMILY && t->dimensions == 1)) {
		return mo_type_part(c->ctx, t, 0, t->element);
	}
	if (t->kind == MO_TYPE_RECORD) {
		const struct mo_type *all = NULL;
		for (uint32_t k = 0; k < t->fields.len; k++) {
			const struct mo_type *f = mo_type_part(c->ctx, t, t->fields.items[k].name, mo_type_present(t->fields.items[k].type));
			all = all ? mo_type_union(c->ctx, all, f) : f;
		}
		return all ? all : simple(MO_TYPE_JSON);
	}
	if (t->kind == MO_TYPE_JSON) {
		return t;
	}
	mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[i]->span, "`%s` wants a map here, not " MO_STR_FMT, a->b->name,
		MO_STR_ARG(mo_type_text(c->ctx, t)));
	a->failed = true;
	return error_type();
}

static struct mo_time
time_of_all(struct mo_check *c, struct arguments *a)
{
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < a->count; i++) {
		if (a->type[i]) {
			time = mo_time_join(c->ctx, time, mo_type_deep_time(c->ctx, a->type[i]));
		}
	}
	return time;
}

// Nothing that CloudFormation has to compute may go in.
static bool
all_known(struct mo_check *c, struct arguments *a)
{
	for (uint32_t i = 0; i < a->count && !a->failed; i++) {
		struct mo_time time = a->type[i] ? mo_type_deep_time(c->ctx, a->type[i]) : MO_COMPILE_TIME;
		if (time.deploy) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, a->node[i]->span, "CloudFormation cannot compute `%s`", a->b->name);
			mo_diag_here(d, "known only when CloudFormation runs");
			if (time.deploy_at.start != a->node[i]->span.start && time.deploy_at.end) {
				mo_diag_label(d, time.deploy_at, "this becomes known at deploy time");
			}
			mo_diag_help(d, "use values that the program itself knows");
			a->failed = true;
		} else if (a->type[i]) {
			mo_check_known(c, a->type[i], true, a->node[i]->span, "an argument of a function that only the compiler can compute");
		}
	}
	return !a->failed;
}

static const struct mo_type *
known_result(struct mo_check *c, struct arguments *a, const struct mo_type *result)
{
	return all_known(c, a) ? mo_type_at(c->ctx, result, time_of_all(c, a)) : error_type();
}

// ---- files -----------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
loose(struct mo_check *c, enum mo_type_kind kind, bool plain)
{
	struct mo_type *t = mo_type_new(c->ctx, kind);
	t->loose = plain;
	return t;
}

// The type that a data file's content has by itself.
static const struct mo_type *
type_of_data(struct mo_check *c, const struct mo_data *data, uint32_t depth)
{
	if (depth > DATA_DEPTH) {
		return simple(MO_TYPE_JSON);
	}
	switch (data->kind) {
	case MO_DATA_NULL: return simple(MO_TYPE_NONE);
	case MO_DATA_BOOL: return loose(c, MO_TYPE_BOOL, data->plain);
	case MO_DATA_INT: return loose(c, MO_TYPE_INT, data->plain);
	case MO_DATA_FLOAT: return loose(c, MO_TYPE_FLOAT, data->plain);
	case MO_DATA_STRING: return loose(c, MO_TYPE_STRING, data->plain);
	case MO_DATA_LIST: {
		const struct mo_type *element = error_type();
		for (uint32_t i = 0; i < data->items.len; i++) {
			element = mo_type_union(c->ctx, element, type_of_data(c, data->items.items[i], depth + 1));
		}
		return mo_type_list(c->ctx, element);
	}
	case MO_DATA_OBJECT: {
		struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
		for (uint32_t i = 0; i < data->members.len; i++) {
			struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, data->members.items[i].key), .span = data->members.items[i].key_span };
			f.type = type_of_data(c, data->members.items[i].value, depth + 1);
			mo_push(&c->ctx->session, &t->fields, f);
		}
		return t;
	}
	}
	return simple(MO_TYPE_JSON);
}

static const struct mo_type *
check_file(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *path = want(c, a, 0, simple(MO_TYPE_STRING));
	if (a->failed || !mo_check_known(c, path, true, a->node[0]->span, "the name of a file")) {
		return error_type();
	}
	if (a->b->kind == MO_BUILTIN_TEXT) {
		if (path->is_literal && !mo_program_read(c->program, a->call, a->b->kind, c->module, path->literal, a->node[0]->span)) {
			return error_type();
		}
		return simple(MO_TYPE_STRING);
	}
	if (a->b->kind == MO_BUILTIN_GLOB) {
		return mo_type_list(c->ctx, simple(MO_TYPE_STRING));
	}
	if (!path->is_literal) {
		return simple(MO_TYPE_JSON); // which file it is turns out later, and with it what is in it
	}
	const struct mo_file_read *read = mo_program_read(c->program, a->call, a->b->kind, c->module, path->literal, a->node[0]->span);
	return read && read->data ? type_of_data(c, read->data, 0) : error_type();
}

// ---- groups of built-ins -----------------------------------------------------------------------------------------------------------

static const struct mo_type *
check_of_lists(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *e = want_list(c, a, 0);
	if (a->failed) {
		return error_type();
	}
	switch (a->b->kind) {
	case MO_BUILTIN_REVERSE:
		mo_check_known(c, a->type[0], false, a->node[0]->span, "the list");
		return a->type[0];
	case MO_BUILTIN_DISTINCT:
		mo_check_known(c, a->type[0], false, a->node[0]->span, "the list");
		return a->type[0];
	case MO_BUILTIN_FLATTEN:
		if (e->kind != MO_TYPE_LIST && e->kind != MO_TYPE_JSON && e->kind != MO_TYPE_ERROR) {
			mo_report(c->ctx->diags, MSG_NOT_A_LIST, a->node[0]->span, "`flatten` wants a list of lists, not " MO_STR_FMT,
				MO_STR_ARG(mo_type_text(c->ctx, a->type[0])));
			return error_type();
		}
		mo_check_known(c, a->type[0], false, a->node[0]->span, "the list");
		return e;
	case MO_BUILTIN_SORT:
		return known_result(c, a, a->type[0]);
	case MO_BUILTIN_SUM:
	case MO_BUILTIN_MIN:
	case MO_BUILTIN_MAX:
		want(c, a, 0, mo_type_list(c->ctx, simple(MO_TYPE_FLOAT)));
		return known_result(c, a, e->kind == MO_TYPE_INT ? simple(MO_TYPE_INT) : simple(MO_TYPE_FLOAT));
	default: // all, any
		want(c, a, 0, mo_type_list(c->ctx, simple(MO_TYPE_BOOL)));
		return a->failed ? error_type() : mo_type_at(c->ctx, simple(MO_TYPE_BOOL), time_of_all(c, a));
	}
}

static const struct mo_type *
pair_type(struct mo_check *c, const char *first, const struct mo_type *a, const char *second, const struct mo_type *b)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	mo_push(&c->ctx->session, &t->fields, (struct mo_field){ .name = mo_atom_of(c->ctx->atoms, mo_str_c(first)), .type = a });
	mo_push(&c->ctx->session, &t->fields, (struct mo_field){ .name = mo_atom_of(c->ctx->atoms, mo_str_c(second)), .type = b });
	return t;
}

static const struct mo_type *
check_of_maps(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *e = want_map(c, a, 0);
	if (a->failed || !mo_check_known(c, a->type[0], false, a->node[0]->span, "the map")) {
		return error_type();
	}
	const struct mo_type *key = mo_type_at(c->ctx, simple(MO_TYPE_STRING), a->type[0]->time);
	const struct mo_type *result = a->b->kind == MO_BUILTIN_KEYS ? key
		: a->b->kind == MO_BUILTIN_VALUES ? e : pair_type(c, "key", key, "value", e);
	return mo_type_at(c->ctx, mo_type_list(c->ctx, result), a->type[0]->time);
}

static const struct mo_type *
check_length(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *t = a->type[0];
	bool ok = t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_STRING
		|| t->kind == MO_TYPE_FAMILY || t->kind == MO_TYPE_JSON;
	if (!ok) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span,
			"`length` wants a list, a map or a text, not " MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
		if (mo_type_admits_none(t)) {
			mo_diag_help(d, "it may be none: `… ?? []`");
		}
		return error_type();
	}
	if (t->time.deploy) {
		mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, a->node[0]->span, "CloudFormation cannot compute `length`");
		return error_type();
	}
	mo_check_known(c, t, false, a->node[0]->span, "what `length` counts");
	return mo_type_at(c->ctx, simple(MO_TYPE_INT), t->time);
}

static const struct mo_type *
check_search(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *in = a->type[0], *what = a->type[1];
	bool ok = in->kind == MO_TYPE_LIST || in->kind == MO_TYPE_STRING || in->kind == MO_TYPE_JSON
		|| ((in->kind == MO_TYPE_MAP || in->kind == MO_TYPE_RECORD || in->kind == MO_TYPE_FAMILY) && a->b->kind == MO_BUILTIN_CONTAINS);
	if (!ok) {
		mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[0]->span, "`%s` looks into a list%s or a text, not into " MO_STR_FMT, a->b->name,
			a->b->kind == MO_BUILTIN_CONTAINS ? ", a map" : "", MO_STR_ARG(mo_type_text(c->ctx, in)));
		return error_type();
	}
	if (in->kind == MO_TYPE_LIST && in->element->kind != MO_TYPE_ERROR && mo_fit_types(c, what, in->element).misfit != MO_FITS
		&& mo_fit_types(c, in->element, what).misfit != MO_FITS) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_NEVER_EQUAL, a->node[1]->span, "no element can ever be equal to this");
		mo_diag_label(d, a->node[0]->span, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, in)));
		return error_type();
	}
	return known_result(c, a, simple(a->b->kind == MO_BUILTIN_CONTAINS ? MO_TYPE_BOOL : MO_TYPE_INT));
}

static const struct mo_type *
check_slice(struct mo_check *c, struct arguments *a)
{
	want(c, a, 1, simple(MO_TYPE_INT));
	if (a->node[2]) {
		want(c, a, 2, simple(MO_TYPE_INT));
	}
	if (a->failed) {
		return error_type();
	}
	if (a->type[0]->kind == MO_TYPE_STRING) {
		return known_result(c, a, simple(MO_TYPE_STRING));
	}
	want_list(c, a, 0);
	for (uint32_t i = 0; i < a->count && !a->failed; i++) {
		mo_check_known(c, a->type[i], false, a->node[i]->span, "an argument of `slice`");
	}
	return a->failed ? error_type() : a->type[0];
}

static const struct mo_type *
check_merge(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *all = NULL;
	for (uint32_t i = 0; i < a->count && !a->failed; i++) {
		const struct mo_type *e = want_map(c, a, i);
		if (!a->failed) {
			mo_check_known(c, a->type[i], false, a->node[i]->span, "an argument of `merge`");
			all = all ? mo_type_union(c->ctx, all, e) : e;
		}
	}
	return a->failed ? error_type() : mo_type_map(c->ctx, all);
}

static const struct mo_type *
check_zip(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *x = want_list(c, a, 0), *y = want_list(c, a, 1);
	for (uint32_t i = 0; i < a->count && !a->failed; i++) {
		mo_check_known(c, a->type[i], false, a->node[i]->span, "an argument of `zip`");
	}
	return a->failed ? error_type() : mo_type_list(c->ctx, pair_type(c, "first", x, "second", y));
}

// Text functions that CloudFormation has too.
static const struct mo_type *
check_deployable_text(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *string = simple(MO_TYPE_STRING), *result = string;
	switch (a->b->kind) {
	case MO_BUILTIN_JOIN:
		want(c, a, 0, string);
		want(c, a, 1, mo_type_list(c->ctx, string));
		break;
	case MO_BUILTIN_SPLIT:
		want(c, a, 0, string);
		want(c, a, 1, string);
		if (!a->failed) {
			mo_check_known(c, a->type[0], false, a->node[0]->span, "the separator");
		}
		result = mo_type_list(c->ctx, mo_type_at(c->ctx, string, time_of_all(c, a)));
		break;
	case MO_BUILTIN_FILL:
		want(c, a, 0, string);
		want(c, a, 1, mo_type_map(c->ctx, string));
		break;
	case MO_BUILTIN_BASE64:
		want(c, a, 0, string);
		break;
	default: // to_json, to_yaml
		want(c, a, 0, simple(MO_TYPE_JSON));
		break;
	}
	return a->failed ? error_type() : mo_type_at(c->ctx, result, time_of_all(c, a));
}

static const struct mo_type *
check_text(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *string = simple(MO_TYPE_STRING);
	switch (a->b->kind) {
	case MO_BUILTIN_PAD:
		want(c, a, 0, simple(MO_TYPE_INT));
		want(c, a, 1, simple(MO_TYPE_INT));
		return known_result(c, a, string);
	case MO_BUILTIN_TO_INT:
		want(c, a, 0, string);
		return known_result(c, a, simple(MO_TYPE_INT));
	case MO_BUILTIN_STARTS_WITH:
	case MO_BUILTIN_ENDS_WITH:
	case MO_BUILTIN_MATCHES:
		want(c, a, 0, string);
		want(c, a, 1, string);
		return known_result(c, a, simple(MO_TYPE_BOOL));
	default: // replace, lower, upper, trim, sha256
		for (uint32_t i = 0; i < a->count; i++) {
			want(c, a, i, string);
		}
		return known_result(c, a, string);
	}
}

static const struct mo_type *
plan_entry(struct mo_check *c)
{
	struct mo_type *t = mo_type_new(c->ctx, MO_TYPE_RECORD);
	const struct mo_type *types[] = { simple(MO_TYPE_INT), simple(MO_TYPE_INT), mo_type_list(c->ctx, simple(MO_TYPE_CIDR)) };
	const char *names[] = { "prefix", "count", "pinned" };
	for (int i = 0; i < 3; i++) {
		struct mo_field f = { .name = mo_atom_of(c->ctx->atoms, mo_str_c(names[i])), .type = types[i], .optional = i == 2 };
		mo_push(&c->ctx->session, &t->fields, f);
	}
	return t;
}

static const struct mo_type *
check_network(struct mo_check *c, struct arguments *a)
{
	const struct mo_type *cidr = simple(MO_TYPE_CIDR);
	switch (a->b->kind) {
	case MO_BUILTIN_CIDR_SUBNETS: {
		want(c, a, 1, simple(MO_TYPE_INT));
		want(c, a, 2, simple(MO_TYPE_INT));
		if (a->failed) {
			return error_type();
		}
		if (a->type[0]->kind == MO_TYPE_STRING && a->type[0]->time.deploy) {
			struct mo_type *list = mo_type_new(c->ctx, MO_TYPE_LIST);
			list->element = mo_type_at(c->ctx, simple(MO_TYPE_STRING), a->type[0]->time);
			return mo_type_at(c->ctx, list, a->type[0]->time);
		}
		want(c, a, 0, cidr);
		return known_result(c, a, mo_type_list(c->ctx, cidr));
	}
	case MO_BUILTIN_CIDR_PLAN:
		want(c, a, 0, cidr);
		want(c, a, 1, mo_type_map(c->ctx, plan_entry(c)));
		return known_result(c, a, mo_type_map(c->ctx, mo_type_list(c->ctx, cidr)));
	default:
		want(c, a, 0, cidr);
		want(c, a, 1, cidr);
		return known_result(c, a, simple(MO_TYPE_BOOL));
	}
}

// ---- dispatch ----------------------------------------------------------------------------------------------------------------------

typedef const struct mo_type *(*checker)(struct mo_check *c, struct arguments *a);

static const checker checkers[MO_BUILTIN_KINDS] = {
	[MO_BUILTIN_LENGTH] = check_length,
	[MO_BUILTIN_CONTAINS] = check_search, [MO_BUILTIN_INDEX] = check_search,
	[MO_BUILTIN_KEYS] = check_of_maps, [MO_BUILTIN_VALUES] = check_of_maps, [MO_BUILTIN_ENTRIES] = check_of_maps,
	[MO_BUILTIN_FLATTEN] = check_of_lists, [MO_BUILTIN_DISTINCT] = check_of_lists, [MO_BUILTIN_SORT] = check_of_lists,
	[MO_BUILTIN_REVERSE] = check_of_lists, [MO_BUILTIN_SUM] = check_of_lists, [MO_BUILTIN_MIN] = check_of_lists,
	[MO_BUILTIN_MAX] = check_of_lists, [MO_BUILTIN_ALL] = check_of_lists, [MO_BUILTIN_ANY] = check_of_lists,
	[MO_BUILTIN_ZIP] = check_zip, [MO_BUILTIN_SLICE] = check_slice, [MO_BUILTIN_MERGE] = check_merge,
	[MO_BUILTIN_JOIN] = check_deployable_text, [MO_BUILTIN_SPLIT] = check_deployable_text, [MO_BUILTIN_FILL] = check_deployable_text,
	[MO_BUILTIN_BASE64] = check_deployable_text, [MO_BUILTIN_TO_JSON] = check_deployable_text, [MO_BUILTIN_TO_YAML] = check_deployable_text,
	[MO_BUILTIN_REPLACE] = check_text, [MO_BUILTIN_LOWER] = check_text, [MO_BUILTIN_UPPER] = check_text, [MO_BUILTIN_TRIM] = check_text,
	[MO_BUILTIN_STARTS_WITH] = check_text, [MO_BUILTIN_ENDS_WITH] = check_text, [MO_BUILTIN_MATCHES] = check_text,
	[MO_BUILTIN_PAD] = check_text, [MO_BUILTIN_TO_INT] = check_text, [MO_BUILTIN_SHA256] = check_text,
	[MO_BUILTIN_CIDR_SUBNETS] = check_network, [MO_BUILTIN_CIDR_CONTAINS] = check_network,
	[MO_BUILTIN_CIDR_OVERLAPS] = check_network, [MO_BUILTIN_CIDR_PLAN] = check_network,
	[MO_BUILTIN_YAML] = check_file, [MO_BUILTIN_JSON] = check_file, [MO_BUILTIN_TEXT] = check_file, [MO_BUILTIN_GLOB] = check_file,
};

const struct mo_type *
mo_check_builtin(struct mo_check *c, struct mo_node *n, const struct mo_builtin *b)
{
	struct arguments a = { .call = n, .b = b };
	if (!checkers[b->kind]) {
		mo_check_unsupported(c, n->span, mo_str_printf(&c->ctx->session, "`%s(…)`", b->name).p);
		return error_type();
	}
	take_arguments(c, &a);
	if (a.failed) {
		return error_type();
	}
	infer_arguments(c, &a);
	return a.failed ? error_type() : checkers[b->kind](c, &a);
}
