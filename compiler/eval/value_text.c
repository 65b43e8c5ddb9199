// SPDX-License-Identifier: Apache-2.0
// Values as words for messages. Nothing here is read back by a program.
#include "base/json_writer.h"
#include "eval/value.h"
#include "sema/scope.h"

#include <inttypes.h>

enum { LONGEST_TEXT = 60, LONGEST_STRING = 40, DEEPEST_TEXT = 4 };

static struct mo_str
list_kind(struct mo_arena *a, const struct mo_value *v)
{
	return v->items.len == 0 ? MO_STR("an empty list") : mo_str_printf(a, "a list of %u", v->items.len);
}

static struct mo_str
record_kind(struct mo_arena *a, const struct mo_value *v)
{
	if (v->members.len == 0) {
		return MO_STR("an empty record");
	}
	struct mo_buf b = mo_buf_in(a);
	mo_buf_adds(&b, "a record of ");
	for (uint32_t i = 0; i < v->members.len; i++) {
		if (i == 3 && v->members.len > 4) {
			mo_buf_printf(&b, " and %u more", v->members.len - i);
			break;
		}
		mo_buf_printf(&b, "%s`" MO_STR_FMT "`", i ? ", " : "", MO_STR_ARG(v->members.items[i].key));
	}
	return mo_buf_str(&b);
}

struct mo_str
mo_value_kind_text(struct mo_arena *a, const struct mo_value *v)
{
	switch (v->kind) {
	case MO_VALUE_ERROR: return MO_STR("an erroneous value");
	case MO_VALUE_NONE: return MO_STR("none");
	case MO_VALUE_BOOL: return MO_STR("a Bool");
	case MO_VALUE_INT: return MO_STR("an Int");
	case MO_VALUE_FLOAT: return MO_STR("a Float");
	case MO_VALUE_STRING: return MO_STR("a String");
	case MO_VALUE_CIDR: return MO_STR("a Cidr");
	case MO_VALUE_DURATION: return MO_STR("a Duration");
	case MO_VALUE_SIZE: return MO_STR("a Size");
	case MO_VALUE_LIST: return list_kind(a, v);
	case MO_VALUE_RECORD: return record_kind(a, v);
	case MO_VALUE_DEPLOY: return v->is_list ? MO_STR("a list known at deploy time") : MO_STR("a value known at deploy time");
	case MO_VALUE_RESOURCE: return mo_str_printf(a, "the resource `" MO_STR_FMT "` (" MO_STR_FMT ")",
		MO_STR_ARG(v->resource->origin.path), MO_STR_ARG(v->resource->type));
	case MO_VALUE_INSTANCE: return MO_STR("an instance");
	case MO_VALUE_FAMILY: return MO_STR("a family");
	case MO_VALUE_ACCOUNT: return MO_STR("an account");
	case MO_VALUE_TARGET: return MO_STR("a target");
	case MO_VALUE_STACK: return MO_STR("a stack");
	case MO_VALUE_TEMPLATE: return MO_STR("a template");
	case MO_VALUE_MODULE: return MO_STR("an imported file");
	case MO_VALUE_AWS: return MO_STR("`aws`");
	}
	return MO_STR("a value");
}

// ---- the value itself ------------------------------------------------------------------------------------------------------------

struct unit {
	const char *name;
	int64_t size;
};

// In the largest unit that divides it: 90s, 2h, 5GiB.
static void
put_measure(struct mo_buf *b, int64_t n, const struct unit *units)
{
	while (units->size > 1 && (n == 0 || n % units->size)) {
		units++;
	}
	mo_buf_printf(b, "%" PRId64 "%s", n / units->size, units->name);
}

static const struct unit durations[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "min", 60000 }, { "s", 1000 }, { "ms", 1 },
};

static const struct unit sizes[] = {
	{ "TiB", INT64_C(1) << 40 }, { "GiB", 1 << 30 }, { "MiB", 1 << 20 }, { "KiB", 1 << 10 }, { "B", 1 },
};

// Cut between characters, quotes and line ends escaped.
static void
put_string(struct mo_buf *b, struct mo_str s)
{
	size_t end = s.len;
	if (end > LONGEST_STRING) {
		end = LONGEST_STRING;
		while (end > 0 && ((unsigned char)s.p[end] & 0xc0) == 0x80) {
			end--;
		}
	}
	mo_json_string(b, mo_str_sub(s, 0, end));
	if (end < s.len) {
		b->len--;
		mo_buf_adds(b, "…\"");
	}
}

static void put(struct mo_buf *b, const struct mo_value *v, uint32_t depth);

static void
put_list(struct mo_buf *b, const struct mo_value *v, uint32_t depth)
{
	mo_buf_addc(b, '[');
	for (uint32_t i = 0; i < v->items.len; i++) {
		mo_buf_adds(b, i ? ", " : "");
		if (b->len > LONGEST_TEXT || depth > DEEPEST_TEXT) {
			mo_buf_adds(b, "…");
			break;
		}
		put(b, v->items.items[i], depth + 1);
	}
	mo_buf_addc(b, ']');
}

static void
put_record(struct mo_buf *b, const struct mo_value *v, uint32_t depth)
{
	mo_buf_adds(b, v->members.len ? "{ " : "{");
	for (uint32_t i = 0; i < v->members.len; i++) {
		mo_buf_adds(b, i ? ", " : "");
		if (b->len > LONGEST_TEXT || depth > DEEPEST_TEXT) {
			mo_buf_adds(b, "…");
			break;
		}
		mo_buf_printf(b, MO_STR_FMT ": ", MO_STR_ARG(v->members.items[i].key));
		put(b, v->members.items[i].value, depth + 1);
	}
	mo_buf_adds(b, v->members.len ? " }" : "}");
}

static void
put(struct mo_buf *b, const struct mo_value *v, uint32_t depth)
{
	switch (v->kind) {
	case MO_VALUE_NONE:
		mo_buf_adds(b, "none");
		break;
	case MO_VALUE_BOOL:
		mo_buf_adds(b, v->boolean ? "true" : "false");
		break;
	case MO_VALUE_INT:
		mo_buf_printf(b, "%" PRId64, v->integer);
		break;
	case MO_VALUE_FLOAT:
		mo_json_number(b, v->number);
		break;
	case MO_VALUE_STRING:
		put_string(b, v->text);
		break;
	case MO_VALUE_CIDR:
		mo_buf_add(b, mo_cidr_text(b->arena, v->cidr));
		break;
	case MO_VALUE_DURATION:
		put_measure(b, v->integer, durations);
		break;
	case MO_VALUE_SIZE:
		put_measure(b, v->integer, sizes);
		break;
	case MO_VALUE_LIST:
		put_list(b, v, depth);
		break;
	case MO_VALUE_RECORD:
		put_record(b, v, depth);
		break;
	case MO_VALUE_RESOURCE:
		mo_buf_add(b, v->resource->origin.path);
		break;
	case MO_VALUE_ACCOUNT:
		mo_buf_add(b, v->account->name);
		break;
	case MO_VALUE_TARGET:
		mo_buf_printf(b, MO_STR_FMT "[\"" MO_STR_FMT "\"]", MO_STR_ARG(v->account->name), MO_STR_ARG(v->region));
		break;
	default:
		mo_buf_add(b, mo_value_kind_text(b->arena, v));
		break;
	}
}

struct mo_str
mo_value_text(struct mo_arena *a, const struct mo_value *v)
{
	struct mo_buf b = mo_buf_in(a);
	put(&b, v, 0);
	return mo_buf_str(&b);
}
