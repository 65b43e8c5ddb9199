// SPDX-License-Identifier: Apache-2.0
// Calls of built-ins: which argument is which, when arguments must be known, and the checker of each function.
#include "sema/check_builtin.h"

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- taking arguments ------------------------------------------------------------------------------------------------------------

static void
note_use(struct mo_diag *d, const struct mo_builtin *b)
{
	mo_diag_note(d, "`%s(%s)`: %s", b->name, b->parameters, b->gives);
}

static void
report_argument(struct mo_check *c, const struct mo_arguments_checked *a, struct mo_arg_node *arg, int index)
{
	struct mo_diag *d;
	if (index < 0) {
		struct mo_str name = mo_atom_str(c->ctx->atoms, arg->name.atom);
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->name.span, "`%s` has no parameter `" MO_STR_FMT "`", a->b->name, MO_STR_ARG(name));
	} else if (index < MO_MOST_ARGUMENTS && a->node[index]) {
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->node.span, "this parameter of `%s` is given twice", a->b->name);
	} else {
		d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, arg->node.span, "one argument too many for `%s`", a->b->name);
	}
	note_use(d, a->b);
}

static void
take_argument(struct mo_check *c, struct mo_arguments_checked *a, struct mo_node *item, uint32_t *position)
{
	if (item->kind == MO_SPREAD_NODE) {
		mo_check_unsupported(c, item->span, "`...` in the arguments of a function");
		a->failed = true;
		return;
	}
	struct mo_arg_node *arg = mo_as_arg(item);
	int index = arg->name.atom ? mo_builtin_parameter(a->b, mo_atom_str(c->ctx->atoms, arg->name.atom)) : (int)(*position)++;
	bool wrong = index < 0 || index >= MO_MOST_ARGUMENTS || (a->b->most != 255 && index >= a->b->most);
	if (wrong || a->node[index]) {
		report_argument(c, a, arg, index);
		a->failed = true;
		return;
	}
	a->node[index] = arg->value;
	a->count = (uint32_t)index + 1 > a->count ? (uint32_t)index + 1 : a->count;
}

static void
take_arguments(struct mo_check *c, struct mo_arguments_checked *a)
{
	struct mo_call_node *call = mo_as_call(a->call);
	uint32_t position = 0;
	for (uint32_t i = 0; i < call->args.len && !a->failed; i++) {
		take_argument(c, a, call->args.items[i], &position);
	}
	for (uint32_t i = 0; i < a->b->least && !a->failed; i++) {
		if (!a->node[i]) {
			struct mo_diag *d = mo_report(c->ctx->diags, MSG_WRONG_ARGUMENTS, call->callee->span, "`%s` needs %s%u argument%s", a->b->name,
				a->b->most > a->b->least ? "at least " : "", a->b->least, a->b->least == 1 ? "" : "s");
			note_use(d, a->b);
			a->failed = true;
		}
	}
}

static void
infer_arguments(struct mo_check *c, struct mo_arguments_checked *a)
{
	for (uint32_t i = 0; i < a->count; i++) {
		a->type[i] = a->node[i] ? mo_check_infer(c, a->node[i]) : NULL;
		a->failed |= a->type[i] && a->type[i]->kind == MO_TYPE_ERROR;
	}
}

// ---- what they must be -----------------------------------------------------------------------------------------------------------

static struct mo_str
parameter_name(const struct mo_arguments_checked *a, uint32_t index)
{
	struct mo_str rest = mo_str_c(a->b->parameters);
	for (;; index--) {
		ptrdiff_t comma = mo_str_find(rest, MO_STR(", "), 0);
		if (index == 0 || comma < 0) {
			return mo_str_sub(rest, 0, comma < 0 ? rest.len : (size_t)comma);
		}
		rest = mo_str_sub(rest, (size_t)comma + 2, rest.len);
	}
}

const struct mo_type *
mo_argument_fits(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i, const struct mo_type *type)
{
	struct mo_str outer = c->wanted_for;
	c->wanted_for = parameter_name(a, i);
	c->wanted_by = mo_str_c(a->b->name);
	if (a->node[i] && !a->failed && !mo_check_fit(c, a->node[i], a->type[i], type)) {
		a->failed = true;
	}
	c->wanted_for = outer;
	c->wanted_by = (struct mo_str){ 0 };
	return a->type[i];
}

bool
mo_argument_absent(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i, const char *instead)
{
	if (!mo_type_admits_none(a->type[i])) {
		return false;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_MAY_BE_NONE, a->node[i]->span, "`%s` wants a value here, and this may be none",
		a->b->name);
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(mo_type_text(c->ctx, a->type[i])));
	mo_diag_help(d, "give a value for that case: `" MO_STR_FMT " ?? %s`", MO_STR_ARG(mo_check_quote(c, a->node[i]->span, "x")), instead);
	a->failed = true;
	return true;
}

const struct mo_type *
mo_argument_list(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i)
{
	const struct mo_type *t = a->type[i];
	if (a->failed || t->kind == MO_TYPE_JSON) {
		return a->failed ? error_type() : t;
	}
	if (t->kind == MO_TYPE_LIST) {
		return mo_type_part(c->ctx, t, 0, t->element);
	}
	if (mo_argument_absent(c, a, i, "[]")) {
		return error_type();
	}
	struct mo_str source = mo_check_quote(c, a->node[i]->span, "xs");
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_NOT_A_LIST, a->node[i]->span, "`%s` wants a list here, not " MO_STR_FMT, a->b->name,
		MO_STR_ARG(mo_type_noun(c->ctx, t)));
	if (t->kind == MO_TYPE_FAMILY) {
		mo_diag_help(d, "a list of all its members: `" MO_STR_FMT "[*]`", MO_STR_ARG(source));
	}
	a->failed = true;
	return error_type();
}

const struct mo_type *
mo_argument_map(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i)
{
	const struct mo_type *t = a->type[i], *all = NULL;
	if (a->failed || t->kind == MO_TYPE_JSON) {
		return a->failed ? error_type() : t;
	}
	if (t->kind == MO_TYPE_MAP || (t->kind == MO_TYPE_FAMILY && t->dimensions == 1)) {
		return mo_type_part(c->ctx, t, 0, t->element);
	}
	for (uint32_t k = 0; t->kind == MO_TYPE_RECORD && k < t->fields.len; k++) {
		const struct mo_type *f = mo_type_part(c->ctx, t, t->fields.items[k].name, mo_type_present(t->fields.items[k].type));
		all = all ? mo_type_union(c->ctx, all, f) : f;
	}
	if (t->kind == MO_TYPE_RECORD || mo_argument_absent(c, a, i, "{}")) {
		return all ? all : error_type();
	}
	mo_report(c->ctx->diags, MSG_TYPE_MISMATCH, a->node[i]->span, "`%s` wants a map here, not " MO_STR_FMT, a->b->name,
		MO_STR_ARG(mo_type_noun(c->ctx, t)));
	a->failed = true;
	return error_type();
}

// ---- when they must be known -----------------------------------------------------------------------------------------------------

bool
mo_argument_known(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i)
{
	struct mo_str what = mo_str_printf(&c->ctx->session, "`" MO_STR_FMT "` of `%s`", MO_STR_ARG(parameter_name(a, i)), a->b->name);
	if (!a->failed && a->node[i] && !mo_check_known(c, a->type[i], false, a->node[i]->span, what.p)) {
		a->failed = true;
	}
	return !a->failed;
}

struct mo_time
mo_arguments_time(struct mo_check *c, struct mo_arguments_checked *a)
{
	struct mo_time time = MO_COMPILE_TIME;
	for (uint32_t i = 0; i < a->count; i++) {
		if (a->type[i]) {
			time = mo_time_join(c->ctx, time, mo_type_deep_time(c->ctx, a->type[i]));
		}
	}
	return time;
}

static void
report_cannot_compute(struct mo_check *c, struct mo_arguments_checked *a, uint32_t i, struct mo_time time)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_CANNOT_COMPUTE, a->node[i]->span, "CloudFormation cannot compute `%s`", a->b->name);
	mo_diag_here(d, "known only when CloudFormation runs");
	mo_check_label_deploy(d, time, a->node[i]->span);
	mo_diag_help(d, "use values that the program itself knows");
	a->failed = true;
}

const struct mo_type *
mo_known_result(struct mo_check *c, struct mo_arguments_checked *a, const struct mo_type *result)
{
	struct mo_str what = mo_str_printf(&c->ctx->session, "`%s`, which only the compiler can compute", a->b->name);
	for (uint32_t i = 0; i < a->count && !a->failed; i++) {
		struct mo_time time = a->type[i] ? mo_type_deep_time(c->ctx, a->type[i]) : MO_COMPILE_TIME;
		if (time.deploy) {
			report_cannot_compute(c, a, i, time);
		} else if (a->type[i]) {
			mo_check_known(c, a->type[i], true, a->node[i]->span, what.p);
		}
	}
	return a->failed ? error_type() : mo_type_at(c->ctx, result, mo_arguments_time(c, a));
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
check_file(struct mo_check *c, struct mo_arguments_checked *a)
{
	const struct mo_type *path = mo_argument_fits(c, a, 0, mo_type_of_kind(MO_TYPE_STRING));
	if (a->failed || !mo_check_known(c, path, true, a->node[0]->span, "the name of a file")) {
		return error_type();
	}
	return mo_check_file(c, a->call, a->b->kind, a->node[0], a->wanted);
}

// Ref and Condition: the text is known, what stands behind it is not.
static const struct mo_type *
check_logical_id(struct mo_check *c, struct mo_arguments_checked *a)
{
	const struct mo_type *text = mo_argument_fits(c, a, 0, mo_type_of_kind(MO_TYPE_STRING));
	if (a->failed || !mo_check_known(c, text, true, a->node[0]->span, "a logical ID")) {
		return error_type();
	}
	struct mo_time deploy = { .deploy = true, .deploy_at = a->call->span };
	return mo_type_at(c->ctx, mo_type_of_kind(a->b->kind == MO_BUILTIN_REF ? MO_TYPE_ANY : MO_TYPE_BOOL), deploy);
}

static mo_builtin_checker *const checkers[MO_BUILTIN_KINDS] = {
	[MO_BUILTIN_LENGTH] = mo_check_length,
	[MO_BUILTIN_CONTAINS] = mo_check_search, [MO_BUILTIN_INDEX] = mo_check_search,
	[MO_BUILTIN_KEYS] = mo_check_of_maps, [MO_BUILTIN_VALUES] = mo_check_of_maps, [MO_BUILTIN_ENTRIES] = mo_check_of_maps,
	[MO_BUILTIN_FLATTEN] = mo_check_of_lists, [MO_BUILTIN_DISTINCT] = mo_check_of_lists, [MO_BUILTIN_SORT] = mo_check_of_lists,
	[MO_BUILTIN_REVERSE] = mo_check_of_lists, [MO_BUILTIN_SUM] = mo_check_of_lists, [MO_BUILTIN_MIN] = mo_check_of_lists,
	[MO_BUILTIN_MAX] = mo_check_of_lists, [MO_BUILTIN_ALL] = mo_check_of_lists, [MO_BUILTIN_ANY] = mo_check_of_lists,
	[MO_BUILTIN_ZIP] = mo_check_zip, [MO_BUILTIN_SLICE] = mo_check_slice, [MO_BUILTIN_MERGE] = mo_check_merge,
	[MO_BUILTIN_JOIN] = mo_check_deployable_text, [MO_BUILTIN_SPLIT] = mo_check_deployable_text,
	[MO_BUILTIN_FILL] = mo_check_deployable_text, [MO_BUILTIN_BASE64] = mo_check_deployable_text,
	[MO_BUILTIN_TO_JSON] = mo_check_deployable_text, [MO_BUILTIN_TO_YAML] = mo_check_deployable_text,
	[MO_BUILTIN_REPLACE] = mo_check_text, [MO_BUILTIN_LOWER] = mo_check_text, [MO_BUILTIN_UPPER] = mo_check_text,
	[MO_BUILTIN_TRIM] = mo_check_text, [MO_BUILTIN_STARTS_WITH] = mo_check_text, [MO_BUILTIN_ENDS_WITH] = mo_check_text,
	[MO_BUILTIN_MATCHES] = mo_check_text, [MO_BUILTIN_PAD] = mo_check_text, [MO_BUILTIN_DIV] = mo_check_text, [MO_BUILTIN_TO_INT] = mo_check_text,
	[MO_BUILTIN_SHA256] = mo_check_text,
	[MO_BUILTIN_CIDR_SUBNETS] = mo_check_network, [MO_BUILTIN_CIDR_CONTAINS] = mo_check_network,
	[MO_BUILTIN_CIDR_OVERLAPS] = mo_check_network, [MO_BUILTIN_CIDR_PLAN] = mo_check_network,
	[MO_BUILTIN_SSM] = mo_check_stored, [MO_BUILTIN_SECRET] = mo_check_stored,
	[MO_BUILTIN_ORG_UNIT] = mo_check_org_unit, [MO_BUILTIN_TEMPLATE_PARAMETERS] = mo_check_template_parameters,
	[MO_BUILTIN_REF] = check_logical_id, [MO_BUILTIN_CONDITION] = check_logical_id,
	[MO_BUILTIN_SERVICE] = mo_check_principal, [MO_BUILTIN_ORG] = mo_check_principal, [MO_BUILTIN_ORG_PATH] = mo_check_principal,
	[MO_BUILTIN_FEDERATED] = mo_check_principal,
	[MO_BUILTIN_ACCOUNT_REF] = mo_check_account_ref, [MO_BUILTIN_TEMPLATE_URL] = mo_check_template_url,
	[MO_BUILTIN_PROJECT_FILE] = mo_check_project_file, [MO_BUILTIN_TEMPLATE_VERSIONS] = mo_check_template_versions, [MO_BUILTIN_WAVES] = mo_check_waves,
	[MO_BUILTIN_YAML] = check_file, [MO_BUILTIN_JSON] = check_file, [MO_BUILTIN_TEXT] = check_file, [MO_BUILTIN_GLOB] = check_file,
	[MO_BUILTIN_ASSET] = mo_check_asset, [MO_BUILTIN_IMAGE] = mo_check_asset, [MO_BUILTIN_ARN_OF] = mo_check_arn_of,
};

const struct mo_type *
mo_check_builtin(struct mo_check *c, struct mo_node *n, const struct mo_builtin *b, const struct mo_type *want)
{
	struct mo_arguments_checked a = { .call = n, .b = b, .wanted = want };
	take_arguments(c, &a);
	if (!a.failed) {
		infer_arguments(c, &a);
	}
	return a.failed ? error_type() : checkers[b->kind](c, &a);
}
