// SPDX-License-Identifier: Apache-2.0
// Built-ins of address ranges.
//
// cidr_plan(range, { name: { prefix, count, pinned? } }) first takes all pinned ranges, which count towards their names; then, name by name
// in the order of the map, each range that is still to be found gets the lowest aligned place that is free. A name's list holds its pinned
// ranges as they were written, then the others by address.
#include "eval/builtin.h"
#include "eval/cidr_plan.h"
#include "eval/range.h"

#include <inttypes.h>

// ---- questions -------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_cidr_contains(const struct mo_call *c)
{
	struct mo_cidr outer, inner;
	bool good = mo_arg_cidr(c, 0, &outer) && mo_arg_cidr(c, 1, &inner);
	return good ? mo_give_bool(c, mo_cidr_holds(outer, inner)) : mo_builtin_error();
}

const struct mo_value *
mo_builtin_cidr_overlaps(const struct mo_call *c)
{
	struct mo_cidr a, b;
	bool good = mo_arg_cidr(c, 0, &a) && mo_arg_cidr(c, 1, &b);
	return good ? mo_give_bool(c, mo_cidrs_overlap(a, b)) : mo_builtin_error();
}

// ---- equal parts -----------------------------------------------------------------------------------------------------------------

enum { MOST_AT_DEPLOY_TIME = 256 }; // what Fn::Cidr gives at most

static const struct mo_value *
subnets_at_deploy_time(const struct mo_call *c, int64_t count, int64_t bits)
{
	struct mo_arena *a = c->ev->arena;
	if (c->args[0]->is_list) {
		return mo_arg_misfit(c, 0, "one range");
	}
	if (count < 1 || count > MOST_AT_DEPLOY_TIME) {
		return mo_arg_refuse(c, 1, "is %lld, CloudFormation can make 1 to %d ranges", (long long)count, MOST_AT_DEPLOY_TIME);
	}
	if (bits < 1 || bits > 32) {
		return mo_arg_refuse(c, 2, "is %lld, 1 to 32 bits are possible", (long long)bits);
	}
	const struct mo_ir_value *args[3] = { c->args[0]->ir, mo_ir_int(a, c->span, count), mo_ir_int(a, c->span, bits) };
	return mo_value_deploy(a, c->span, mo_ir_call_list(a, c->span, MO_STR("Fn::Cidr"), args, 3), true);
}

static const struct mo_value *
does_not_fit(const struct mo_call *c, struct mo_cidr range, int64_t count, int prefix)
{
	uint64_t size = UINT64_C(1) << (32 - prefix), room = mo_cidr_size(range);
	struct mo_str text = mo_cidr_text(c->ev->arena, range);
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_RANGE_DOES_NOT_FIT, c->span, "%lld ranges of /%d do not fit into " MO_STR_FMT,
		(long long)count, prefix, MO_STR_ARG(text));
	mo_diag_note(d, "wanted are %lld times %" PRIu64 " addresses, there are %" PRIu64, (long long)count, size, room);
	return mo_builtin_error();
}

const struct mo_value *
mo_builtin_cidr_subnets(const struct mo_call *c)
{
	int64_t count, bits;
	struct mo_cidr range;
	if (!mo_arg_int(c, 1, &count) || !mo_arg_int(c, 2, &bits)) {
		return mo_builtin_error();
	}
	if (c->args[0]->kind == MO_VALUE_DEPLOY) {
		return subnets_at_deploy_time(c, count, bits);
	}
	if (!mo_arg_cidr(c, 0, &range)) {
		return mo_builtin_error();
	}
	if (bits < 0 || bits > 32 - range.prefix) {
		return mo_arg_refuse(c, 2, "is %lld, a /%u has room for 0 to %d bits", (long long)bits, (unsigned)range.prefix, 32 - range.prefix);
	}
	if (count < 0) {
		return mo_arg_refuse(c, 1, "is %lld, it cannot be negative", (long long)count);
	}
	uint8_t prefix = (uint8_t)(32 - bits);
	if ((uint64_t)count > mo_cidr_size(range) >> bits) {
		return does_not_fit(c, range, count, prefix);
	}
	if (!mo_list_has_room(c, (uint64_t)count)) {
		return mo_builtin_error();
	}
	struct mo_value *list = mo_value_list(c->ev->arena, c->span);
	for (int64_t i = 0; i < count; i++) {
		uint64_t address = range.address + ((uint64_t)i << bits);
		mo_push(c->ev->arena, &list->items, mo_value_cidr(c->ev->arena, c->span, (struct mo_cidr){ (uint32_t)address, prefix }));
	}
	return list;
}

// ---- plans -----------------------------------------------------------------------------------------------------------------------

// What one name of a plan asks for.
struct request {
	const struct mo_value_member *member;
	uint8_t prefix;
	int64_t count;
	const struct mo_value *pinned; // LIST or NULL
	struct mo_value *result;
};

struct planner {
	const struct mo_call *call;
	struct mo_cidr_plan plan;
	struct request *requests;
	uint32_t count;
	struct mo_range_plan kept; // what the lock file has of it
};

static struct mo_span
place(const struct planner *p, const struct mo_value *v)
{
	return mo_span_is_nowhere(v->span) ? p->call->span : v->span;
}

// A field of a request as a type wants it; NULL when it is absent. False after a report.
static bool
field(const struct planner *p, const struct request *r, struct mo_str name, const struct mo_type *type, const struct mo_value **out)
{
	struct mo_eval *ev = p->call->ev;
	const struct mo_value *v = r->member->value->kind == MO_VALUE_RECORD ? mo_value_get(r->member->value, name) : NULL;
	*out = NULL;
	if (!v || v->kind == MO_VALUE_NONE) {
		return true;
	}
	if (mo_value_is_deploy_time(v)) {
		mo_arg_is_deploy_time(p->call, 1, NULL);
		return false;
	}
	*out = mo_coerce(ev, v, type, place(p, v));
	return (*out)->kind != MO_VALUE_ERROR;
}

static bool
missing(const struct planner *p, const struct request *r, const char *name)
{
	mo_report(p->call->ev->ctx->diags, MSG_MISSING_FIELD, place(p, r->member->value), "the field `%s` of `" MO_STR_FMT "` is missing", name,
		MO_STR_ARG(r->member->key));
	return false;
}

static bool
read_prefix(const struct planner *p, struct request *r, const struct mo_value *v)
{
	struct mo_cidr range = p->plan.range;
	if (v->integer >= range.prefix && v->integer <= 32) {
		r->prefix = (uint8_t)v->integer;
		return true;
	}
	struct mo_str text = mo_cidr_text(p->call->ev->arena, range);
	struct mo_diag *d = mo_report(p->call->ev->ctx->diags, MSG_BAD_PREFIX, place(p, v), "/%" PRId64 " is no part of " MO_STR_FMT, v->integer,
		MO_STR_ARG(text));
	mo_diag_note(d, "prefix lengths from %u to 32 are possible", (unsigned)range.prefix);
	return false;
}

static bool
read_request(const struct planner *p, struct request *r)
{
	struct mo_eval *ev = p->call->ev;
	const struct mo_type *number = mo_type_of_kind(MO_TYPE_INT), *ranges = mo_type_list(ev->ctx, mo_type_of_kind(MO_TYPE_CIDR));
	const struct mo_value *prefix, *count;
	if (!field(p, r, MO_STR("prefix"), number, &prefix) || !field(p, r, MO_STR("count"), number, &count)
		|| !field(p, r, MO_STR("pinned"), ranges, &r->pinned)) {
		return false;
	}
	if (!prefix || !count) {
		return missing(p, r, prefix ? "count" : "prefix");
	}
	r->count = count->integer;
	if (r->count < 0 || r->count > MO_LIST_LARGEST) {
		mo_report(ev->ctx->diags, MSG_BAD_ARGUMENT, place(p, count), "`" MO_STR_FMT "` wants %" PRId64 " ranges, 0 to %d are possible",
			MO_STR_ARG(r->member->key), r->count, MO_LIST_LARGEST);
		return false;
	}
	return read_prefix(p, r, prefix);
}

static bool
bad_pinned(const struct planner *p, const struct mo_value *v, const char *fmt, struct mo_str other)
{
	struct mo_str text = mo_value_text(p->call->ev->arena, v), why = mo_str_printf(p->call->ev->arena, "%s" MO_STR_FMT, fmt, MO_STR_ARG(other));
	mo_report(p->call->ev->ctx->diags, MSG_BAD_PINNED_RANGE, place(p, v), "the pinned " MO_STR_FMT " " MO_STR_FMT, MO_STR_ARG(text),
		MO_STR_ARG(why));
	return false;
}

static bool
take_pinned(struct planner *p, struct request *r)
{
	struct mo_arena *a = p->call->ev->arena;
	for (uint32_t i = 0; r->pinned && i < r->pinned->items.len; i++) {
		const struct mo_value *v = r->pinned->items.items[i];
		if (i >= r->count) {
			return bad_pinned(p, v, "is one more than are counted for ", r->member->key);
		}
		if (v->cidr.prefix != r->prefix) {
			return bad_pinned(p, v, "has not the prefix length of ", r->member->key);
		}
		if (!mo_cidr_holds(p->plan.range, v->cidr)) {
			return bad_pinned(p, v, "lies outside ", mo_cidr_text(a, p->plan.range));
		}
		if (!mo_cidr_plan_take(&p->plan, v->cidr)) {
			return bad_pinned(p, v, "shares addresses with another pinned range", MO_STR(""));
		}
		mo_push(a, &r->result->items, v);
	}
	return true;
}

// Names keep what earlier builds gave them, as far as it still fits; NULL stands where nothing was given.
static void
take_given(struct planner *p, struct request *r)
{
	struct mo_arena *a = p->call->ev->arena;
	for (uint32_t i = r->result->items.len; i < r->count; i++) {
		struct mo_cidr c;
		bool kept = i < MO_RANGE_MOST_KEPT && mo_range_given(p->call->ev, &p->kept, r->member->key, i, &c) && c.prefix == r->prefix
			    && mo_cidr_plan_take(&p->plan, c);
		mo_push(a, &r->result->items, kept ? mo_value_cidr(a, p->call->span, c) : NULL);
	}
}

static bool
no_room(const struct planner *p, const struct request *r, uint64_t room)
{
	struct mo_arena *a = p->call->ev->arena;
	uint64_t wanted = (uint64_t)r->count << (32 - r->prefix), all = 0;
	for (uint32_t i = 0; i < p->count; i++) {
		all += (uint64_t)p->requests[i].count << (32 - p->requests[i].prefix);
	}
	struct mo_str range = mo_cidr_text(a, p->plan.range);
	struct mo_diag *d = mo_report(p->call->ev->ctx->diags, MSG_RANGE_DOES_NOT_FIT, place(p, r->member->value), "`" MO_STR_FMT "` wants %"
		PRId64 " ranges of /%u, which do not fit into what is left of " MO_STR_FMT, MO_STR_ARG(r->member->key), r->count,
		(unsigned)r->prefix, MO_STR_ARG(range));
	mo_diag_note(d, "it wants %" PRIu64 " addresses, %" PRIu64 " are left; all names together want %" PRIu64 " of %" PRIu64, wanted, room, all,
		mo_cidr_size(p->plan.range));
	if (wanted <= room) {
		mo_diag_help(d, "the free addresses lie in pieces: write larger ranges before smaller ones");
	}
	return false;
}

static bool
place_rest(struct planner *p, struct request *r)
{
	struct mo_arena *a = p->call->ev->arena;
	uint64_t from = 0, room = mo_cidr_plan_free(&p->plan);
	for (uint32_t i = 0; i < r->result->items.len; i++) {
		struct mo_cidr c;
		if (r->result->items.items[i]) {
			continue;
		}
		if (!mo_cidr_plan_next(&p->plan, r->prefix, &from, &c)) {
			return no_room(p, r, room);
		}
		r->result->items.items[i] = mo_value_cidr(a, p->call->span, c);
	}
	mo_range_note(p->call->ev, &p->kept, r->member->key, r->result);
	return true;
}

static bool
read_requests(struct planner *p, const struct mo_value *wanted)
{
	uint64_t total = 0;
	for (uint32_t i = 0; i < p->count; i++) {
		struct request *r = &p->requests[i];
		r->member = &wanted->members.items[i];
		r->result = mo_value_list(p->call->ev->arena, p->call->span);
		if (!read_request(p, r)) {
			return false;
		}
		total += (uint64_t)r->count;
	}
	return mo_list_has_room(p->call, total);
}

static const struct mo_value *
result_of(const struct planner *p)
{
	struct mo_value *record = mo_value_record(p->call->ev->arena, p->call->span);
	for (uint32_t i = 0; i < p->count; i++) {
		const struct mo_value_member *m = p->requests[i].member;
		mo_value_set(p->call->ev->arena, record, m->key, m->key_span, p->requests[i].result);
	}
	return record;
}

const struct mo_value *
mo_builtin_cidr_plan(const struct mo_call *c)
{
	struct mo_cidr range;
	if (!mo_arg_cidr(c, 0, &range)) {
		return mo_builtin_error();
	}
	const struct mo_value *wanted = mo_arg_record(c, 1);
	if (!wanted) {
		return mo_builtin_error();
	}
	struct planner p = { .call = c, .plan = mo_cidr_plan_of(c->ev->arena, range), .count = wanted->members.len };
	p.requests = mo_new_array(c->ev->arena, struct request, p.count);
	bool good = read_requests(&p, wanted);
	for (uint32_t i = 0; good && i < p.count; i++) {
		good = take_pinned(&p, &p.requests[i]);
	}
	p.kept = mo_range_plan_of(c->ev, c->node, mo_cidr_text(c->ev->arena, range));
	for (uint32_t i = 0; good && i < p.count; i++) {
		take_given(&p, &p.requests[i]);
	}
	for (uint32_t i = 0; good && i < p.count; i++) {
		good = place_rest(&p, &p.requests[i]);
	}
	return good ? result_of(&p) : mo_builtin_error();
}
