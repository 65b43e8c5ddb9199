// SPDX-License-Identifier: Apache-2.0
// Whether a type fits where another is wanted, why not, and how to say so. What is only known to be possible (a String where some of
// its values are wanted) fits here, and is verified on the value.
#include "catalog/names.h"
#include "sema/check.h"

#include "base/regex.h"

enum {
	FIT_DEPTH = 32,
	MOST_STEPS = 10000000, // of one comparison; unions in unions can multiply. Values are compared again when they are there
};

static struct mo_fit fit(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth);

static struct mo_fit
fits(void)
{
	return (struct mo_fit){ .misfit = MO_FITS };
}

static struct mo_fit
misfit(enum mo_misfit why, const struct mo_type *from, const struct mo_type *to)
{
	return (struct mo_fit){ .misfit = why, .from = from, .to = to };
}

static struct mo_fit
inside_element(struct mo_check *c, struct mo_fit f)
{
	if (f.misfit != MO_FITS) {
		f.path = mo_str_printf(&c->ctx->session, "[*]" MO_STR_FMT, MO_STR_ARG(f.path));
	}
	return f;
}

static struct mo_fit
inside_field(struct mo_check *c, struct mo_fit f, struct mo_str name)
{
	if (f.misfit != MO_FITS) {
		f.path = mo_str_printf(&c->ctx->session, "." MO_STR_FMT MO_STR_FMT, MO_STR_ARG(name), MO_STR_ARG(f.path));
	}
	return f;
}

// ---- strings ---------------------------------------------------------------------------------------------------------------------

// "eu-west-1": words of letters with hyphens between them, and a number at the end.
static bool
is_region(struct mo_str s)
{
	size_t words = 1, start = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '-' && i > start) {
			words++;
			start = i + 1;
		} else if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9')) {
			return false;
		}
	}
	return words >= 3 && s.len > start && s.p[s.len - 1] >= '0' && s.p[s.len - 1] <= '9';
}

static struct mo_fit
fit_literal(struct mo_check *c, const struct mo_type *from, const struct mo_type *to)
{
	struct mo_str text = from->literal;
	if (to->is_literal) {
		return mo_str_eq(text, to->literal) ? fits() : misfit(MO_MISFIT_ALLOWED, from, to);
	}
	if (to->bounded) {
		int64_t n = (int64_t)mo_str_columns(text);
		if (n < to->min || n > to->max) {
			return misfit(MO_MISFIT_RANGE, from, to);
		}
	}
	if (to->role == MO_STRING_ACCOUNT_ID && !mo_is_account_id(text)) {
		return misfit(MO_MISFIT_PATTERN, from, to);
	}
	if (to->role == MO_STRING_REGION && !is_region(text)) {
		return misfit(MO_MISFIT_PATTERN, from, to);
	}
	if (to->role == MO_STRING_ARN && !mo_str_starts(text, MO_STR("arn:"))) {
		return misfit(MO_MISFIT_PATTERN, from, to);
	}
	if (to->pattern.len && !mo_regex_matches(c->ctx, to->pattern, text)) {
		return misfit(MO_MISFIT_PATTERN, from, to);
	}
	return fits();
}

static bool
target_is_wanted(const struct mo_string_target *have, const struct mo_type *to)
{
	for (uint32_t i = 0; i < to->targets.len; i++) {
		const struct mo_string_target *want = &to->targets.items[i];
		bool attribute = !want->attribute.len || !have->attribute.len || mo_str_eq(want->attribute, have->attribute);
		if (mo_str_eq(want->type, have->type) && attribute) {
			return true;
		}
	}
	return false;
}

static struct mo_fit
fit_strings(struct mo_check *c, const struct mo_type *from, const struct mo_type *to)
{
	if (from->is_literal) {
		return fit_literal(c, from, to);
	}
	for (uint32_t i = 0; to->targets.len && !to->open_targets && i < from->targets.len; i++) {
		if (!target_is_wanted(&from->targets.items[i], to)) {
			return misfit(MO_MISFIT_REFERENCE, from, to);
		}
	}
	if (to->role == MO_STRING_ACCOUNT_ID && from->targets.len) {
		return misfit(MO_MISFIT_TYPE, from, to);
	}
	if (from->bounded && to->bounded && (from->min > to->max || from->max < to->min)) {
		return misfit(MO_MISFIT_RANGE, from, to);
	}
	return fits();
}

static struct mo_fit
fit_resource_to_string(const struct mo_type *from, const struct mo_type *to)
{
	if (!to->targets.len) {
		return misfit(MO_MISFIT_BARE, from, to);
	}
	if (!from->resource_type.len) {
		return fits(); // any resource: which one is known on the value
	}
	for (uint32_t i = 0; i < to->targets.len; i++) {
		if (mo_str_eq(to->targets.items[i].type, from->resource_type)) {
			return fits();
		}
	}
	return misfit(to->open_targets ? MO_MISFIT_BARE : MO_MISFIT_REFERENCE, from, to);
}

static struct mo_fit
fit_string(struct mo_check *c, const struct mo_type *from, const struct mo_type *to)
{
	switch (from->kind) {
	case MO_TYPE_STRING:
		return fit_strings(c, from, to);
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
	case MO_TYPE_BOOL:
		if (from->loose) {
			return fits();
		}
		if (from->kind == MO_TYPE_INT && !to->targets.len && !to->is_literal && to->role == MO_STRING_TEXT) {
			return fits();
		}
		return misfit(MO_MISFIT_TYPE, from, to);
	case MO_TYPE_CIDR:
		return to->targets.len || to->is_literal || to->role != MO_STRING_TEXT ? misfit(MO_MISFIT_TYPE, from, to) : fits();
	case MO_TYPE_RESOURCE:
		return fit_resource_to_string(from, to);
	case MO_TYPE_JSON:
		return fits();
	default:
		return misfit(MO_MISFIT_TYPE, from, to);
	}
}

// ---- numbers ---------------------------------------------------------------------------------------------------------------------

static struct mo_fit
fit_number(const struct mo_type *from, const struct mo_type *to)
{
	if (from->kind == MO_TYPE_JSON) {
		return fits();
	}
	if (to->unit.len && (from->kind == MO_TYPE_DURATION || from->kind == MO_TYPE_SIZE)) {
		bool bytes = mo_str_ends(to->unit, MO_STR("B"));
		return bytes == (from->kind == MO_TYPE_SIZE) ? fits() : misfit(MO_MISFIT_TYPE, from, to);
	}
	if (from->kind == MO_TYPE_FLOAT && to->kind == MO_TYPE_FLOAT) {
		return fits();
	}
	if (from->kind != MO_TYPE_INT) {
		return misfit(MO_MISFIT_TYPE, from, to);
	}
	bool both = to->kind == MO_TYPE_INT && (to->bounded || to->is_literal) && (from->bounded || from->is_literal);
	if (both) {
		int64_t least = from->min, most = from->is_literal ? from->min : from->max;
		int64_t low = to->min, high = to->is_literal ? to->min : to->max;
		if (most < low || least > high) {
			return misfit(to->is_literal ? MO_MISFIT_ALLOWED : MO_MISFIT_RANGE, from, to);
		}
	}
	return fits();
}

// ---- collections -----------------------------------------------------------------------------------------------------------------

static struct mo_fit
fit_list(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	if (from->kind == MO_TYPE_JSON) {
		return fits();
	}
	if (from->kind != MO_TYPE_LIST) {
		return misfit(MO_MISFIT_TYPE, from, to);
	}
	return inside_element(c, fit(c, from->element, to->element, depth + 1));
}

static struct mo_fit
fit_map(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	if (from->kind == MO_TYPE_JSON) {
		return fits();
	}
	if (from->kind == MO_TYPE_MAP || (from->kind == MO_TYPE_FAMILY && from->dimensions == 1)) {
		return inside_element(c, fit(c, from->element, to->element, depth + 1));
	}
	if (from->kind != MO_TYPE_RECORD) {
		return misfit(MO_MISFIT_TYPE, from, to);
	}
	for (uint32_t i = 0; i < from->fields.len; i++) {
		const struct mo_field *f = &from->fields.items[i];
		struct mo_fit r = fit(c, mo_type_present(f->type), to->element, depth + 1);
		if (r.misfit != MO_FITS) {
			return inside_field(c, r, mo_atom_str(c->ctx->atoms, f->name));
		}
	}
	return fits();
}

// A record is met by anything whose readable names include its fields.
static struct mo_fit
fit_record(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	if (from->kind == MO_TYPE_JSON) {
		return fits();
	}
	bool readable = from->kind == MO_TYPE_RECORD || from->kind == MO_TYPE_INSTANCE || from->kind == MO_TYPE_STRUCT
		|| from->kind == MO_TYPE_RESOURCE || from->kind == MO_TYPE_ACCOUNT || from->kind == MO_TYPE_TARGET || from->kind == MO_TYPE_MAP;
	if (!readable) {
		return misfit(MO_MISFIT_TYPE, from, to);
	}
	for (uint32_t i = 0; i < to->fields.len; i++) {
		const struct mo_field *want = &to->fields.items[i];
		const struct mo_type *have = mo_check_find_member(c, from, want->name);
		bool may_be_absent = want->optional || want->value;
		if (!have && may_be_absent) {
			continue;
		}
		if (!have) {
			struct mo_fit r = misfit(MO_MISFIT_MISSING, from, to);
			return inside_field(c, r, mo_atom_str(c->ctx->atoms, want->name));
		}
		if (may_be_absent) {
			have = mo_type_present(have);
		}
		struct mo_fit r = fit(c, have, want->type, depth + 1);
		if (r.misfit != MO_FITS) {
			return inside_field(c, r, mo_atom_str(c->ctx->atoms, want->name));
		}
	}
	return fits();
}

static struct mo_fit
missing_property(struct mo_check *c, const struct mo_type *from, const struct mo_type *to)
{
	for (uint32_t i = 0; i < mo_cat_property_count(to->catalog); i++) {
		struct mo_cat_property p = mo_cat_property(mo_cat_property_at(to->catalog, i));
		mo_atom name = mo_atom_find(c->ctx->atoms, p.name);
		const struct mo_field *f = name ? mo_type_field(from, name) : NULL;
		if (p.required && !f) {
			return inside_field(c, misfit(MO_MISFIT_MISSING, from, to), p.name);
		}
	}
	return fits();
}

static struct mo_fit
fit_struct(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	if (from->kind == MO_TYPE_JSON || (from->kind == MO_TYPE_STRUCT && from->catalog == to->catalog)) {
		return fits();
	}
	if (from->kind != MO_TYPE_RECORD) {
		return misfit(MO_MISFIT_TYPE, from, to);
	}
	for (uint32_t i = 0; i < from->fields.len; i++) {
		const struct mo_field *f = &from->fields.items[i];
		struct mo_str name = mo_atom_str(c->ctx->atoms, f->name);
		mo_cat p = mo_cat_find_property(to->catalog, name);
		if (!p) {
			return inside_field(c, misfit(MO_MISFIT_UNKNOWN, from, to), name);
		}
		struct mo_fit r = fit(c, mo_type_present(f->type), mo_type_of_property(c->ctx, to->resource_type, p), depth + 1);
		if (r.misfit != MO_FITS) {
			return inside_field(c, r, name);
		}
	}
	return missing_property(c, from, to);
}

// JSON takes data, wherever it comes from; a resource has to say which of its attributes is meant.
static struct mo_fit
fit_json(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	switch (from->kind) {
	case MO_TYPE_RESOURCE:
		return misfit(MO_MISFIT_BARE, from, to);
	case MO_TYPE_LIST:
	case MO_TYPE_MAP:
	case MO_TYPE_OPTIONAL:
		return inside_element(c, fit(c, from->element, to, depth + 1));
	case MO_TYPE_RECORD:
		for (uint32_t i = 0; i < from->fields.len; i++) {
			struct mo_fit r = fit(c, mo_type_present(from->fields.items[i].type), to, depth + 1);
			if (r.misfit != MO_FITS) {
				return inside_field(c, r, mo_atom_str(c->ctx->atoms, from->fields.items[i].name));
			}
		}
		return fits();
	case MO_TYPE_INSTANCE:
	case MO_TYPE_FAMILY:
	case MO_TYPE_ACCOUNT:
	case MO_TYPE_TARGET:
	case MO_TYPE_STACK:
	case MO_TYPE_TEMPLATE:
	case MO_TYPE_AUDIENCE:
	case MO_TYPE_MODULE:
	case MO_TYPE_FUNCTION:
	case MO_TYPE_AWS:
	case MO_TYPE_DURATION:
	case MO_TYPE_SIZE:
		return misfit(MO_MISFIT_TYPE, from, to);
	default:
		return fits();
	}
}

// ---- unions ----------------------------------------------------------------------------------------------------------------------

static struct mo_fit
fit_union(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	struct mo_fit nearest = misfit(MO_MISFIT_TYPE, from, to);
	uint32_t of_this_kind = 0;
	for (uint32_t i = 0; i < to->alternatives.len; i++) {
		const struct mo_type *a = to->alternatives.items[i];
		struct mo_fit r = fit(c, from, a, depth + 1);
		if (r.misfit == MO_FITS) {
			return r;
		}
		if (r.misfit != MO_MISFIT_TYPE || r.path.len) {
			of_this_kind++;
			nearest = r;
		}
	}
	if (of_this_kind == 1) {
		return nearest;
	}
	// A literal where only other literals are allowed; else nothing of this kind is wanted at all.
	return misfit(of_this_kind && nearest.misfit == MO_MISFIT_ALLOWED ? MO_MISFIT_ALLOWED : nearest.misfit == MO_MISFIT_BARE
		|| nearest.misfit == MO_MISFIT_REFERENCE ? nearest.misfit : MO_MISFIT_TYPE, from, to);
}

static struct mo_fit
fit_every_alternative(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	for (uint32_t i = 0; i < from->alternatives.len; i++) {
		struct mo_fit r = fit(c, from->alternatives.items[i], to, depth + 1);
		if (r.misfit != MO_FITS) {
			return r;
		}
	}
	return fits();
}

static struct mo_fit
fit_handle(const struct mo_type *from, const struct mo_type *to)
{
	bool ok = from->kind == to->kind || (from->kind == MO_TYPE_ACCOUNT && to->kind == MO_TYPE_TARGET);
	if (ok && to->kind == MO_TYPE_RESOURCE && to->resource_type.len && from->resource_type.len
		&& !mo_str_eq(to->resource_type, from->resource_type)) {
		return misfit(MO_MISFIT_REFERENCE, from, to);
	}
	return ok ? fits() : misfit(MO_MISFIT_TYPE, from, to);
}

static struct mo_fit
fit(struct mo_check *c, const struct mo_type *from, const struct mo_type *to, uint32_t depth)
{
	if (from == to || from->kind == MO_TYPE_ERROR || to->kind == MO_TYPE_ERROR || to->kind == MO_TYPE_ANY || from->kind == MO_TYPE_ANY
		|| depth > FIT_DEPTH || ++c->program->fit_steps > MOST_STEPS) {
		return fits();
	}
	if (from->kind == MO_TYPE_UNION) {
		return fit_every_alternative(c, from, to, depth);
	}
	if (to->kind == MO_TYPE_OPTIONAL) {
		return from->kind == MO_TYPE_NONE ? fits() : fit(c, mo_type_present(from), to->element, depth + 1);
	}
	if (to->kind == MO_TYPE_NONE) {
		return from->kind == MO_TYPE_NONE ? fits() : misfit(MO_MISFIT_TYPE, from, to);
	}
	if (mo_type_admits_none(from) && to->kind != MO_TYPE_JSON) {
		return misfit(MO_MISFIT_NONE, from, to);
	}
	switch (to->kind) {
	case MO_TYPE_UNION:
		return fit_union(c, from, to, depth);
	case MO_TYPE_STRING:
		return fit_string(c, from, to);
	case MO_TYPE_INT:
	case MO_TYPE_FLOAT:
		return fit_number(from, to);
	case MO_TYPE_BOOL:
		return from->kind == MO_TYPE_BOOL || from->kind == MO_TYPE_JSON ? fits() : misfit(MO_MISFIT_TYPE, from, to);
	case MO_TYPE_CIDR:
	case MO_TYPE_DURATION:
	case MO_TYPE_SIZE: {
		bool text = from->kind == MO_TYPE_STRING && from->data;
		return from->kind == to->kind || from->kind == MO_TYPE_JSON || text ? fits() : misfit(MO_MISFIT_TYPE, from, to);
	}
	case MO_TYPE_JSON:
		return fit_json(c, from, to, depth);
	case MO_TYPE_LIST:
		return fit_list(c, from, to, depth);
	case MO_TYPE_MAP:
		return fit_map(c, from, to, depth);
	case MO_TYPE_RECORD:
		return fit_record(c, from, to, depth);
	case MO_TYPE_STRUCT:
		return fit_struct(c, from, to, depth);
	default:
		return fit_handle(from, to);
	}
}

struct mo_fit
mo_fit_types(struct mo_check *c, const struct mo_type *from, const struct mo_type *to)
{
	c->program->fit_steps = 0;
	return fit(c, from, to, 0);
}
