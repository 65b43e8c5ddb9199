// SPDX-License-Identifier: Apache-2.0
// String domains of the values of templates: literals, parameters with their constraints, pseudo parameters as they are where the template
// is deployed, names and attributes of resources, and intrinsics. What is not known is anything.
#include "check/domain.h"

#include <inttypes.h>
#include <stdio.h>

static struct mo_domain domain(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth);

static bool
is_no_value(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::NoValue");
}

const struct mo_text_limit *
mo_text_limit_of(struct mo_str type, struct mo_str property)
{
	for (const struct mo_text_limit *l = mo_text_limits; l->type; l++) {
		if (mo_str_is(type, l->type) && mo_str_is(property, l->property)) {
			return l;
		}
	}
	return NULL;
}

// ---- parameters ------------------------------------------------------------------------------------------------------------------

static struct mo_domain
of_literals(struct mo_domain_place *p, const struct mo_ir_value *list, uint32_t depth)
{
	struct mo_domain all = { .absent = true };
	for (uint32_t i = 0; i < list->items.len; i++) {
		struct mo_domain one = domain(p, list->items.items[i], depth + 1);
		all = mo_domain_join(&all, &one);
	}
	return all;
}

static uint32_t
digits_of(int64_t n)
{
	char text[24];
	return (uint32_t)snprintf(text, sizeof(text), "%" PRId64, n);
}

static struct mo_domain
of_number(const struct mo_ir_param *param)
{
	bool bounded = param->has_min_value && param->has_max_value;
	uint32_t a = bounded ? digits_of(param->min_value) : 0, b = bounded ? digits_of(param->max_value) : 0;
	bool whole = param->has_min_value && param->min_value >= 0;
	return mo_domain_of_chars(whole ? "0-9" : bounded ? "0-9-" : "0-9.+eE-", 1, bounded ? (a > b ? a : b) : 20);
}

// Identifiers such as vpc-0123456789abcdef0.
static bool
is_ec2_id(struct mo_str type)
{
	return mo_str_starts(type, MO_STR("AWS::EC2::")) && type.len > 4 && mo_str_is(mo_str_sub(type, type.len - 4, type.len), "::Id");
}

static struct mo_domain
of_param(struct mo_domain_place *p, const struct mo_ir_param *param, uint32_t depth)
{
	if (param->allowed_values && param->allowed_values->items.len) {
		return of_literals(p, param->allowed_values, depth);
	}
	if (mo_str_is(param->type, "Number")) {
		return of_number(param);
	}
	if (is_ec2_id(param->type)) {
		return mo_domain_of_chars("a-z0-9-", 3, 40);
	}
	if (!mo_str_is(param->type, "String")) {
		return mo_domain_any();
	}
	struct mo_domain d = param->allowed_pattern.len ? mo_domain_pattern(p->arena, param->allowed_pattern) : mo_domain_any();
	if (param->has_min_length && (uint64_t)param->min_length > d.least) {
		d.least = (uint32_t)param->min_length;
	}
	if (param->has_max_length && (uint64_t)param->max_length < d.most) {
		d.most = (uint32_t)param->max_length;
	}
	return d;
}

// ---- pseudo parameters -----------------------------------------------------------------------------------------------------------

// What each of them is at a stack.
static struct mo_str
known_at(const struct mo_ir_stack *s, uint32_t pseudo)
{
	const struct mo_str texts[MO_DOMAIN_PSEUDOS] = { s->account->id, s->region, s->account->partition, s->name };
	return texts[pseudo];
}

// Where the template is deployed is known, so what it will be there is too; absent when others deploy it.
static struct mo_domain
at_stacks(struct mo_domain_place *p, struct mo_str name)
{
	static const char *const names[MO_DOMAIN_PSEUDOS] = { "AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::StackName" };
	uint32_t pseudo = 0;
	while (pseudo < MO_DOMAIN_PSEUDOS && !mo_str_is(name, names[pseudo])) {
		pseudo++;
	}
	struct mo_domain all = { .absent = true };
	if (pseudo == MO_DOMAIN_PSEUDOS || p->known[pseudo]) {
		return pseudo == MO_DOMAIN_PSEUDOS ? all : p->pseudos[pseudo];
	}
	for (uint32_t i = 0; i < p->stack_count; i++) {
		struct mo_domain one = mo_domain_text(known_at(p->stacks[i], pseudo));
		all = mo_domain_join(&all, &one);
	}
	p->known[pseudo] = true;
	p->pseudos[pseudo] = all;
	return all;
}

static struct mo_domain
of_pseudo(struct mo_domain_place *p, struct mo_str name)
{
	struct mo_domain known = at_stacks(p, name);
	if (!known.absent) {
		return known;
	}
	if (mo_str_is(name, "AWS::AccountId")) {
		return mo_domain_of_chars("0-9", 12, 12);
	}
	if (mo_str_is(name, "AWS::Region")) {
		return mo_domain_pattern(p->arena, MO_STR("[a-z][a-z0-9-]{7,13}[0-9]"));
	}
	if (mo_str_is(name, "AWS::Partition")) {
		return mo_domain_pattern(p->arena, MO_STR("aws|aws-[a-z]{2}|aws-us-gov|aws-iso|aws-iso-[a-z]"));
	}
	if (mo_str_is(name, "AWS::URLSuffix")) {
		return mo_domain_of_chars("a-z0-9.", 8, 30);
	}
	if (mo_str_is(name, "AWS::StackName")) {
		return mo_domain_pattern(p->arena, MO_STR("[a-zA-Z][a-zA-Z0-9-]{0,127}"));
	}
	if (mo_str_is(name, "AWS::StackId")) {
		return mo_domain_pattern(p->arena, MO_STR("arn:aws[a-zA-Z0-9:/-]{60,240}[0-9a-f]"));
	}
	return (struct mo_domain){ .absent = mo_str_is(name, "AWS::NoValue"), .most = MO_DOMAIN_UNBOUNDED };
}

// ---- resources -------------------------------------------------------------------------------------------------------------------

static struct mo_domain of_member(struct mo_domain_place *p, const struct mo_ir_resource *r, struct mo_str name, uint32_t depth);

// The ARN from the catalog's template.
static struct mo_domain
of_arn(struct mo_domain_place *p, const struct mo_ir_resource *r, struct mo_str template, uint32_t depth)
{
	struct mo_domain d = mo_domain_text(MO_STR(""));
	for (size_t at = 0; at < template.len;) {
		ptrdiff_t open = mo_str_find(template, MO_STR("${"), at), close = open < 0 ? -1 : mo_str_find(template, MO_STR("}"), (size_t)open);
		size_t end = close < 0 ? template.len : (size_t)open;
		struct mo_domain text = mo_domain_text(mo_str_sub(template, at, end));
		d = mo_domain_concat(p->arena, &d, &text);
		at = end;
		if (close >= 0) {
			struct mo_str name = mo_str_sub(template, (size_t)open + 2, (size_t)close);
			struct mo_domain part = mo_str_is(name, "Partition") ? of_pseudo(p, MO_STR("AWS::Partition"))
				: mo_str_is(name, "Region") ? of_pseudo(p, MO_STR("AWS::Region"))
				: mo_str_is(name, "Account") ? of_pseudo(p, MO_STR("AWS::AccountId")) : of_member(p, r, name, depth + 1);
			d = mo_domain_concat(p->arena, &d, &part);
			at = (size_t)close + 1;
		}
	}
	return d;
}

static bool
ends_with(struct mo_str s, const char *end)
{
	struct mo_str e = mo_str_c(end);
	return s.len >= e.len && mo_str_eq(mo_str_sub(s, s.len - e.len, s.len), e);
}

// A property that is written, or what the service makes of it.
static struct mo_domain
of_member(struct mo_domain_place *p, const struct mo_ir_resource *r, struct mo_str name, uint32_t depth)
{
	const struct mo_ir_value *written = mo_ir_get(r->properties, name);
	const struct mo_text_limit *limit = mo_text_limit_of(r->type, name);
	struct mo_str arn = r->catalog ? mo_cat_resource(r->catalog).arn_template : (struct mo_str){ 0 };
	if (depth > MO_IR_DEEPEST / 4) {
		return mo_domain_any();
	}
	if (written && r->template == p->template) {
		struct mo_domain d = domain(p, written, depth + 1);
		if (d.most != MO_DOMAIN_UNBOUNDED || !limit) {
			return d.absent ? mo_domain_any() : d;
		}
	}
	if (limit) {
		return mo_domain_limit(p->arena, limit);
	}
	if (arn.len && ends_with(name, "Arn") && (mo_str_is(name, "Arn") || !written)) {
		return of_arn(p, r, arn, depth + 1);
	}
	if (mo_str_starts(r->type, MO_STR("AWS::EC2::")) && ends_with(name, "Id")) {
		return mo_domain_of_chars("a-z0-9-", 3, 40);
	}
	struct mo_domain any = mo_domain_any();
	any.least = 1;
	return any;
}

// ---- intrinsics ------------------------------------------------------------------------------------------------------------------

static struct mo_domain
of_join(struct mo_domain_place *p, const struct mo_ir_value *argument, uint32_t depth)
{
	const struct mo_ir_value *list = argument->kind == MO_IR_LIST && argument->items.len == 2 ? argument->items.items[1] : NULL;
	if (!list || list->kind != MO_IR_LIST) {
		return mo_domain_any();
	}
	struct mo_domain between = domain(p, argument->items.items[0], depth + 1), d = mo_domain_text(MO_STR(""));
	for (uint32_t i = 0; i < list->items.len; i++) {
		struct mo_domain one = domain(p, list->items.items[i], depth + 1);
		if (one.absent || list->items.items[i]->kind == MO_IR_LIST) {
			return mo_domain_any();
		}
		d = i ? mo_domain_concat(p->arena, &d, &between) : d;
		d = mo_domain_concat(p->arena, &d, &one);
	}
	return d;
}

static const struct mo_ir_value *
argument_of(const struct mo_ir_value *call, const char *function, uint32_t i)
{
	bool fits = call->kind == MO_IR_CALL && mo_str_is(call->function, function) && call->argument->kind == MO_IR_LIST
		    && call->argument->items.len == 2;
	return fits ? call->argument->items.items[i] : NULL;
}

// A piece of a text, which holds no separator.
static struct mo_domain
of_piece(struct mo_domain_place *p, const struct mo_ir_value *split, uint32_t depth)
{
	struct mo_domain whole = domain(p, argument_of(split, "Fn::Split", 1), depth + 1);
	struct mo_domain separator = domain(p, argument_of(split, "Fn::Split", 0), depth + 1);
	struct mo_domain piece = { .most = whole.most, .contain = whole.contain };
	if (separator.constant && separator.prefix.len == 1) {
		piece.contain = mo_charset_without(&whole.contain, &separator.contain);
	}
	piece.start = piece.end = piece.contain;
	return piece;
}

static struct mo_domain
of_select(struct mo_domain_place *p, const struct mo_ir_value *call, uint32_t depth)
{
	const struct mo_ir_value *index = argument_of(call, "Fn::Select", 0), *from = argument_of(call, "Fn::Select", 1);
	if (!index || !from) {
		return mo_domain_any();
	}
	if (from->kind == MO_IR_LIST && from->items.len) {
		bool known = index->kind == MO_IR_INT && index->integer >= 0 && (uint64_t)index->integer < from->items.len;
		return known ? domain(p, from->items.items[index->integer], depth + 1) : of_literals(p, from, depth);
	}
	const struct mo_ir_value *text = argument_of(from, "Fn::Split", 1);
	if (text && text->kind == MO_IR_PSEUDO && mo_str_is(text->text, "AWS::StackId") && index->kind == MO_IR_INT && index->integer == 2) {
		return mo_domain_pattern(p->arena, MO_STR("[0-9a-f][0-9a-f-]{34}[0-9a-f]")); // arn:…:stack/NAME/UUID
	}
	if (text) {
		return of_piece(p, from, depth);
	}
	bool zones = from->kind == MO_IR_CALL && mo_str_is(from->function, "Fn::GetAZs");
	return zones ? mo_domain_pattern(p->arena, MO_STR("[a-z][a-z0-9-]{8,24}[a-z]")) : mo_domain_any();
}

// All cells that the look-up may hit.
static struct mo_domain
of_mapping(struct mo_domain_place *p, const struct mo_ir_value *argument, uint32_t depth)
{
	const struct mo_ir_value *name = argument->kind == MO_IR_LIST && argument->items.len >= 3 ? argument->items.items[0] : NULL;
	struct mo_domain all = { .absent = true };
	for (uint32_t i = 0; name && name->kind == MO_IR_STRING && argument->items.len == 3 && i < p->template->mappings.len; i++) {
		const struct mo_ir_mapping *m = p->template->mappings.items[i];
		for (uint32_t k = 0; mo_str_eq(m->id, name->text) && k < m->table->members.len; k++) {
			const struct mo_ir_value *row = m->table->members.items[k].value, *column = argument->items.items[2];
			for (uint32_t n = 0; row->kind == MO_IR_OBJECT && n < row->members.len; n++) {
				bool meant = column->kind != MO_IR_STRING || mo_str_eq(row->members.items[n].key, column->text);
				struct mo_domain cell = meant ? domain(p, row->members.items[n].value, depth + 1) : all;
				all = mo_domain_join(&all, &cell);
			}
		}
	}
	return all.absent ? mo_domain_any() : all;
}

static struct mo_domain
of_base64(struct mo_domain_place *p, const struct mo_ir_value *argument, uint32_t depth)
{
	struct mo_domain d = domain(p, argument, depth + 1);
	uint64_t most = d.most == MO_DOMAIN_UNBOUNDED ? MO_DOMAIN_UNBOUNDED : ((uint64_t)d.most * (d.contain.others ? 4 : 1) + 2) / 3 * 4;
	return mo_domain_of_chars("A-Za-z0-9+/=", (d.least + 2) / 3 * 4, most >= MO_DOMAIN_UNBOUNDED ? MO_DOMAIN_UNBOUNDED : (uint32_t)most);
}

static struct mo_domain
of_call(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth)
{
	if (mo_str_is(v->function, "Fn::Join")) {
		return of_join(p, v->argument, depth);
	}
	if (mo_str_is(v->function, "Fn::Select")) {
		return of_select(p, v, depth);
	}
	if (mo_str_is(v->function, "Fn::FindInMap")) {
		return of_mapping(p, v->argument, depth);
	}
	if (mo_str_is(v->function, "Fn::Base64")) {
		return of_base64(p, v->argument, depth);
	}
	return mo_domain_any();
}

// ---- any value -------------------------------------------------------------------------------------------------------------------

static struct mo_domain
of_sub(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth)
{
	struct mo_domain d = mo_domain_text(MO_STR(""));
	for (uint32_t i = 0; i < v->items.len; i++) {
		struct mo_domain part = domain(p, v->items.items[i], depth + 1);
		d = mo_domain_concat(p->arena, &d, &part);
	}
	return d;
}

static struct mo_domain
of_text(struct mo_str text)
{
	return mo_str_find(text, MO_STR("{{resolve:"), 0) >= 0 ? mo_domain_any() : mo_domain_text(text);
}

static struct mo_domain
domain(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth)
{
	if (!v || depth > MO_IR_DEEPEST) {
		return mo_domain_any();
	}
	switch (v->kind) {
	case MO_IR_STRING: return of_text(v->text);
	case MO_IR_INT: return mo_domain_text(mo_str_printf(p->arena, "%" PRId64, v->integer));
	case MO_IR_BOOL: return mo_domain_text(v->boolean ? MO_STR("true") : MO_STR("false"));
	case MO_IR_FLOAT: return mo_domain_of_chars("0-9.+e-", 1, 30);
	case MO_IR_PARAM: return of_param(p, v->param, depth);
	case MO_IR_PSEUDO: return is_no_value(v) ? (struct mo_domain){ .absent = true } : of_pseudo(p, v->text);
	case MO_IR_SUB: return of_sub(p, v, depth);
	case MO_IR_RESOURCE: {
		struct mo_str ref = v->resource->catalog ? mo_cat_resource(v->resource->catalog).ref : (struct mo_str){ 0 };
		return ref.len ? of_member(p, v->resource, ref, depth + 1) : mo_domain_any();
	}
	case MO_IR_ATTRIBUTE: return of_member(p, v->resource, v->attribute, depth + 1);
	case MO_IR_IF: {
		struct mo_domain then = domain(p, v->then, depth + 1), otherwise = domain(p, v->otherwise, depth + 1);
		return mo_domain_join(&then, &otherwise);
	}
	case MO_IR_CALL: return of_call(p, v, depth);
	default: return mo_domain_any();
	}
}

struct mo_domain
mo_domain_of(struct mo_domain_place *p, const struct mo_ir_value *v)
{
	return domain(p, v, 0);
}

// ---- places ----------------------------------------------------------------------------------------------------------------------

struct deployed {
	MO_VEC(const struct mo_ir_stack *) stacks;
};

void
mo_domain_index(struct mo_arena *a, const struct mo_ir_platform *platform, struct mo_map *out)
{
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		struct deployed *d = mo_map_get(out, (uint64_t)(uintptr_t)s->template);
		if (!d) {
			d = mo_new(a, struct deployed);
			mo_map_put(a, out, (uint64_t)(uintptr_t)s->template, d);
		}
		mo_push(a, &d->stacks, s);
	}
}

struct mo_domain_place
mo_domain_place_of(struct mo_arena *a, const struct mo_map *index, const struct mo_ir_template *t)
{
	const struct deployed *d = mo_map_get(index, (uint64_t)(uintptr_t)t);
	return (struct mo_domain_place){ .arena = a, .template = t, .stacks = d ? d->stacks.items : NULL, .stack_count = d ? d->stacks.len : 0 };
}
