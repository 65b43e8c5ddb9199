// SPDX-License-Identifier: Apache-2.0
// Accounts and targets: declared, checked for what every later phase relies on, and read.
#include "catalog/names.h"
#include "eval/instance.h"

bool
mo_target_equal(const struct mo_target *a, const struct mo_target *b)
{
	return a->account == b->account && mo_str_eq(a->region, b->region);
}

struct mo_target
mo_target_make(struct mo_account *account, struct mo_str region, struct mo_span span)
{
	uint64_t hash = mo_hash_mix(MO_KEY(account), mo_str_hash(region));
	return (struct mo_target){ .account = account, .region = region, .hash = hash, .span = span };
}

bool
mo_target_of(struct mo_eval *ev, const struct mo_value *v, struct mo_target *out)
{
	(void)ev;
	if (v->kind != MO_VALUE_ACCOUNT && v->kind != MO_VALUE_TARGET) {
		return false;
	}
	struct mo_account *a = mo_account_of(v->account);
	if (a->ref_id) {
		return false;
	}
	*out = mo_target_make(a, v->kind == MO_VALUE_TARGET ? v->region : a->ir.region, v->span);
	return true;
}

const struct mo_value *
mo_target_value(struct mo_eval *ev, struct mo_span span, const struct mo_target *t)
{
	struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_TARGET, span);
	v->account = &t->account->ir;
	v->region = t->region;
	v->labels = t->account->labels;
	return v;
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

static const char *const members[] = { "id", "name", "region", "regions", "partition", "labels", NULL };

bool
mo_account_has_member(const struct mo_value *v, struct mo_str name)
{
	(void)v;
	for (uint32_t i = 0; members[i]; i++) {
		if (mo_str_is(name, members[i])) {
			return true;
		}
	}
	return false;
}

static const struct mo_value *
text(struct mo_eval *ev, struct mo_span span, struct mo_str s)
{
	return mo_value_string(ev->arena, span, s);
}

static const struct mo_value *
pseudo(struct mo_eval *ev, struct mo_span span, const char *name)
{
	return mo_value_deploy(ev->arena, span, mo_ir_pseudo(ev->arena, span, mo_str_c(name)), false);
}

// Of an account_ref; the checker lets nothing else be read.
static const struct mo_value *
reference_member(struct mo_eval *ev, const struct mo_account *a, struct mo_name name)
{
	struct mo_str wanted = mo_atom_text(ev, name.atom);
	if (mo_str_is(wanted, "id")) {
		return a->ref_id;
	}
	return mo_str_is(wanted, "region") ? a->ref_region : pseudo(ev, name.span, "AWS::Partition");
}

const struct mo_value *
mo_account_ref(struct mo_eval *ev, const struct mo_value *id, const struct mo_value *region, struct mo_span span)
{
	struct mo_account *a = mo_new(ev->arena, struct mo_account);
	a->ir.span = span;
	a->ir.name = MO_STR("account_ref(…)");
	a->labels = mo_value_record(ev->arena, span);
	a->ref_id = id;
	a->ref_region = region ? region : pseudo(ev, span, "AWS::Region");
	struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_ACCOUNT, span);
	v->account = &a->ir;
	v->labels = a->labels;
	return v;
}

const struct mo_value *
mo_account_member(struct mo_eval *ev, const struct mo_value *v, struct mo_name name)
{
	struct mo_str wanted = mo_atom_text(ev, name.atom);
	const struct mo_account *a = mo_account_of(v->account);
	if (a->ref_id) {
		return reference_member(ev, a, name);
	}
	if (mo_str_is(wanted, "id")) {
		return text(ev, name.span, a->ir.id);
	}
	if (mo_str_is(wanted, "name")) {
		return text(ev, name.span, a->ir.name);
	}
	if (mo_str_is(wanted, "region")) {
		return text(ev, name.span, v->kind == MO_VALUE_TARGET ? v->region : a->ir.region);
	}
	if (mo_str_is(wanted, "partition")) {
		return text(ev, name.span, a->ir.partition);
	}
	if (mo_str_is(wanted, "labels")) {
		return a->labels;
	}
	if (mo_str_is(wanted, "regions")) {
		return a->regions;
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_MEMBER, name.span, "an account has no `" MO_STR_FMT "`",
		MO_STR_ARG(wanted));
	if (mo_value_get(a->labels, wanted)) {
		mo_diag_help(d, "it is a label: `.labels." MO_STR_FMT "`", MO_STR_ARG(wanted));
		return mo_error_value();
	}
	struct mo_suggestion near = mo_suggest(wanted);
	for (uint32_t i = 0; members[i]; i++) {
		mo_suggest_from(&near, mo_str_c(members[i]));
	}
	mo_diag_suggest(d, name.span, &near);
	return mo_error_value();
}

// ---- declaring -------------------------------------------------------------------------------------------------------------------

struct fields {
	struct mo_frame *frame;
	struct mo_arguments arguments;
	struct mo_account *account;
	struct mo_name name;   // of the account, for messages
	struct mo_span id_span; // where the id was written: here, or in a data file
	bool failed;
};

static const char *const known_fields[] = { "id", "region", "regions", "partition", "profile", "deploy_role", "execution_role",
	"qualifier",
	"bootstrap", "tags", "labels", NULL };

static const struct mo_value *
field(struct mo_eval *ev, struct fields *f, const char *name, const struct mo_type *type)
{
	mo_atom atom = mo_atom_find(ev->ctx->atoms, mo_str_c(name));
	struct mo_argument *a = atom ? mo_argument_find(&f->arguments, atom) : NULL;
	const struct mo_value *v = a ? mo_argument_value(ev, f->frame, a, type) : mo_value_simple(MO_VALUE_NONE);
	if (mo_value_is_deploy_time(v)) {
		mo_needs_compile_time(ev, v, a->span, "what describes an account");
		v = mo_error_value();
	}
	f->failed = f->failed || mo_is_error(v);
	return v;
}

static struct mo_str
text_field(struct mo_eval *ev, struct fields *f, const char *name, struct mo_str otherwise)
{
	const struct mo_value *v = field(ev, f, name, mo_type_of_kind(MO_TYPE_STRING));
	return v->kind == MO_VALUE_STRING ? v->text : otherwise;
}

static struct mo_span
field_span(struct mo_eval *ev, const struct fields *f, const char *name)
{
	mo_atom atom = mo_atom_find(ev->ctx->atoms, mo_str_c(name));
	const struct mo_argument *a = atom ? mo_argument_find(&f->arguments, atom) : NULL;
	return a && a->given.len ? mo_last(&a->given).span : f->name.span;
}

static void
report_missing(struct mo_eval *ev, const struct fields *f, const char *name)
{
	struct mo_str account = mo_atom_text(ev, f->name.atom);
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_MISSING_FIELD, f->name.span, "the account `" MO_STR_FMT "` has no `%s`",
		MO_STR_ARG(account), name);
	mo_diag_help(d, "write `%s: \"…\"` in the block", name);
}

static void
check_identity(struct mo_eval *ev, struct fields *f)
{
	struct mo_account *a = f->account;
	struct mo_span at = mo_span_is_nowhere(f->id_span) ? field_span(ev, f, "id") : f->id_span;
	if (!f->failed && a->ir.id.len == 0) {
		report_missing(ev, f, "id");
	} else if (!f->failed && !mo_is_account_id(a->ir.id)) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_ACCOUNT, at,
			"an account id has 12 digits, this is `" MO_STR_FMT "`",
			MO_STR_ARG(a->ir.id));
		if (a->ir.id.len < 12) {
			mo_diag_note(d, "ids are texts: a number would lose the zeros in front");
		}
		mo_diag_label(d, f->name.span, "of the account `" MO_STR_FMT "`", MO_STR_ARG(a->ir.name));
	}
	if (!f->failed && a->ir.region.len == 0) {
		report_missing(ev, f, "region");
	}
	uint64_t hash = mo_str_hash(a->ir.id);
	struct mo_account *first = mo_map_get(&ev->evaluator->account_ids, hash);
	if (!f->failed && a->ir.id.len && first && mo_str_eq(first->ir.id, a->ir.id)) {
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_ACCOUNT, at, "the accounts `" MO_STR_FMT "` and `" MO_STR_FMT
			"` have the same id", MO_STR_ARG(first->ir.name), MO_STR_ARG(a->ir.name));
		mo_diag_label(d, first->ir.span, "`" MO_STR_FMT "` is declared here", MO_STR_ARG(first->ir.name));
		mo_diag_help(d, "one account with `regions`, or `account[\"region\"]` as a target, deploys to several regions");
	} else if (a->ir.id.len) {
		mo_map_put(ev->arena, &ev->evaluator->account_ids, hash, a);
	}
}

static void
report_unknown_fields(struct mo_eval *ev, const struct fields *f)
{
	for (uint32_t i = 0; i < f->arguments.items.len; i++) {
		const struct mo_argument *a = f->arguments.items.items[i];
		struct mo_str name = mo_atom_text(ev, a->name);
		struct mo_suggestion near = mo_suggest(name);
		bool known = false;
		for (uint32_t k = 0; known_fields[k] && !known; k++) {
			known = mo_str_is(name, known_fields[k]);
			mo_suggest_from(&near, mo_str_c(known_fields[k]));
		}
		if (!known) {
			struct mo_diag *d = mo_report(ev->ctx->diags, MSG_UNKNOWN_FIELD, a->span,
				"an account has no field `" MO_STR_FMT "`",
				MO_STR_ARG(name));
			mo_diag_suggest(d, a->span, &near);
		}
	}
}

static void
read_lists(struct mo_eval *ev, struct fields *f, struct mo_span span)
{
	struct mo_account *a = f->account;
	const struct mo_value *labels = field(ev, f, "labels", NULL);
	a->labels = labels->kind == MO_VALUE_RECORD ? labels : mo_value_record(ev->arena, span);
	const struct mo_value *regions = field(ev, f, "regions", mo_type_list(ev->ctx, mo_type_of_kind(MO_TYPE_STRING)));
	a->regions = regions;
	if (regions->kind != MO_VALUE_LIST) {
		struct mo_value *one = mo_value_list(ev->arena, span);
		mo_push(ev->arena, &one->items, mo_value_string(ev->arena, span, a->ir.region));
		a->regions = one;
	}
	a->tags = field(ev, f, "tags", mo_type_map(ev->ctx, mo_type_of_kind(MO_TYPE_STRING)));
}

// Tags from the block and from @tags; the block's win.
static void
read_tags(struct mo_eval *ev, struct fields *f, struct mo_account_node *n)
{
	struct mo_account *a = f->account;
	struct mo_value *all = mo_value_record(ev->arena, n->name.span);
	struct mo_decorator_node *d = mo_decorator_find(ev, &n->item, "tags");
	struct mo_node *written = d ? mo_decorator_argument(ev, d, 0, NULL) : NULL;
	const struct mo_type *type = mo_type_map(ev->ctx, mo_type_of_kind(MO_TYPE_STRING));
	const struct mo_value *outer = written ? mo_eval_typed(ev, f->frame, written, type) : mo_value_simple(MO_VALUE_NONE);
	const struct mo_value *both[2] = { outer, a->tags };
	for (uint32_t k = 0; k < 2; k++) {
		for (uint32_t i = 0; both[k]->kind == MO_VALUE_RECORD && i < both[k]->members.len; i++) {
			const struct mo_value_member *m = &both[k]->members.items[i];
			if (!mo_is_none(m->value)) {
				mo_value_set(ev->arena, all, m->key, m->key_span, m->value);
			}
		}
	}
	a->tags = all;
	ev->evaluator->account_tags = ev->evaluator->account_tags || all->members.len > 0;
	for (uint32_t i = 0; i < all->members.len; i++) {
		if (all->members.items[i].value->kind == MO_VALUE_STRING) {
			mo_push(ev->arena, &a->ir.tags, (struct mo_ir_tag){ all->members.items[i].key,
				all->members.items[i].value->text, all->members.items[i].key_span });
		}
	}
}

const struct mo_value *
mo_account_make(struct mo_eval *ev, struct mo_member *m)
{
	struct mo_account_node *n = mo_as_account(m->node);
	struct mo_account *a = mo_new(ev->arena, struct mo_account);
	struct fields f = { .frame = m->frame, .account = a, .name = n->name };
	const struct mo_str usual = MO_STR("hnb659fds");
	mo_arguments_collect(ev, m->frame, n->block, &f.arguments);
	f.failed = f.arguments.failed;
	a->ir.name = mo_global_name(ev, m);
	a->ir.span = n->name.span;
	const struct mo_value *id = field(ev, &f, "id", mo_type_of_kind(MO_TYPE_STRING));
	a->ir.id = id->kind == MO_VALUE_STRING ? id->text : (struct mo_str){ 0 };
	f.id_span = id->span;
	a->ir.region = text_field(ev, &f, "region", (struct mo_str){ 0 });
	a->ir.partition = text_field(ev, &f, "partition", MO_STR("aws"));
	a->ir.qualifier = text_field(ev, &f, "qualifier", usual); // of an unchanged CDK bootstrap
	a->ir.profile = text_field(ev, &f, "profile", (struct mo_str){ 0 });
	a->ir.deploy_role = text_field(ev, &f, "deploy_role", (struct mo_str){ 0 });
	a->ir.execution_role = text_field(ev, &f, "execution_role", (struct mo_str){ 0 });
	const struct mo_value *bootstrap = field(ev, &f, "bootstrap", mo_type_of_kind(MO_TYPE_BOOL));
	a->ir.bootstrap = bootstrap->kind != MO_VALUE_BOOL || bootstrap->boolean;
	ev->evaluator->own_bootstraps = ev->evaluator->own_bootstraps || !a->ir.bootstrap || !mo_str_eq(a->ir.qualifier, usual);
	read_lists(ev, &f, n->name.span);
	read_tags(ev, &f, n);
	check_identity(ev, &f);
	report_unknown_fields(ev, &f);
	struct mo_value *v = mo_value_new(ev->arena, MO_VALUE_ACCOUNT, n->name.span);
	v->account = &a->ir;
	v->labels = a->labels;
	return v;
}
