// SPDX-License-Identifier: Apache-2.0
// Properties whose text AWS limits (catalog/text_limits.def): every value that can come up must fit. What is known is compared with the
// limit itself (text_known.c); of the rest the string domain is, and when it reaches further, the part that lets it is named, with the
// bound that would do.
#include "check/text_limits.h"

// A parameter's own place is where it is declared; this is where it is used.
static struct mo_span
span_of_use(const struct mo_text_property *p, const struct mo_ir_value *param)
{
	const struct mo_ir_value *v = p->member->value;
	return v != param && !mo_span_is_nowhere(v->span) ? v->span
		: !mo_span_is_nowhere(p->member->key_span) ? p->member->key_span : mo_text_span(p, param);
}

// ---- the part that does not fit --------------------------------------------------------------------------------------------------

static bool
is_faulty(const struct mo_text_property *p, const struct mo_domain *d, enum mo_text_fault fault)
{
	const struct mo_domain *limit = &p->row->domain;
	switch (fault) {
	case MO_TEXT_LONG: return d->most > limit->most;
	case MO_TEXT_CHARACTERS: return !mo_charset_within(&d->contain, &limit->contain);
	case MO_TEXT_START: return !mo_charset_within(&d->start, &limit->start);
	case MO_TEXT_END: return !mo_charset_within(&d->end, &limit->end);
	default: return d->least < limit->least;
	}
}

// One that is there when it is not empty: the text is only made then.
static bool
is_optional(const struct mo_ir_param *param)
{
	return param->default_value && param->default_value->kind == MO_IR_STRING && !param->default_value->text.len;
}

// How much a part is to blame: 0 not at all.
static uint64_t
blame(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *v, enum mo_text_fault fault)
{
	struct mo_domain d = mo_domain_of(&l->place, v);
	if (fault == MO_TEXT_LONG) {
		return d.constant || d.absent ? 0 : d.most == MO_DOMAIN_UNBOUNDED ? UINT64_MAX : (uint64_t)d.most * (v->kind == MO_IR_PARAM ? 2 : 1);
	}
	if (fault == MO_TEXT_SHORT) {
		return v->kind == MO_IR_PARAM && d.least < p->row->domain.least && !is_optional(v->param);
	}
	return is_faulty(p, &d, fault) && !d.absent;
}

static const struct mo_ir_value *guilty(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *v,
	enum mo_text_fault fault, uint32_t depth);

static const struct mo_ir_value *
guilty_of(struct mo_text_check *l, const struct mo_text_property *p, const mo_ir_values *parts, enum mo_text_fault fault, uint32_t depth)
{
	const struct mo_ir_value *worst = NULL;
	uint64_t most = 0;
	for (uint32_t k = 0; k < parts->len; k++) {
		uint32_t i = fault == MO_TEXT_END ? parts->len - 1 - k : k; // the ends are those of the outer parts
		const struct mo_ir_value *part = guilty(l, p, parts->items[i], fault, depth + 1);
		uint64_t b = part ? blame(l, p, part, fault) : 0;
		if (b > most) {
			worst = part;
			most = b;
		}
		if (worst && fault != MO_TEXT_LONG) {
			break;
		}
	}
	return worst;
}

// The innermost part that is to blame.
static const struct mo_ir_value *
guilty(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *v, enum mo_text_fault fault, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST || !blame(l, p, v, fault)) {
		return v->kind == MO_IR_SUB && fault == MO_TEXT_SHORT && depth <= MO_IR_DEEPEST ? guilty_of(l, p, &v->items, fault, depth) : NULL;
	}
	const struct mo_ir_value *inner = NULL;
	if (v->kind == MO_IR_SUB) {
		inner = guilty_of(l, p, &v->items, fault, depth);
	} else if (v->kind == MO_IR_IF) {
		const struct mo_ir_value *sides[2] = { v->then, v->otherwise };
		inner = guilty_of(l, p, &(mo_ir_values){ sides, 2, 2 }, fault, depth);
	} else if (v->kind == MO_IR_CALL && mo_str_is(v->function, "Fn::Join") && v->argument->kind == MO_IR_LIST && v->argument->items.len == 2
		   && v->argument->items.items[1]->kind == MO_IR_LIST) {
		inner = guilty_of(l, p, &v->argument->items.items[1]->items, fault, depth);
	}
	return inner ? inner : v;
}

// ---- what would do ---------------------------------------------------------------------------------------------------------------

struct room {
	struct mo_text_check *l;
	uint64_t fixed;    // characters of all parts but those without bounds
	uint32_t sharing;  // parts without bounds, and the parameter itself
	const struct mo_ir_param *param;
};

static void
measure(struct room *r, const struct mo_ir_value *v)
{
	const mo_ir_values one = { (const struct mo_ir_value **)(uintptr_t)&v, 1, 1 };
	const mo_ir_values *parts = v->kind == MO_IR_SUB ? &v->items : &one;
	for (uint32_t i = 0; i < parts->len; i++) {
		struct mo_domain d = mo_domain_of(&r->l->place, parts->items[i]);
		bool shares = d.most == MO_DOMAIN_UNBOUNDED || (parts->items[i]->kind == MO_IR_PARAM && parts->items[i]->param == r->param);
		r->sharing += shares;
		r->fixed += shares ? 0 : d.most;
	}
}

// `String(1..40, '^[a-z0-9-]+$')` for a parameter in a text; empty when no bound would do. `room_left` is how long it may be.
static struct mo_str
bound_for(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *v, const struct mo_ir_param *param,
	uint64_t *room_left)
{
	const struct mo_domain *limit = &p->row->domain;
	const struct mo_ir_value *whole = p->member->value;
	struct room room = { .l = l, .param = param };
	measure(&room, whole->kind == MO_IR_SUB ? whole : v);
	if (room.fixed >= limit->most || !room.sharing) {
		return (struct mo_str){ 0 };
	}
	uint64_t most = *room_left = (limit->most - room.fixed) / room.sharing;
	if (param->has_max_length && param->max_length > 0 && (uint64_t)param->max_length < most) {
		most = (uint64_t)param->max_length; // as narrow as it is
	}
	bool alone = whole->kind != MO_IR_SUB;
	bool first = alone || whole->items.items[0] == v, last = alone || mo_last(&whole->items) == v;
	uint32_t least = alone && limit->least > 1 ? limit->least : 1;
	struct mo_str middle = mo_charset_text(l->c->arena, &limit->contain), start = mo_charset_text(l->c->arena, &limit->start);
	struct mo_str end = mo_charset_text(l->c->arena, &limit->end);
	bool own_start = first && !mo_str_eq(start, middle), own_end = last && !mo_str_eq(end, middle);
	if (most < least || (first && limit->prefix.len)) {
		return (struct mo_str){ 0 };
	}
	if (!p->row->limit->pattern) {
		return mo_str_printf(l->c->arena, "String(%u..%llu)", least, (unsigned long long)most);
	}
	struct mo_str tail = own_end ? mo_str_printf(l->c->arena, own_start ? "(" MO_STR_FMT "*" MO_STR_FMT ")?" : MO_STR_FMT "*" MO_STR_FMT,
		MO_STR_ARG(middle), MO_STR_ARG(end)) : mo_str_printf(l->c->arena, MO_STR_FMT "%s", MO_STR_ARG(middle), own_start ? "*" : "+");
	return mo_str_printf(l->c->arena, "String(%u..%llu, '^" MO_STR_FMT MO_STR_FMT "$')", least, (unsigned long long)most,
		MO_STR_ARG(own_start ? start : MO_STR("")), MO_STR_ARG(tail));
}

// ---- reporting -------------------------------------------------------------------------------------------------------------------

static struct mo_str
what_is_wrong(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_domain *d, enum mo_text_fault fault)
{
	const struct mo_domain *limit = &p->row->domain;
	struct mo_arena *a = l->c->arena;
	struct mo_charset more = fault == MO_TEXT_CHARACTERS ? mo_charset_without(&d->contain, &limit->contain)
		: fault == MO_TEXT_START ? mo_charset_without(&d->start, &limit->start) : mo_charset_without(&d->end, &limit->end);
	struct mo_str chars = mo_charset_text(a, &more);
	switch (fault) {
	case MO_TEXT_LONG: return d->most == MO_DOMAIN_UNBOUNDED ? MO_STR("may have any length") : mo_str_printf(a, "may have %u characters", d->most);
	case MO_TEXT_CHARACTERS: return d->contain.others || !chars.len ? MO_STR("may hold any character")
		: mo_str_printf(a, "may hold " MO_STR_FMT, MO_STR_ARG(chars));
	case MO_TEXT_START: return mo_str_printf(a, "may start with " MO_STR_FMT, MO_STR_ARG(chars));
	case MO_TEXT_END: return mo_str_printf(a, "may end with " MO_STR_FMT, MO_STR_ARG(chars));
	default: return d->least ? mo_str_printf(a, "may have only %u character%s", d->least, d->least == 1 ? "" : "s") : MO_STR("may be empty");
	}
}

enum { USES_SHOWN = 3 };

static void
add_help(struct mo_diag *g, const struct mo_text_finding *f)
{
	struct mo_str prefix = f->row->domain.prefix;
	if (!f->bound.len && prefix.len && f->fault == MO_TEXT_START) {
		mo_diag_help(g, "the text must start with `" MO_STR_FMT "`: write it before the parameter", MO_STR_ARG(prefix));
	} else if (!f->bound.len) {
		mo_diag_help(g, "the other parts leave no room for it: shorten them");
	} else {
		mo_diag_help(g, "bound it: `" MO_STR_FMT "`", MO_STR_ARG(f->bound));
		if (f->param->type_span.end > f->param->type_span.start) {
			mo_diag_fix(g, f->param->type_span, MO_STR_FMT, MO_STR_ARG(f->bound));
		}
	}
}

// A parameter is reported once, for the property that takes least.
static void
report_params(struct mo_text_check *l)
{
	for (uint32_t i = 0; i < l->findings.len; i++) {
		const struct mo_text_finding *f = &l->findings.items[i];
		uint32_t shown = 0;
		bool tightest = true;
		for (uint32_t k = 0; k < l->findings.len; k++) {
			const struct mo_text_finding *o = &l->findings.items[k];
			bool tighter = o->param == f->param && (o->most < f->most || (o->most == f->most && k < i));
			tightest = tightest && !tighter;
		}
		if (!tightest) {
			continue;
		}
		struct mo_text_property p = { f->resource, NULL, f->row };
		enum mo_message message = f->row->limit->pattern ? MSG_PARAMETER_MAY_NOT_FIT : MSG_MAY_NOT_FIT; // words for people are no names
		struct mo_diag *g = mo_report(l->c->diags, message, f->span, "the parameter `" MO_STR_FMT "` " MO_STR_FMT
			", which the `%s` of " MO_STR_FMT " does not take", MO_STR_ARG(f->param->id), MO_STR_ARG(f->wrong), f->row->limit->property,
			MO_STR_ARG(f->resource->type));
		if (!mo_span_is_nowhere(f->param->origin.span)) {
			mo_diag_label(g, f->param->origin.span, "declared here");
		}
		for (uint32_t k = 0; k < l->findings.len && shown < USES_SHOWN; k++) {
			const struct mo_text_finding *o = &l->findings.items[k];
			if (o->param == f->param && o->span.start != f->span.start) {
				mo_diag_label(g, o->span, "nor does the `%s` here", o->row->limit->property);
				shown++;
			}
		}
		mo_text_note_limit(l->c, g, &p);
		add_help(g, f);
	}
	l->findings.len = 0;
}

static void
find_param(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *v, enum mo_text_fault fault)
{
	struct mo_domain d = mo_domain_of(&l->place, v);
	struct mo_text_finding f = { .param = v->param, .resource = p->resource, .row = p->row, .fault = fault, .span = span_of_use(p, v) };
	f.wrong = what_is_wrong(l, p, &d, fault);
	f.bound = bound_for(l, p, v, v->param, &f.most);
	mo_push(l->c->arena, &l->findings, f);
}

enum { LONG_NAME = 256 };

static void
report_part(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_ir_value *v, enum mo_text_fault fault)
{
	struct mo_domain d = mo_domain_of(&l->place, v);
	bool stack_name = v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::StackName") && l->place.stack_count;
	if (d.constant || stack_name) { // known, and wrong wherever it comes up
		struct mo_str wrong = d.constant ? (struct mo_str){ 0 } : what_is_wrong(l, p, &d, fault);
		const char *why = d.constant ? "in this place" : wrong.p;
		struct mo_str text = d.constant ? d.prefix : MO_STR("aws.stack_name"), found;
		if (d.constant && fault == MO_TEXT_CHARACTERS && mo_text_wrong_character(l, p, d.prefix, &found)) {
			why = found.p;
		} else if (d.constant && (fault == MO_TEXT_START || fault == MO_TEXT_END)) {
			why = fault == MO_TEXT_START ? "it cannot start with that" : "it cannot end with that";
		}
		mo_text_report(l, p, v, text, why);
		return;
	}
	bool unknown = d.most == MO_DOMAIN_UNBOUNDED && d.contain.others;
	bool asked = v->kind == MO_IR_ATTRIBUTE || v->kind == MO_IR_RESOURCE || v->kind == MO_IR_PARAM || v->kind == MO_IR_PSEUDO;
	if (!asked || !p->row->limit->pattern || (unknown && p->row->limit->most >= LONG_NAME)) {
		return; // what services answer is short as a rule
	}
	struct mo_str wrong = what_is_wrong(l, p, &d, fault);
	struct mo_diag *g = mo_report(l->c->diags, MSG_MAY_NOT_FIT, mo_text_span(p, v), "this " MO_STR_FMT ", which the `%s` of " MO_STR_FMT
		" does not take", MO_STR_ARG(wrong), p->row->limit->property, MO_STR_ARG(p->resource->type));
	mo_text_note_limit(l->c, g, p);
}

// Values of other types come from somewhere else.
static bool
can_be_bounded(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_PARAM && mo_str_is(v->param->type, "String");
}

// Whether the text has no room at all for what it starts or ends with: wrong whatever the rest is.
static bool
cannot_fit(const struct mo_text_property *p, const struct mo_domain *d, enum mo_text_fault *fault)
{
	const struct mo_domain *limit = &p->row->domain;
	struct mo_charset start = mo_charset_without(&d->start, &limit->start), end = mo_charset_without(&d->end, &limit->end);
	*fault = mo_charset_within(&d->start, &start) ? MO_TEXT_START : MO_TEXT_END;
	return d->least && (mo_charset_within(&d->start, &start) || mo_charset_within(&d->end, &end));
}

static void
report_end(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_domain *d, enum mo_text_fault fault)
{
	struct mo_str chars = mo_charset_text(l->c->arena, fault == MO_TEXT_START ? &d->start : &d->end);
	struct mo_diag *g = mo_report(l->c->diags, MSG_TEXT_DOES_NOT_FIT, mo_text_span(p, NULL), "this %s with " MO_STR_FMT ", the `%s` of " MO_STR_FMT
		" never does", fault == MO_TEXT_START ? "starts" : "ends", MO_STR_ARG(chars), p->row->limit->property, MO_STR_ARG(p->resource->type));
	mo_text_note_limit(l->c, g, p);
}

static void
check_unknown(struct mo_text_check *l, const struct mo_text_property *p, const struct mo_domain *d)
{
	const struct mo_ir_value *v = p->member->value;
	if (d->least > p->row->domain.most) {
		struct mo_diag *g = mo_report(l->c->diags, MSG_TEXT_DOES_NOT_FIT, mo_text_span(p, NULL), "this has at least %u characters, the `%s` of "
			MO_STR_FMT " takes %u", d->least, p->row->limit->property, MO_STR_ARG(p->resource->type), p->row->domain.most);
		mo_text_note_limit(l->c, g, p);
		return;
	}
	enum mo_text_fault end;
	if (cannot_fit(p, d, &end)) {
		report_end(l, p, d, end);
		return;
	}
	static const enum mo_text_fault faults[] = { MO_TEXT_CHARACTERS, MO_TEXT_START, MO_TEXT_END, MO_TEXT_LONG, MO_TEXT_SHORT };
	const struct mo_ir_value *blamed[sizeof(faults) / sizeof(*faults)] = { NULL };
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		const struct mo_ir_value *part = is_faulty(p, d, faults[i]) ? guilty(l, p, v, faults[i], 0) : NULL;
		for (size_t k = 0; k < i; k++) {
			part = part == blamed[k] ? NULL : part; // its bound does for this too
		}
		blamed[i] = part;
		if (part && can_be_bounded(part)) {
			find_param(l, p, part, faults[i]);
		} else if (part) {
			report_part(l, p, part, faults[i]);
		}
	}
}

// ---- all properties --------------------------------------------------------------------------------------------------------------

// Sides of a choice are values of their own.
static void
check_value(struct mo_text_check *l, struct mo_text_property p, const struct mo_ir_value *v, uint32_t depth)
{
	if (v->kind == MO_IR_IF && depth < MO_IR_DEEPEST) {
		check_value(l, p, v->then, depth + 1);
		check_value(l, p, v->otherwise, depth + 1);
		return;
	}
	if (v->kind == MO_IR_LIST || v->kind == MO_IR_OBJECT || v->kind == MO_IR_BOOL || v->kind == MO_IR_NULL) {
		return;
	}
	struct mo_ir_member member = *p.member;
	member.value = v;
	p.member = &member;
	struct mo_domain d = mo_domain_of(&l->place, v);
	if (d.constant) {
		mo_text_check_known(l, &p, v, d.prefix);
	} else if (!d.absent) {
		check_unknown(l, &p, &d);
	}
}

static void
check_resource(struct mo_text_check *l, const struct mo_ir_resource *r)
{
	for (const struct mo_text_row *row = r->catalog ? mo_map_get(&l->rows, r->catalog) : NULL; row; row = row->next) {
		for (uint32_t i = 0; i < r->properties->members.len; i++) {
			const struct mo_ir_member *m = &r->properties->members.items[i];
			if (mo_str_is(m->key, row->limit->property)) {
				check_value(l, (struct mo_text_property){ r, m, row }, m->value, 0);
			}
		}
	}
}

static void
make_rows(struct mo_text_check *l)
{
	for (const struct mo_text_limit *t = mo_text_limits; t->type; t++) {
		mo_cat type = mo_cat_find_resource(mo_str_c(t->type));
		if (type && t->source) {
			struct mo_text_row *row = mo_new(l->c->arena, struct mo_text_row);
			*row = (struct mo_text_row){ t, mo_domain_limit(l->c->arena, t), mo_map_get(&l->rows, type) };
			mo_map_put(l->c->arena, &l->rows, type, row);
		}
	}
}

void
mo_check_text_limits(struct mo_checker *c)
{
	struct mo_text_check l = { .c = c };
	struct mo_map deployed = { 0 };
	make_rows(&l);
	mo_domain_index(c->arena, c->platform, &deployed);
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		l.place = mo_domain_place_of(c->arena, &deployed, t);
		for (uint32_t k = 0; k < t->resources.len; k++) {
			if (!t->resources.items[k]->existing) {
				check_resource(&l, t->resources.items[k]);
			}
		}
		report_params(&l);
	}
}
