// SPDX-License-Identifier: Apache-2.0
// a[k]: elements of lists, entries of maps, members and slices of families, accounts in a region, stacks at a target.
#include "sema/check.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

static struct mo_span
span_of_keys(const struct mo_index_node *x)
{
	return (struct mo_span){ x->keys.items[0]->span.start, mo_last(&x->keys)->span.end };
}

// The one key, checked; ERROR after a report.
static const struct mo_type *
check_key(struct mo_check *c, struct mo_node *key, enum mo_type_kind kind)
{
	return mo_check_for(c, key, mo_type_of_kind(kind), (struct mo_str){ 0 });
}

// With `[k]?` something that is not there is none.
static const struct mo_type *
or_none(struct mo_check *c, const struct mo_index_node *x, const struct mo_type *t, struct mo_time time)
{
	return x->optional ? mo_type_optional_at(c->ctx, t, time) : t;
}

// ---- lists -----------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
index_list(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	struct mo_node *key = x->keys.items[0];
	const struct mo_type *k = check_key(c, key, MO_TYPE_INT);
	if (k->is_literal && k->min < 0) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_INDEX, key->span, "positions are counted from 0");
		mo_diag_help(d, "from the end: `reverse(" MO_STR_FMT ")[%lld]`", MO_STR_ARG(mo_check_quote(c, x->object->span, "xs")),
			-(long long)(k->min + 1));
		return error_type();
	}
	if (!mo_check_known(c, k, false, key->span, "a position in a list")) {
		return error_type();
	}
	const struct mo_type *e = mo_type_at(c->ctx, mo_type_part(c->ctx, t, 0, t->element), k->time);
	return or_none(c, x, e, t->time);
}

// ---- maps and records ------------------------------------------------------------------------------------------------------------

static const struct mo_type *
report_missing_key(struct mo_check *c, struct mo_node *key, struct mo_str wanted, const struct mo_type *t)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, key->span, "there is no key \"" MO_STR_FMT "\"", MO_STR_ARG(wanted));
	struct mo_suggestion near = mo_suggest(wanted);
	for (uint32_t i = 0; i < t->fields.len; i++) {
		mo_suggest_from(&near, mo_atom_str(c->ctx->atoms, t->fields.items[i].name));
	}
	if (near.best.len) {
		mo_diag_help(d, "did you mean \"" MO_STR_FMT "\"?", MO_STR_ARG(near.best));
		mo_diag_fix(d, key->span, "\"" MO_STR_FMT "\"", MO_STR_ARG(near.best));
	} else {
		mo_diag_help(d, "`[…]?` gives none for a missing key");
	}
	return error_type();
}

static bool
is_cell(const struct mo_type *t)
{
	t = mo_type_present(t);
	if (t->kind == MO_TYPE_LIST) {
		t = t->element;
	}
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!is_cell(t->alternatives.items[i])) {
			return false;
		}
	}
	return t->kind == MO_TYPE_STRING || t->kind == MO_TYPE_INT || t->kind == MO_TYPE_FLOAT || t->kind == MO_TYPE_BOOL || t->kind == MO_TYPE_CIDR
		|| t->kind == MO_TYPE_JSON || t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_UNION;
}

static bool
is_row(const struct mo_type *t)
{
	for (uint32_t i = 0; t->kind == MO_TYPE_RECORD && i < t->fields.len; i++) {
		if (!is_cell(t->fields.items[i].type)) {
			return false;
		}
	}
	return t->kind == MO_TYPE_RECORD;
}

static const struct mo_type *
refuse_look_up(struct mo_check *c, struct mo_node *key, const struct mo_type *k, const char *why)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, key->span, "CloudFormation cannot look this up: %s", why);
	mo_diag_here(d, "known only when CloudFormation runs");
	mo_check_label_deploy(d, k->time, key->span);
	mo_diag_help(d, "`match` over the key, with an arm for each of its values");
	return error_type();
}

// What cannot stand in Fn::If: things that have members but no text of their own.
static bool
is_choosable(const struct mo_type *t)
{
	t = mo_type_present(t);
	for (uint32_t i = 0; i < t->alternatives.len; i++) {
		if (!is_choosable(t->alternatives.items[i])) {
			return false;
		}
	}
	return t->kind != MO_TYPE_INSTANCE && t->kind != MO_TYPE_FAMILY && t->kind != MO_TYPE_ACCOUNT && t->kind != MO_TYPE_TARGET
	       && t->kind != MO_TYPE_STACK && t->kind != MO_TYPE_TEMPLATE && t->kind != MO_TYPE_MODULE && t->kind != MO_TYPE_AWS;
}

// Calls `each` for every text that a key can be. False when that is not known: it may be any text.
static bool
each_key(struct mo_check *c, const struct mo_type *k, void (*each)(struct mo_check *c, struct mo_str key, void *data), void *data)
{
	for (uint32_t i = 0; i < k->alternatives.len; i++) {
		if (!each_key(c, k->alternatives.items[i], each, data)) {
			return false;
		}
	}
	if (k->kind == MO_TYPE_UNION) {
		return true;
	}
	if (k->kind != MO_TYPE_STRING || !k->is_literal) {
		return false;
	}
	each(c, k->literal, data);
	return true;
}

struct missing {
	const struct mo_type *record;
	struct mo_str key; // the first that the record does not have
	bool any;
};

static void
note_missing(struct mo_check *c, struct mo_str key, void *data)
{
	struct missing *m = data;
	if (!m->any && m->record->kind == MO_TYPE_RECORD && !mo_type_field(m->record, mo_atom_of(c->ctx->atoms, key))) {
		m->key = key;
		m->any = true;
	}
}

// Whether a key of a mapping can be written like this: CloudFormation takes letters, digits, `.` and `-`.
static bool
has_mapping_keys(struct mo_check *c, const struct mo_type *t)
{
	for (uint32_t i = 0; t->kind == MO_TYPE_RECORD && i < t->fields.len; i++) {
		struct mo_str key = mo_atom_str(c->ctx->atoms, t->fields.items[i].name);
		for (size_t k = 0; k < key.len; k++) {
			char ch = key.p[k];
			if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '.' || ch == '-')) {
				return false;
			}
		}
	}
	return t->kind != MO_TYPE_RECORD || t->fields.len > 0;
}

static bool
fits_mapping(struct mo_check *c, const struct mo_type *t, const struct mo_type *element)
{
	return (is_cell(element) || is_row(element)) && has_mapping_keys(c, t) && !mo_type_deep_time(c->ctx, t).deploy;
}

// A key that CloudFormation learns only then: a mapping, so the map itself has to be known, and simple. Where it is not, Fn::If over all
// keys, which says something only when the key is one of them, or when a missing one gives none.
static bool
can_look_up(struct mo_check *c, const struct mo_index_node *x, const struct mo_type *t, const struct mo_type *k, const struct mo_type *element)
{
	struct missing m = { .record = t };
	bool among = each_key(c, k, note_missing, &m) && !m.any;
	return fits_mapping(c, t, element) || ((among || x->optional) && is_choosable(element) && !t->time.deploy);
}

static const struct mo_type *
report_missing_alternative(struct mo_check *c, struct mo_node *key, const struct mo_type *k, struct mo_str missing)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_UNKNOWN_MEMBER, key->span, "the key may be \"" MO_STR_FMT "\", and there is none",
		MO_STR_ARG(missing));
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, k)));
	mo_diag_help(d, "add that key; `[…]?` gives none for a missing key");
	return error_type();
}

static const struct mo_type *
look_up(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t, const struct mo_type *k, const struct mo_type *element)
{
	struct mo_node *key = x->keys.items[0];
	struct missing m = { .record = t };
	bool among = each_key(c, k, note_missing, &m);
	if (among && m.any && !x->optional) {
		return report_missing_alternative(c, key, k, m.key);
	}
	if (can_look_up(c, x, t, k, element)) {
		mo_check_known(c, t, fits_mapping(c, t, element), x->object->span, "a map that CloudFormation looks up");
		return or_none(c, x, mo_type_at(c->ctx, element, k->time), k->time);
	}
	if (!is_cell(element) && !is_row(element)) {
		return refuse_look_up(c, key, k, among || x->optional ? "things cannot be chosen at deploy time, only their values"
			: "a mapping holds texts, numbers, lists of them, and records of these");
	}
	if (!mo_check_known(c, t, true, x->object->span, "a map that CloudFormation looks up")) {
		return error_type();
	}
	return refuse_look_up(c, key, k, t->fields.len ? "a mapping's keys are letters, digits, `.` and `-`" : "it is empty");
}

// What a key gives: known when the key is, and then without the help of CloudFormation, which could not.
static const struct mo_type *
entry(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t, const struct mo_type *k, const struct mo_type *element)
{
	if (k->time.deploy) {
		return look_up(c, x, t, k, element);
	}
	if (!can_look_up(c, x, t, k, element)) {
		mo_check_known(c, k, false, x->keys.items[0]->span, "a key");
	}
	return or_none(c, x, mo_type_at(c->ctx, element, k->time), mo_time_join(c->ctx, t->time, k->time));
}

// The type of any value of a record.
static const struct mo_type *
any_field(struct mo_check *c, const struct mo_type *t)
{
	const struct mo_type *all = NULL;
	for (uint32_t i = 0; i < t->fields.len; i++) {
		const struct mo_type *f = mo_type_part(c->ctx, t, t->fields.items[i].name, t->fields.items[i].type);
		all = all ? mo_type_union(c->ctx, all, f) : f;
	}
	return all ? all : error_type();
}

static const struct mo_type *
index_record(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	struct mo_node *key = x->keys.items[0];
	const struct mo_type *k = check_key(c, key, MO_TYPE_STRING);
	if (k->kind == MO_TYPE_ERROR) {
		return k;
	}
	if (!k->is_literal || k->kind != MO_TYPE_STRING) {
		return entry(c, x, t, k, any_field(c, t));
	}
	const struct mo_type *f = mo_check_find_member(c, t, mo_atom_of(c->ctx->atoms, k->literal));
	if (f) {
		return or_none(c, x, f, t->time);
	}
	return x->optional ? mo_type_of_kind(MO_TYPE_NONE) : report_missing_key(c, key, k->literal, t);
}

static const struct mo_type *
index_map(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	const struct mo_type *k = check_key(c, x->keys.items[0], MO_TYPE_STRING);
	return entry(c, x, t, k, mo_type_part(c->ctx, t, 0, t->element));
}

static const struct mo_type *
index_json(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	const struct mo_type *scalar = mo_type_union(c->ctx, mo_type_of_kind(MO_TYPE_STRING), mo_type_of_kind(MO_TYPE_INT));
	const struct mo_type *k = mo_check_for(c, x->keys.items[0], scalar, (struct mo_str){ 0 });
	return k->kind == MO_TYPE_ERROR ? k : entry(c, x, t, k, mo_type_part(c->ctx, t, 0, t));
}

// ---- families --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
report_key_count(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_INDEX, span_of_keys(x), "this family has %u key%s, not %u", t->dimensions,
		t->dimensions == 1 ? "" : "s", x->keys.len);
	mo_diag_label(d, t->symbol->span, "declared here");
	mo_diag_help(d, x->keys.len < t->dimensions ? "`*` stands for every value of a key" : "`[*]` gives all members");
	return error_type();
}

static const struct mo_type *
index_family(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	bool all = x->keys.len == 1 && x->keys.items[0]->kind == MO_STAR_NODE; // every member, however many keys they have
	if (x->keys.len != t->dimensions && !all) {
		return report_key_count(c, x, t);
	}
	mo_check_keys(c, x->keys);
	for (uint32_t i = 0; i < x->keys.len; i++) {
		if (x->keys.items[i]->kind == MO_STAR_NODE) {
			return mo_type_list(c->ctx, t->element);
		}
	}
	return or_none(c, x, t->element, MO_COMPILE_TIME);
}

// ---- accounts and stacks ---------------------------------------------------------------------------------------------------------

static bool
refuse_optional(struct mo_check *c, struct mo_index_node *x, const char *what)
{
	if (x->optional) {
		struct mo_span mark = { x->node.span.end - 1, x->node.span.end };
		mo_report(c->ctx->diags, MSG_WRONG_INDEX, mark, "%s is there or it is an error: `?` has no meaning here", what);
	}
	return x->optional;
}

static const struct mo_type *
index_account(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	struct mo_type *region = mo_type_new(c->ctx, MO_TYPE_STRING);
	region->role = MO_STRING_REGION;
	const struct mo_type *k = mo_check_for(c, x->keys.items[0], region, (struct mo_str){ 0 });
	mo_check_known(c, k, false, x->keys.items[0]->span, "a region");
	if (!mo_check_known(c, t, false, x->object->span, "an account in another region")) {
		return error_type();
	}
	return refuse_optional(c, x, "an account in a region") ? error_type() : mo_type_target(c->ctx, t);
}

static const struct mo_type *
index_stack(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	const struct mo_type *k = check_key(c, x->keys.items[0], MO_TYPE_TARGET);
	if (!mo_check_known(c, k, false, x->keys.items[0]->span, "the target at which a stack is read")) {
		return error_type();
	}
	return refuse_optional(c, x, "a stack at a target") ? error_type() : t;
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static bool
one_key(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	bool star = x->keys.items[0]->kind == MO_STAR_NODE;
	if (x->keys.len == 1 && !star) {
		return true;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_INDEX, span_of_keys(x), "only the members of a family are named by %s",
		star ? "`*`" : "several keys");
	mo_diag_label(d, x->object->span, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
	if (!star) {
		mo_diag_help(d, "one key after the other: `[a][b]`");
	}
	return false;
}

static const struct mo_type *
report_no_keys(struct mo_check *c, struct mo_index_node *x, const struct mo_type *t)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_INDEX, x->object->span, MO_STR_FMT " has no members by key",
		MO_STR_ARG(mo_type_noun(c->ctx, t)));
	mo_check_label_declaration(d, x->object);
	struct mo_str key = mo_check_quote(c, x->keys.items[0]->span, "");
	const struct mo_type *k = x->keys.items[0]->kind == MO_STRING_NODE ? mo_check_infer(c, x->keys.items[0]) : NULL;
	if (key.len && k && k->is_literal && mo_check_find_member(c, t, mo_atom_of(c->ctx->atoms, k->literal))) {
		mo_diag_help(d, "a member by its name: `." MO_STR_FMT "`", MO_STR_ARG(k->literal));
	}
	return error_type();
}

static bool
is_collection(const struct mo_type *t)
{
	return t->kind == MO_TYPE_LIST || t->kind == MO_TYPE_RECORD || t->kind == MO_TYPE_MAP || t->kind == MO_TYPE_JSON || t->kind == MO_TYPE_FAMILY;
}

const struct mo_type *
mo_check_index_or_none(struct mo_check *c, struct mo_node *n)
{
	struct mo_index_node *x = mo_as_index(n);
	bool asked = x->optional;
	const struct mo_type *t = mo_check_infer(c, x->object);
	x->optional = asked || is_collection(t);
	return mo_check_infer(c, n);
}

const struct mo_type *
mo_check_index(struct mo_check *c, struct mo_node *n)
{
	struct mo_index_node *x = mo_as_index(n);
	bool known = x->optional && x->object->type; // asked of the object just now
	const struct mo_type *t = known ? x->object->type : mo_check_infer(c, x->object);
	if (t->kind == MO_TYPE_ERROR || t->kind == MO_TYPE_ANY || !x->keys.len) {
		return error_type();
	}
	if (mo_type_admits_none(t)) {
		struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, x->object->span, "this may be none, and then has no members");
		mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, t)));
		mo_diag_help(d, "give a value for that case with `?? …`, or use it only where `!= none` is known");
		return error_type();
	}
	if (t->kind == MO_TYPE_FAMILY) {
		return index_family(c, x, t);
	}
	if (!one_key(c, x, t)) {
		return error_type();
	}
	switch (t->kind) {
	case MO_TYPE_LIST: return index_list(c, x, t);
	case MO_TYPE_RECORD: return index_record(c, x, t);
	case MO_TYPE_MAP: return index_map(c, x, t);
	case MO_TYPE_ACCOUNT: return index_account(c, x, t);
	case MO_TYPE_STACK: return index_stack(c, x, t);
	case MO_TYPE_JSON: return index_json(c, x, t);
	default: return report_no_keys(c, x, t);
	}
}
