// SPDX-License-Identifier: Apache-2.0
// A compile-time map read at a key that only CloudFormation knows: a mapping and Fn::FindInMap. Where the keys or values do not fit into
// a mapping, that is an error that says which.
#include "eval/instance.h"

static bool
is_alphanumeric(struct mo_str s, bool dots_and_hyphens)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!plain && !(dots_and_hyphens && (c == '.' || c == '-'))) {
			return false;
		}
	}
	return s.len > 0;
}

static bool
is_scalar(const struct mo_value *v)
{
	return v->kind == MO_VALUE_STRING || v->kind == MO_VALUE_INT || v->kind == MO_VALUE_BOOL || v->kind == MO_VALUE_CIDR;
}

// A row's value: text, or a list of texts.
static bool
fits_cell(const struct mo_value *v)
{
	if (v->kind != MO_VALUE_LIST) {
		return is_scalar(v);
	}
	for (uint32_t i = 0; i < v->items.len; i++) {
		if (!is_scalar(v->items.items[i])) {
			return false;
		}
	}
	return v->items.len > 0;
}

static const struct mo_value *
refuse(struct mo_eval *ev, struct mo_index_node *n, const struct mo_value *key, const char *why)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_CANNOT_COMPUTE, n->keys.items[0]->span,
		"CloudFormation cannot look this map up by a key that it learns only then: %s", why);
	if (!mo_span_is_nowhere(key->span)) {
		mo_diag_label(d, key->span, "known only at deploy time");
	}
	mo_diag_help(d, "`match` over the key, with an arm for each of its values");
	return mo_error_value();
}

// What is wrong with the map as a mapping; NULL when it is fine. *rows: its values are records with the same keys.
static const char *
fault_of(const struct mo_value *record, bool *rows)
{
	if (record->members.len == 0) {
		return "it is empty";
	}
	const struct mo_value *first = record->members.items[0].value;
	*rows = first->kind == MO_VALUE_RECORD;
	for (uint32_t i = 0; i < record->members.len; i++) {
		const struct mo_value_member *m = &record->members.items[i];
		if (!is_alphanumeric(m->key, true)) {
			return "a mapping's keys are letters, digits, `.` and `-`";
		}
		if (!*rows) {
			if (!fits_cell(m->value)) {
				return "a mapping holds texts, numbers and lists of them, known at compile time";
			}
			continue;
		}
		if (m->value->kind != MO_VALUE_RECORD || m->value->members.len != first->members.len) {
			return "its records must have the same fields";
		}
		for (uint32_t k = 0; k < m->value->members.len; k++) {
			const struct mo_value_member *cell = &m->value->members.items[k];
			if (!mo_value_get(first, cell->key)) {
				return "its records must have the same fields";
			}
			if (!is_alphanumeric(cell->key, false) || !fits_cell(cell->value)) {
				return "a mapping holds texts, numbers and lists of them, under names of letters and digits";
			}
		}
	}
	return NULL;
}

static const struct mo_ir_value *
table_of(struct mo_eval *ev, const struct mo_value *record, bool rows)
{
	struct mo_ir_value *table = mo_ir_object(ev->arena, record->span);
	for (uint32_t i = 0; i < record->members.len; i++) {
		const struct mo_value_member *m = &record->members.items[i];
		const struct mo_ir_value *row;
		if (rows) {
			row = mo_lower(ev, m->value);
		} else {
			struct mo_ir_value *one = mo_ir_object(ev->arena, m->value->span);
			mo_ir_set(ev->arena, one, MO_STR("Value"), m->key_span, mo_lower(ev, m->value));
			row = one;
		}
		mo_push(ev->arena, &table->members, (struct mo_ir_member){ m->key, m->key_span, row });
	}
	return table;
}

// The name of the mapping, after the name of the map.
static struct mo_str
mapping_id(struct mo_eval *ev, struct mo_index_node *n)
{
	struct mo_str id = mo_condition_name(ev, NULL, n->object);
	return id.len ? id : MO_STR("Map");
}

static const struct mo_value *
find(struct mo_eval *ev, struct mo_index_node *n, const struct mo_ir_value *map, const struct mo_ir_value *key,
	struct mo_str column, bool is_list)
{
	const struct mo_ir_value *args[3] = { map, key, mo_ir_string(ev->arena, n->node.span, column) };
	return mo_value_deploy(ev->arena, n->node.span, mo_ir_call_list(ev->arena, n->node.span, MO_STR("Fn::FindInMap"), args, 3),
		is_list);
}

const struct mo_value *
mo_mapping_find(struct mo_eval *ev, struct mo_index_node *n, const struct mo_value *record, const struct mo_value *key)
{
	bool rows = false;
	const char *fault = key->is_list ? "the key is a list" : fault_of(record, &rows);
	if (fault) {
		return refuse(ev, n, key, fault);
	}
	struct mo_ir_mapping *mapping = mo_map_get(&ev->evaluator->mappings, MO_KEY(record));
	if (!mapping) {
		mapping = mo_new(ev->arena, struct mo_ir_mapping);
		mapping->id = mapping_id(ev, n);
		mapping->origin = (struct mo_ir_origin){ .span = n->object->span, .definition = n->object->span };
		mapping->table = table_of(ev, record, rows);
		mo_map_put(ev->arena, &ev->evaluator->mappings, MO_KEY(record), mapping);
	}
	const struct mo_ir_value *name = mo_ir_string(ev->arena, n->object->span, mapping->id);
	mo_map_put(ev->arena, &ev->evaluator->mapping_names, MO_KEY(name), mapping);
	const struct mo_value *first = record->members.items[0].value;
	if (!rows) {
		return find(ev, n, name, key->ir, MO_STR("Value"), first->kind == MO_VALUE_LIST);
	}
	struct mo_value *row = mo_value_record(ev->arena, n->node.span);
	for (uint32_t i = 0; i < first->members.len; i++) {
		const struct mo_value_member *m = &first->members.items[i];
		mo_value_set(ev->arena, row, m->key, m->key_span, find(ev, n, name, key->ir, m->key,
			m->value->kind == MO_VALUE_LIST));
	}
	return row;
}
