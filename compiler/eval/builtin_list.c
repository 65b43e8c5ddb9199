// SPDX-License-Identifier: Apache-2.0
// Built-ins of lists and maps. Elements may be anything, also known only at deploy time, as long as nothing has to be known of them.
#include "eval/builtin.h"

#include "eval/instance.h"

#include <math.h>
#include <stdlib.h>

// The first element that nobody knows yet and that therefore cannot be compared, NULL when there is none.
static const struct mo_value *
unknown_element(const struct mo_value *list)
{
	for (uint32_t i = 0; i < list->items.len; i++) {
		if (mo_value_is_deploy_time(list->items.items[i])) {
			return list->items.items[i];
		}
	}
	return NULL;
}

static const struct mo_value *
cannot_compare(const struct mo_call *c, const struct mo_value *v)
{
	struct mo_str what = mo_str_printf(c->ev->arena, "`%s`", c->builtin->name);
	return mo_cannot_compute(c->ev, c->span, v, what.p, "use values that the program itself knows");
}

// A list of elements that are all known now; NULL after a report.
static const struct mo_value *
known_list(const struct mo_call *c, uint32_t i)
{
	const struct mo_value *list = mo_arg_list(c, i), *unknown = list ? unknown_element(list) : NULL;
	if (unknown) {
		cannot_compare(c, unknown);
		return NULL;
	}
	return list;
}

// ---- searching -------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_length(const struct mo_call *c)
{
	const struct mo_value *v = c->args[0];
	switch (v->kind) {
	case MO_VALUE_STRING:
		return mo_give_int(c, (int64_t)mo_str_columns(v->text));
	case MO_VALUE_RECORD:
		return mo_give_int(c, v->members.len);
	case MO_VALUE_DEPLOY:
		return mo_arg_is_deploy_time(c, 0, "CloudFormation has no function that counts: take the number from an `input` or `param` of its own");
	case MO_VALUE_LIST:
	case MO_VALUE_FAMILY:
		v = mo_arg_list(c, 0);
		return v ? mo_give_int(c, v->items.len) : mo_builtin_error();
	default:
		return mo_arg_misfit(c, 0, "a list, a map or a text");
	}
}

// The position of an equal element, or of a part; -1 when there is none, -2 after a report.
static int64_t
position(const struct mo_call *c)
{
	const struct mo_value *in = c->args[0], *what = c->args[1];
	struct mo_str part;
	if (mo_value_is_deploy_time(what)) {
		mo_arg_is_deploy_time(c, 1, NULL);
		return -2;
	}
	if (in->kind == MO_VALUE_STRING) {
		if (!mo_arg_text(c, 1, &part)) {
			return -2;
		}
		ptrdiff_t at = mo_str_find(in->text, part, 0);
		return at < 0 ? -1 : (int64_t)mo_str_columns(mo_str_sub(in->text, 0, (size_t)at));
	}
	const struct mo_value *list = known_list(c, 0);
	for (uint32_t i = 0; list && i < list->items.len; i++) {
		if (mo_value_equal(list->items.items[i], what)) {
			return i;
		}
	}
	return list ? -1 : -2;
}

// Of what CloudFormation has to compare: whether it equals one of them.
static const struct mo_value *
equals_any(const struct mo_call *c, const mo_values *items)
{
	struct mo_truth any = mo_truth_known(false), t;
	for (uint32_t i = 0; i < items->len; i++) {
		const struct mo_value *equal = mo_equal(c->ev, c->span, c->args[1], items->items[i], false);
		if (!mo_truth_of(c->ev, equal, c->span, (struct mo_str){ 0 }, &t)) {
			return mo_builtin_error();
		}
		any = mo_truth_either(c->ev, any, t);
	}
	return mo_truth_value(c->ev, c->span, any);
}

static const struct mo_value *
equals_any_key(const struct mo_call *c, const struct mo_value *map)
{
	struct mo_value *keys = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; i < map->members.len; i++) {
		mo_push(c->ev->arena, &keys->items, mo_value_string(c->ev->arena, map->members.items[i].key_span, map->members.items[i].key));
	}
	return equals_any(c, &keys->items);
}

// In a rule, a list that only CloudFormation knows.
static const struct mo_value *
contains_in_rule(const struct mo_call *c)
{
	const struct mo_ir_value *args[2] = { c->args[0]->ir, mo_lower(c->ev, mo_as_refs(c->ev, c->args[1])) };
	const struct mo_ir_value *call = mo_ir_call_list(c->ev->arena, c->span, MO_STR("Fn::Contains"), args, 2);
	return mo_value_deploy(c->ev->arena, c->span, call, false);
}

const struct mo_value *
mo_builtin_contains(const struct mo_call *c)
{
	if (c->args[0]->kind == MO_VALUE_DEPLOY && c->args[0]->is_list) {
		return contains_in_rule(c);
	}
	if (c->args[0]->kind == MO_VALUE_LIST && (mo_value_is_deploy_time(c->args[0]) || mo_value_is_deploy_time(c->args[1]))) {
		return equals_any(c, &c->args[0]->items);
	}
	if (c->args[0]->kind == MO_VALUE_RECORD || c->args[0]->kind == MO_VALUE_FAMILY) {
		const struct mo_value *map = mo_arg_record(c, 0);
		struct mo_str key;
		if (map && c->args[1]->kind == MO_VALUE_DEPLOY) {
			return equals_any_key(c, map);
		}
		return map && mo_arg_text(c, 1, &key) ? mo_give_bool(c, mo_value_get(map, key) != NULL) : mo_builtin_error();
	}
	int64_t at = position(c);
	return at == -2 ? mo_builtin_error() : mo_give_bool(c, at >= 0);
}

const struct mo_value *
mo_builtin_index(const struct mo_call *c)
{
	int64_t at = position(c);
	if (at != -1) {
		return at == -2 ? mo_builtin_error() : mo_give_int(c, at);
	}
	struct mo_arena *a = c->ev->arena;
	struct mo_str in = mo_value_text(a, c->args[0]), what = mo_value_text(a, c->args[1]);
	struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_NOT_IN_LIST, mo_arg_span(c, 1), MO_STR_FMT " is not in " MO_STR_FMT,
		MO_STR_ARG(what), MO_STR_ARG(in));
	mo_diag_help(d, "`contains(in, what)` asks whether it is");
	return mo_builtin_error();
}

// ---- maps ------------------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_keys(const struct mo_call *c)
{
	const struct mo_value *map = mo_arg_record(c, 0);
	struct mo_value *list = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; map && i < map->members.len; i++) {
		const struct mo_value_member *m = &map->members.items[i];
		mo_push(c->ev->arena, &list->items, mo_value_string(c->ev->arena, m->key_span, m->key));
	}
	return map ? list : mo_builtin_error();
}

const struct mo_value *
mo_builtin_values(const struct mo_call *c)
{
	const struct mo_value *map = mo_arg_record(c, 0);
	struct mo_value *list = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; map && i < map->members.len; i++) {
		mo_push(c->ev->arena, &list->items, map->members.items[i].value);
	}
	return map ? list : mo_builtin_error();
}

static const struct mo_value *
pair(const struct mo_call *c, struct mo_str a_name, const struct mo_value *a, struct mo_str b_name, const struct mo_value *b)
{
	struct mo_value *record = mo_value_record(c->ev->arena, c->span);
	mo_value_set(c->ev->arena, record, a_name, c->span, a);
	mo_value_set(c->ev->arena, record, b_name, c->span, b);
	return record;
}

const struct mo_value *
mo_builtin_entries(const struct mo_call *c)
{
	const struct mo_value *map = mo_arg_record(c, 0);
	struct mo_value *list = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; map && i < map->members.len; i++) {
		const struct mo_value_member *m = &map->members.items[i];
		const struct mo_value *key = mo_value_string(c->ev->arena, m->key_span, m->key);
		mo_push(c->ev->arena, &list->items, pair(c, MO_STR("key"), key, MO_STR("value"), m->value));
	}
	return map ? list : mo_builtin_error();
}

const struct mo_value *
mo_builtin_merge(const struct mo_call *c)
{
	struct mo_value *merged = mo_value_record(c->ev->arena, c->span);
	for (uint32_t i = 0; i < c->count; i++) {
		if (!c->args[i] || c->args[i]->kind == MO_VALUE_NONE) {
			continue; // an optional map that is absent adds nothing
		}
		const struct mo_value *map = mo_arg_record(c, i);
		if (!map) {
			return mo_builtin_error();
		}
		for (uint32_t k = 0; k < map->members.len; k++) {
			const struct mo_value_member *m = &map->members.items[k];
			if (m->value->kind != MO_VALUE_NONE || !mo_value_get(merged, m->key)) {
				mo_value_set(c->ev->arena, merged, m->key, m->key_span, m->value);
			}
		}
	}
	return mo_list_has_room(c, merged->members.len) ? merged : mo_builtin_error();
}

// ---- rearranging -----------------------------------------------------------------------------------------------------------------

const struct mo_value *
mo_builtin_flatten(const struct mo_call *c)
{
	const struct mo_value *lists = mo_arg_list(c, 0);
	struct mo_value *flat = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; lists && i < lists->items.len; i++) {
		const struct mo_value *element = lists->items.items[i];
		struct mo_call inner = *c;
		inner.args = &element;
		if (element->kind == MO_VALUE_NONE) {
			continue;
		}
		const struct mo_value *one = mo_arg_list(&inner, 0);
		if (!one || !mo_list_has_room(c, (uint64_t)flat->items.len + one->items.len)) {
			return mo_builtin_error();
		}
		for (uint32_t k = 0; k < one->items.len; k++) {
			mo_push(c->ev->arena, &flat->items, one->items.items[k]);
		}
	}
	return lists ? flat : mo_builtin_error();
}

// Elements that were kept, by hash; elements of one hash are chained by index.
struct seen {
	struct mo_map by_hash; // hash -> index + 1 of the last kept element with it
	uint32_t *before;      // of each kept element: the index + 1 of the one before with its hash
};

static bool
is_new(struct mo_arena *a, struct seen *seen, const struct mo_value *kept, const struct mo_value *v)
{
	uint64_t hash = mo_value_hash(v);
	uintptr_t last = (uintptr_t)mo_map_get(&seen->by_hash, hash);
	for (uintptr_t i = last; i; i = seen->before[i - 1]) {
		if (mo_value_equal(kept->items.items[i - 1], v)) {
			return false;
		}
	}
	seen->before[kept->items.len] = (uint32_t)last;
	mo_map_put(a, &seen->by_hash, hash, (void *)((uintptr_t)kept->items.len + 1));
	return true;
}

const struct mo_value *
mo_builtin_distinct(const struct mo_call *c)
{
	const struct mo_value *list = mo_arg_list(c, 0);
	if (!list) {
		return mo_builtin_error();
	}
	struct mo_value *kept = mo_value_list(c->ev->arena, c->span);
	struct seen seen = { .before = mo_new_array(c->ev->arena, uint32_t, list->items.len) };
	for (uint32_t i = 0; i < list->items.len; i++) {
		if (is_new(c->ev->arena, &seen, kept, list->items.items[i])) {
			mo_push(c->ev->arena, &kept->items, list->items.items[i]);
		}
	}
	return kept;
}

const struct mo_value *
mo_builtin_reverse(const struct mo_call *c)
{
	const struct mo_value *list = mo_arg_list(c, 0);
	struct mo_value *reversed = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = list ? list->items.len : 0; i > 0; i--) {
		mo_push(c->ev->arena, &reversed->items, list->items.items[i - 1]);
	}
	return list ? reversed : mo_builtin_error();
}

const struct mo_value *
mo_builtin_zip(const struct mo_call *c)
{
	const struct mo_value *a = mo_arg_list(c, 0), *b = a ? mo_arg_list(c, 1) : NULL;
	if (!b) {
		return mo_builtin_error();
	}
	if (a->items.len != b->items.len) {
		struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_LENGTHS_DIFFER, c->span, "`zip` is given lists of %u and %u elements",
			a->items.len, b->items.len);
		mo_diag_help(d, "`slice` cuts the longer one");
		return mo_builtin_error();
	}
	struct mo_value *pairs = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; i < a->items.len; i++) {
		const struct mo_value *both = pair(c, MO_STR("first"), a->items.items[i], MO_STR("second"), b->items.items[i]);
		mo_push(c->ev->arena, &pairs->items, both);
	}
	return pairs;
}

// The byte where a character starts.
static size_t
byte_of(struct mo_str text, int64_t character)
{
	size_t at = 0;
	uint32_t code_point;
	for (; character > 0 && at < text.len; character--) {
		at += mo_str_code_point(text, at, &code_point);
	}
	return at;
}

static bool
slice_bounds(const struct mo_call *c, int64_t length, int64_t *from, int64_t *to)
{
	*to = length;
	if (!mo_arg_int(c, 1, from) || (c->count > 2 && c->args[2] && !mo_arg_int(c, 2, to))) {
		return false;
	}
	if (*from < 0 || *from > length) {
		mo_arg_refuse(c, 1, "is %lld, positions from 0 to %lld are possible", (long long)*from, (long long)length);
		return false;
	}
	if (*to < *from || *to > length) {
		mo_arg_refuse(c, 2, "is %lld, positions from %lld to %lld are possible", (long long)*to, (long long)*from, (long long)length);
		return false;
	}
	return true;
}

const struct mo_value *
mo_builtin_slice(const struct mo_call *c)
{
	int64_t from, to;
	if (c->args[0]->kind == MO_VALUE_STRING) {
		struct mo_str text = c->args[0]->text;
		if (!slice_bounds(c, (int64_t)mo_str_columns(text), &from, &to)) {
			return mo_builtin_error();
		}
		return mo_give_text(c, mo_str_sub(text, byte_of(text, from), byte_of(text, to)));
	}
	if (c->args[0]->kind == MO_VALUE_DEPLOY && !c->args[0]->is_list) {
		return mo_arg_is_deploy_time(c, 0, "`split` takes a text apart at deploy time too");
	}
	const struct mo_value *list = mo_arg_list(c, 0);
	if (!list || !slice_bounds(c, list->items.len, &from, &to)) {
		return mo_builtin_error();
	}
	struct mo_value *part = mo_value_list(c->ev->arena, c->span);
	for (int64_t i = from; i < to; i++) {
		mo_push(c->ev->arena, &part->items, list->items.items[i]);
	}
	return part;
}

// ---- order -----------------------------------------------------------------------------------------------------------------------

// Numbers, measures and texts can be ordered, each among themselves.
static int
order_class(const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_INT:
	case MO_VALUE_FLOAT:
		return 1;
	case MO_VALUE_STRING:
		return 2;
	case MO_VALUE_DURATION:
		return 3;
	case MO_VALUE_SIZE:
		return 4;
	case MO_VALUE_CIDR:
		return 5;
	default:
		return 0;
	}
}

static double
as_double(const struct mo_value *v)
{
	return v->kind == MO_VALUE_FLOAT ? v->number : (double)v->integer;
}

static int
compare_values(const struct mo_value *a, const struct mo_value *b)
{
	if (a->kind == MO_VALUE_STRING) {
		return mo_str_cmp(a->text, b->text);
	}
	if (a->kind == MO_VALUE_CIDR) {
		int address = (a->cidr.address > b->cidr.address) - (a->cidr.address < b->cidr.address);
		return address ? address : (int)a->cidr.prefix - (int)b->cidr.prefix;
	}
	if (a->kind == MO_VALUE_FLOAT || b->kind == MO_VALUE_FLOAT) {
		double x = as_double(a), y = as_double(b);
		return (x > y) - (x < y);
	}
	return (a->integer > b->integer) - (a->integer < b->integer);
}

// Elements of one orderable class, `numbers` only: no texts or ranges. NULL after a report.
static const struct mo_value *
orderable(const struct mo_call *c, bool numbers)
{
	const struct mo_value *list = known_list(c, 0);
	for (uint32_t i = 0; list && i < list->items.len; i++) {
		const struct mo_value *v = list->items.items[i];
		int class = order_class(v);
		bool wrong = class == 0 || class != order_class(list->items.items[0]) || (numbers && (class == 2 || class == 5));
		if (wrong) {
			struct mo_call inner = *c;
			inner.args = &v;
			mo_arg_misfit(&inner, 0, numbers ? "numbers of one kind" : "elements that can be ordered: numbers, or texts");
			return NULL;
		}
	}
	return list;
}

struct sorted {
	const struct mo_value *value;
	uint32_t index;
};

// Equal elements stay in their order.
static int
compare_sorted(const void *x, const void *y)
{
	const struct sorted *a = x, *b = y;
	int order = compare_values(a->value, b->value);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

const struct mo_value *
mo_builtin_sort(const struct mo_call *c)
{
	const struct mo_value *list = orderable(c, false);
	if (!list) {
		return mo_builtin_error();
	}
	struct sorted *items = mo_new_array(c->ev->arena, struct sorted, list->items.len);
	for (uint32_t i = 0; i < list->items.len; i++) {
		items[i] = (struct sorted){ list->items.items[i], i };
	}
	if (list->items.len) {
		qsort(items, list->items.len, sizeof(items[0]), compare_sorted);
	}
	struct mo_value *result = mo_value_list(c->ev->arena, c->span);
	for (uint32_t i = 0; i < list->items.len; i++) {
		mo_push(c->ev->arena, &result->items, items[i].value);
	}
	return result;
}

static const struct mo_value *
extreme(const struct mo_call *c, int sign)
{
	const struct mo_value *list = orderable(c, true);
	if (!list) {
		return mo_builtin_error();
	}
	if (list->items.len == 0) {
		struct mo_diag *d = mo_report(c->ev->ctx->diags, MSG_EMPTY_LIST, mo_arg_span(c, 0), "an empty list has no %s element",
			sign < 0 ? "least" : "greatest");
		mo_diag_help(d, "say what is meant then: `if length(xs) == 0 then … else %s(xs)`", c->builtin->name);
		return mo_builtin_error();
	}
	const struct mo_value *best = list->items.items[0];
	for (uint32_t i = 1; i < list->items.len; i++) {
		if (compare_values(list->items.items[i], best) * sign > 0) {
			best = list->items.items[i];
		}
	}
	return best;
}

const struct mo_value *
mo_builtin_min(const struct mo_call *c)
{
	return extreme(c, -1);
}

const struct mo_value *
mo_builtin_max(const struct mo_call *c)
{
	return extreme(c, 1);
}

// ---- adding up -------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
overflow(const struct mo_call *c)
{
	mo_report(c->ev->ctx->diags, MSG_OVERFLOW, c->span, "the sum leaves the range of 64 bits");
	return mo_builtin_error();
}

static const struct mo_value *
sum_of_floats(const struct mo_call *c, const struct mo_value *list)
{
	double total = 0;
	for (uint32_t i = 0; i < list->items.len; i++) {
		total += as_double(list->items.items[i]);
	}
	return isfinite(total) ? mo_value_float(c->ev->arena, c->span, total) : overflow(c);
}

const struct mo_value *
mo_builtin_sum(const struct mo_call *c)
{
	const struct mo_value *list = orderable(c, true);
	int64_t total = 0;
	if (!list) {
		return mo_builtin_error();
	}
	for (uint32_t i = 0; i < list->items.len; i++) {
		if (list->items.items[i]->kind == MO_VALUE_FLOAT) {
			return sum_of_floats(c, list);
		}
	}
	for (uint32_t i = 0; i < list->items.len; i++) {
		if (__builtin_add_overflow(total, list->items.items[i]->integer, &total)) {
			return overflow(c);
		}
	}
	struct mo_value *sum = mo_value_new(c->ev->arena, list->items.len ? list->items.items[0]->kind : MO_VALUE_INT, c->span);
	sum->integer = total;
	return sum;
}

// ---- truth -----------------------------------------------------------------------------------------------------------------------

// Elements may be conditions that only CloudFormation can decide.
static const struct mo_value *
all_or_any(const struct mo_call *c, bool all)
{
	const struct mo_value *list = mo_arg_list(c, 0);
	struct mo_truth result = mo_truth_known(all);
	if (!list) {
		return mo_builtin_error();
	}
	for (uint32_t i = 0; i < list->items.len; i++) {
		const struct mo_value *v = list->items.items[i];
		struct mo_truth one;
		if (!mo_truth_of(c->ev, v, mo_span_is_nowhere(v->span) ? c->span : v->span, (struct mo_str){ 0 }, &one)) {
			return mo_builtin_error();
		}
		result = all ? mo_truth_both(c->ev, result, one) : mo_truth_either(c->ev, result, one);
	}
	return mo_truth_value(c->ev, c->span, result);
}

const struct mo_value *
mo_builtin_all(const struct mo_call *c)
{
	return all_or_any(c, true);
}

const struct mo_value *
mo_builtin_any(const struct mo_call *c)
{
	return all_or_any(c, false);
}
