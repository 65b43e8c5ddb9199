// SPDX-License-Identifier: Apache-2.0
// Written types: from syntax to types. A component's name as a type is the record of what can be read from its instances.
#include "sema/check.h"

#include "base/regex.h"
#include "sema/param_type.h"
#include "sema/type_names.h"

struct maker {
	struct mo_program *p;
	struct mo_ctx *ctx;
	uint32_t depth;
	bool param; // of a `param`
};

enum { TYPE_EXPR_DEPTH = 100 };

static const struct mo_type *make(struct maker *m, struct mo_node *n);

static const struct mo_type *
error_type(void)
{
	return mo_type_of_kind(MO_TYPE_ERROR);
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
string_with(struct maker *m, enum mo_string_role role)
{
	struct mo_type *t = mo_type_new(m->ctx, MO_TYPE_STRING);
	t->role = role;
	return t;
}

// One statement of an IAM policy document.
static const struct mo_type *
statement_type(struct maker *m)
{
	const struct mo_type *string = mo_type_of_kind(MO_TYPE_STRING), *json = mo_type_of_kind(MO_TYPE_JSON);
	const struct mo_type *one_or_more = mo_type_union(m->ctx, string, mo_type_list(m->ctx, string));
	struct mo_type *t = mo_type_new(m->ctx, MO_TYPE_RECORD);
	t->name = mo_atom_of(m->ctx->atoms, MO_STR("Statement"));
	mo_type_add_field(m->ctx, t, "Sid", string, true);
	mo_type_add_field(m->ctx, t, "Effect", mo_type_union(m->ctx, mo_type_literal(m->ctx, MO_STR("Allow")), mo_type_literal(m->ctx, MO_STR("Deny"))), false);
	mo_type_add_field(m->ctx, t, "Principal", json, true);
	mo_type_add_field(m->ctx, t, "NotPrincipal", json, true);
	mo_type_add_field(m->ctx, t, "Action", one_or_more, true);
	mo_type_add_field(m->ctx, t, "NotAction", one_or_more, true);
	mo_type_add_field(m->ctx, t, "Resource", one_or_more, true);
	mo_type_add_field(m->ctx, t, "NotResource", one_or_more, true);
	mo_type_add_field(m->ctx, t, "Condition", json, true);
	return t;
}

static const struct mo_type *
policy_type(struct maker *m)
{
	struct mo_type *t = mo_type_new(m->ctx, MO_TYPE_RECORD);
	t->name = mo_atom_of(m->ctx->atoms, MO_STR("Policy"));
	mo_type_add_field(m->ctx, t, "Version", mo_type_of_kind(MO_TYPE_STRING), true);
	mo_type_add_field(m->ctx, t, "Id", mo_type_of_kind(MO_TYPE_STRING), true);
	mo_type_add_field(m->ctx, t, "Statement", mo_type_list(m->ctx, statement_type(m)), false);
	return t;
}

static const struct mo_type *
named_type(struct maker *m, struct mo_node *n, enum mo_type_name name)
{
	switch (name) {
	case MO_NAME_BOOL: return mo_type_of_kind(MO_TYPE_BOOL);
	case MO_NAME_INT: return mo_type_of_kind(MO_TYPE_INT);
	case MO_NAME_FLOAT: return mo_type_of_kind(MO_TYPE_FLOAT);
	case MO_NAME_STRING: return mo_type_of_kind(MO_TYPE_STRING);
	case MO_NAME_CIDR: return mo_type_of_kind(MO_TYPE_CIDR);
	case MO_NAME_DURATION: return mo_type_of_kind(MO_TYPE_DURATION);
	case MO_NAME_SIZE: return mo_type_of_kind(MO_TYPE_SIZE);
	case MO_NAME_JSON: return mo_type_of_kind(MO_TYPE_JSON);
	case MO_NAME_ACCOUNT: return mo_type_of_kind(MO_TYPE_ACCOUNT);
	case MO_NAME_TARGET: return mo_type_of_kind(MO_TYPE_TARGET);
	case MO_NAME_STACK: return mo_type_of_kind(MO_TYPE_STACK);
	case MO_NAME_ACCOUNT_ID: return string_with(m, MO_STRING_ACCOUNT_ID);
	case MO_NAME_REGION: return string_with(m, MO_STRING_REGION);
	case MO_NAME_ARN: return string_with(m, MO_STRING_ARN);
	case MO_NAME_STATEMENT: return statement_type(m);
	case MO_NAME_POLICY: return policy_type(m);
	case MO_NAME_TEMPLATE: return mo_type_of_kind(MO_TYPE_TEMPLATE);
	case MO_NAME_ASSET: return mo_type_asset(m->ctx, MO_COMPILE_TIME);
	case MO_NAME_REF:
	case MO_NAME_MAP:
	case MO_NAME_SSM:
	case MO_NOT_A_TYPE_NAME:
		break;
	}
	bool map = name == MO_NAME_MAP, ssm = name == MO_NAME_SSM;
	struct mo_diag *d = mo_report(m->ctx->diags, MSG_BAD_TYPE, n->span, "`%s` wants types in `<…>`", map ? "Map" : ssm ? "Ssm" : "Ref");
	mo_diag_help(d, map ? "`Map<String, T>`" : ssm ? "`Ssm<String>`" : "`Ref<AWS::EC2::VPC>`");
	return error_type();
}

// AWS::S3::Bucket (the resource) or AWS::S3::Bucket.Rule (a property type).
static const struct mo_type *
catalog_type(struct maker *m, struct mo_type_path_node *t, struct mo_str name)
{
	mo_cat r = mo_cat_find_resource(name);
	const struct mo_param_type *row = r || t->members.len ? NULL : mo_param_type_named(name);
	if (row) {
		return mo_param_type_make(m->ctx, row);
	}
	if (!r) {
		struct mo_check c = { .program = m->p, .ctx = m->ctx };
		if (mo_check_schema(&c, name)) {
			return mo_type_resource(m->ctx, name);
		}
		mo_check_unknown_type(&c, name, t->name.span);
		return error_type();
	}
	struct mo_str official = mo_cat_resource(r).name;
	if (!t->members.len) {
		return mo_type_resource(m->ctx, official);
	}
	struct mo_name part = mo_as_name_ref(t->members.items[0])->name;
	mo_cat structure = mo_cat_find_structure(r, mo_atom_str(m->ctx->atoms, part.atom));
	if (!structure || t->members.len > 1) {
		mo_report(m->ctx->diags, MSG_BAD_TYPE, part.span, "`" MO_STR_FMT "` has no property type `" MO_STR_FMT "`", MO_STR_ARG(official),
			MO_STR_ARG(mo_atom_str(m->ctx->atoms, part.atom)));
		return error_type();
	}
	return mo_type_of_structure(m->ctx, official, structure);
}

static const struct mo_type *
declared_type(struct maker *m, struct mo_node *n, struct mo_symbol *s)
{
	struct mo_check c = { .program = m->p, .ctx = m->ctx, .module = s->module, .body = s->module ? s->module->scope : NULL };
	if (s->kind == MO_SYM_COMPONENT) {
		return mo_type_of_component(&c, s);
	}
	if (s->kind == MO_SYM_CUSTOM) {
		return mo_type_resource(m->ctx, mo_atom_str(m->ctx->atoms, s->name));
	}
	return mo_check_symbol(&c, s, n->span);
}

static const struct mo_type *
make_path(struct maker *m, struct mo_node *n)
{
	struct mo_type_path_node *t = mo_as_type_path(n);
	struct mo_str name = mo_atom_str(m->ctx->atoms, t->name.atom);
	if (n->symbol) {
		return declared_type(m, n, n->symbol);
	}
	if (mo_str_find(name, MO_STR("::"), 0) >= 0) {
		return catalog_type(m, t, name);
	}
	enum mo_type_name builtin = mo_builtin_type(name);
	return builtin == MO_NOT_A_TYPE_NAME ? error_type() : named_type(m, n, builtin); // unknown ones are reported
}

// ---- refinements -----------------------------------------------------------------------------------------------------------------

static bool
constant_int(struct mo_node *n, int64_t *out)
{
	if (n->kind == MO_INT_NODE) {
		*out = mo_as_int_lit(n)->value;
		return true;
	}
	if (n->kind == MO_UNARY_NODE && mo_as_unary(n)->op == MO_OP_NEG && constant_int(mo_as_unary(n)->operand, out)) {
		*out = -*out;
		return true;
	}
	return false;
}

static bool
constant_text(struct mo_node *n, struct mo_str *out)
{
	*out = (struct mo_str){ 0 };
	if (n->kind != MO_STRING_NODE) {
		return false;
	}
	mo_nodes parts = mo_as_string_lit(n)->parts;
	if (parts.len == 1 && parts.items[0]->kind == MO_TEXT_NODE) {
		*out = mo_as_text(parts.items[0])->text;
	}
	return parts.len == 0 || out->p;
}

static bool
check_regex(struct maker *m, struct mo_str pattern, struct mo_node *arg)
{
	struct mo_str why = { 0 };
	if (mo_regex_valid(m->ctx, pattern, &why)) {
		return true;
	}
	struct mo_diag *d = mo_report(m->ctx->diags, MSG_BAD_TYPE, arg->span, "this pattern cannot be used");
	mo_diag_here(d, MO_STR_FMT, MO_STR_ARG(why));
	mo_diag_note(d, "patterns are POSIX extended regular expressions");
	return false;
}

static bool
refine(struct maker *m, struct mo_type *t, struct mo_node *arg)
{
	struct mo_binary_node *range = arg->kind == MO_BINARY_NODE ? mo_as_binary(arg) : NULL;
	if (range && (range->op == MO_OP_RANGE || range->op == MO_OP_RANGE_LT) && constant_int(range->left, &t->min)
		&& constant_int(range->right, &t->max)) {
		t->max -= range->op == MO_OP_RANGE_LT;
		t->bounded = true;
		if (t->min <= t->max && (t->kind == MO_TYPE_INT || t->min >= 0)) {
			return true;
		}
		mo_report(m->ctx->diags, MSG_BAD_TYPE, arg->span, "the bounds %lld..%lld admit nothing", (long long)t->min, (long long)t->max);
		return false;
	}
	if (constant_int(arg, &t->min)) {
		t->max = t->min;
		t->bounded = true;
		return true;
	}
	if (t->kind == MO_TYPE_STRING && constant_text(arg, &t->pattern)) {
		return check_regex(m, t->pattern, arg);
	}
	struct mo_diag *d = mo_report(m->ctx->diags, MSG_BAD_TYPE, arg->span, "a bound is a number or a range of numbers%s",
		t->kind == MO_TYPE_STRING ? ", and a pattern a text" : "");
	mo_diag_help(d, t->kind == MO_TYPE_STRING ? "`String(1..63, '^[a-z]+$')`" : "`Int(1..6)`");
	return false;
}

static const struct mo_type *
make_refined(struct maker *m, struct mo_node *n)
{
	struct mo_type_refined_node *r = mo_as_type_refined(n);
	const struct mo_type *base = make(m, r->base);
	if (base->kind == MO_TYPE_ERROR) {
		return base;
	}
	if (base->kind != MO_TYPE_INT && base->kind != MO_TYPE_STRING) {
		mo_report(m->ctx->diags, MSG_BAD_TYPE, n->span, "only Int and String take bounds, not " MO_STR_FMT, MO_STR_ARG(mo_type_text(m->ctx, base)));
		return error_type();
	}
	struct mo_type *t = mo_type_new(m->ctx, base->kind);
	for (uint32_t i = 0; i < r->args.len; i++) {
		if (!refine(m, t, r->args.items[i])) {
			return error_type();
		}
	}
	return t;
}

// ---- Ref<T>, Arn<T>, Map<K, V> ---------------------------------------------------------------------------------------------------

static const struct mo_type *
make_reference(struct maker *m, struct mo_node *n, struct mo_node *arg, bool arn)
{
	const struct mo_type *of = make(m, arg);
	if (of->kind == MO_TYPE_ERROR) {
		return of;
	}
	if (of->kind != MO_TYPE_RESOURCE) {
		mo_report(m->ctx->diags, MSG_BAD_TYPE, arg->span, "%s wants a resource type, such as AWS::EC2::VPC", arn ? "Arn<…>" : "Ref<…>");
		return error_type();
	}
	mo_cat r = mo_cat_find_resource(of->resource_type);
	struct mo_type *t = mo_type_new(m->ctx, MO_TYPE_STRING);
	struct mo_string_target g = { .type = of->resource_type, .attribute = r ? mo_cat_resource(r).ref : MO_STR(""), .is_ref = true };
	if (arn) {
		t->role = MO_STRING_ARN;
		bool ref_is_arn = mo_str_ends(g.attribute, MO_STR("Arn"));
		if (!ref_is_arn) {
			g.attribute = MO_STR("Arn");
			g.is_ref = false;
		}
	}
	(void)n;
	mo_push(&m->ctx->session, &t->targets, g);
	return t;
}

// The name of a parameter of Systems Manager, and what CloudFormation finds under it.
static const struct mo_type *
make_stored(struct maker *m, struct mo_node *n, struct mo_node *arg)
{
	const struct mo_type *of = make(m, arg);
	bool itself = m->depth <= 2; // Ssm<T>, or Ssm<T>? which is refused as a whole
	if (of->kind == MO_TYPE_ERROR) {
		return of;
	}
	if (!m->param || !itself || of->stored) {
		struct mo_diag *d = mo_report(m->ctx->diags, MSG_BAD_TYPE, n->span, "`Ssm<…>` is the type of a parameter as a whole");
		mo_diag_help(d, "`param name: Ssm<String> = \"/path/of/it\"`; its value is a String then");
		return error_type();
	}
	struct mo_type *t = mo_type_new(m->ctx, MO_TYPE_STRING);
	t->stored = of;
	t->pattern = MO_STR("[A-Za-z0-9_./-]+");
	return t;
}

static const struct mo_type *
make_generic(struct maker *m, struct mo_node *n)
{
	struct mo_type_generic_node *g = mo_as_type_generic(n);
	struct mo_type_path_node *base = g->base && g->base->kind == MO_TYPE_PATH_NODE ? mo_as_type_path(g->base) : NULL;
	enum mo_type_name name = base ? mo_builtin_type(mo_atom_str(m->ctx->atoms, base->name.atom)) : MO_NOT_A_TYPE_NAME;
	if ((name == MO_NAME_REF || name == MO_NAME_ARN) && g->args.len == 1) {
		return make_reference(m, n, g->args.items[0], name == MO_NAME_ARN);
	}
	if (name == MO_NAME_MAP && g->args.len == 2) {
		const struct mo_type *key = make(m, g->args.items[0]), *value = make(m, g->args.items[1]);
		if (key->kind != MO_TYPE_STRING && key->kind != MO_TYPE_ERROR) {
			mo_report(m->ctx->diags, MSG_BAD_TYPE, g->args.items[0]->span, "the keys of a map are Strings");
			return error_type();
		}
		return mo_type_map(m->ctx, value);
	}
	if (name == MO_NAME_SSM && g->args.len == 1) {
		return make_stored(m, n, g->args.items[0]);
	}
	if (name == MO_NOT_A_TYPE_NAME && base && !g->base->symbol) {
		return error_type(); // unknown, which is reported
	}
	struct mo_diag *d = mo_report(m->ctx->diags, MSG_BAD_TYPE, n->span, "this type takes no types in `<…>`, or not as many");
	mo_diag_note(d, "those that do: `Ref<T>`, `Arn<T>`, `Map<String, T>`, `Ssm<T>`");
	return error_type();
}

// ---- the rest --------------------------------------------------------------------------------------------------------------------

static const struct mo_type *
make_record(struct maker *m, struct mo_node *n)
{
	struct mo_type_record_node *r = mo_as_type_record(n);
	struct mo_type *record = mo_type_new(m->ctx, MO_TYPE_RECORD);
	for (uint32_t i = 0; i < r->fields.len; i++) {
		struct mo_type_field_node *f = mo_as_type_field(r->fields.items[i]);
		if (mo_type_field(record, f->name.atom)) {
			struct mo_diag *d = mo_report(m->ctx->diags, MSG_DUPLICATE_FIELD, f->name.span, "the field `" MO_STR_FMT "` is declared twice",
				MO_STR_ARG(mo_atom_str(m->ctx->atoms, f->name.atom)));
			mo_diag_label(d, mo_type_field(record, f->name.atom)->span, "declared here first");
			continue;
		}
		const struct mo_type *type = f->type_expr ? make(m, f->type_expr) : error_type();
		struct mo_field field = { f->name.atom, f->name.span, type, f->optional, f->value };
		if (f->value) {
			struct mo_check c = { .program = m->p, .ctx = m->ctx };
			const struct mo_type *t = mo_check_for(&c, f->value, type, mo_atom_str(m->ctx->atoms, f->name.atom));
			mo_check_known(&c, t, true, f->value->span, "the default of a field");
		}
		mo_push(&m->ctx->session, &record->fields, field);
	}
	return record;
}

static const struct mo_type *
make_literal(struct maker *m, struct mo_node *n)
{
	struct mo_node *v = mo_as_type_literal(n)->value;
	struct mo_str text;
	int64_t number;
	if (constant_text(v, &text)) {
		return mo_type_literal(m->ctx, text);
	}
	if (constant_int(v, &number)) {
		struct mo_type *t = mo_type_new(m->ctx, MO_TYPE_INT);
		t->is_literal = true;
		t->min = t->max = number;
		return t;
	}
	mo_report(m->ctx->diags, MSG_BAD_TYPE, v->span, "a literal type is a plain text or a whole number");
	return error_type();
}

static const struct mo_type *
make_union(struct maker *m, struct mo_node *n)
{
	mo_nodes alternatives = mo_as_type_union(n)->alternatives;
	struct mo_type *u = mo_type_new(m->ctx, MO_TYPE_UNION);
	bool optional = false;
	for (uint32_t i = 0; i < alternatives.len; i++) {
		const struct mo_type *a = make(m, alternatives.items[i]);
		if (a->kind == MO_TYPE_ERROR) {
			return a;
		}
		optional |= mo_type_admits_none(a);
		const struct mo_type *p = mo_type_present(a);
		if (p->kind == MO_TYPE_UNION) {
			for (uint32_t k = 0; k < p->alternatives.len; k++) {
				mo_push(&m->ctx->session, &u->alternatives, p->alternatives.items[k]);
			}
		} else if (p->kind != MO_TYPE_NONE) {
			mo_push(&m->ctx->session, &u->alternatives, p);
		}
	}
	const struct mo_type *t = u->alternatives.len == 1 ? u->alternatives.items[0] : u;
	return optional ? mo_type_optional(m->ctx, t) : t;
}

static const struct mo_type *
make(struct maker *m, struct mo_node *n)
{
	if (!n) {
		return error_type();
	}
	if (n->type) {
		return n->type;
	}
	if (m->depth >= TYPE_EXPR_DEPTH) {
		mo_report(m->ctx->diags, MSG_LIMIT_REACHED, n->span, "types are nested deeper than %d", TYPE_EXPR_DEPTH);
		return error_type();
	}
	m->depth++;
	const struct mo_type *t = error_type();
	switch (n->kind) {
	case MO_TYPE_PATH_NODE: t = make_path(m, n); break;
	case MO_TYPE_REFINED_NODE: t = make_refined(m, n); break;
	case MO_TYPE_GENERIC_NODE: t = make_generic(m, n); break;
	case MO_TYPE_LIST_NODE: t = mo_type_list(m->ctx, make(m, mo_as_type_list(n)->element)); break;
	case MO_TYPE_RECORD_NODE: t = make_record(m, n); break;
	case MO_TYPE_LITERAL_NODE: t = make_literal(m, n); break;
	case MO_TYPE_UNION_NODE: t = make_union(m, n); break;
	case MO_TYPE_OPTIONAL_NODE: t = mo_type_optional(m->ctx, make(m, mo_as_type_optional(n)->base)); break;
	case MO_TYPE_NONE_NODE: t = mo_type_of_kind(MO_TYPE_NONE); break;
	default: break;
	}
	m->depth--;
	n->type = t;
	return t;
}

const struct mo_type *
mo_type_of_node(struct mo_program *p, struct mo_node *type_expr)
{
	struct maker m = { .p = p, .ctx = p->ctx };
	return make(&m, type_expr);
}

const struct mo_type *
mo_type_of_param_node(struct mo_program *p, struct mo_node *type_expr)
{
	struct maker m = { .p = p, .ctx = p->ctx, .param = true };
	return make(&m, type_expr);
}
