// SPDX-License-Identifier: Apache-2.0
// A map read at a key that only CloudFormation knows: a mapping and Fn::FindInMap; Fn::If over the keys where keys or values do not fit
// into a mapping and the key is known to be one of them, or where a missing key gives none.
#include "eval/mapping.h"

// What is read where.
struct look_up {
	struct mo_frame *frame;
	struct mo_index_node *node;
	const struct mo_value *record;
	const struct mo_value *key;
	bool rows; // the values are records
};

// ---- what a mapping can hold -----------------------------------------------------------------------------------------------------

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

bool
mo_mapping_takes_key(struct mo_str key)
{
	return is_alphanumeric(key, true);
}

static bool
is_scalar(const struct mo_value *v)
{
	return v->kind == MO_VALUE_STRING || v->kind == MO_VALUE_INT || v->kind == MO_VALUE_FLOAT || v->kind == MO_VALUE_BOOL
	       || v->kind == MO_VALUE_CIDR;
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

// A column's name: letters and digits, so `instance_type` becomes InstanceType.
static struct mo_str
column_name(struct mo_eval *ev, struct mo_str field)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	if (is_alphanumeric(field, false)) {
		return field;
	}
	mo_id_add(&b, field);
	return mo_buf_str(&b);
}

static const char *
fault_of_row(struct mo_eval *ev, const struct mo_value *row)
{
	for (uint32_t i = 0; i < row->members.len; i++) {
		const struct mo_value_member *cell = &row->members.items[i];
		struct mo_str name = column_name(ev, cell->key);
		if (name.len == 0 || (!mo_is_none(cell->value) && !fits_cell(cell->value))) {
			return "a mapping holds texts, numbers and lists of them, under names of letters and digits";
		}
		for (uint32_t k = 0; k < i; k++) {
			if (mo_str_eq(column_name(ev, row->members.items[k].key), name)) {
				return "two of its fields have the same letters and digits, and a mapping knows no others";
			}
		}
	}
	return row->members.len ? NULL : "one of its records is empty";
}

// What is wrong with the map as a mapping; NULL when it is fine.
static const char *
fault_of(struct mo_eval *ev, struct look_up *l)
{
	const struct mo_value *record = l->record;
	if (l->key->is_list) {
		return "the key is a list";
	}
	if (record->members.len == 0) {
		return "it is empty";
	}
	l->rows = record->members.items[0].value->kind == MO_VALUE_RECORD;
	for (uint32_t i = 0; i < record->members.len; i++) {
		const struct mo_value_member *m = &record->members.items[i];
		bool row = m->value->kind == MO_VALUE_RECORD;
		if (!mo_mapping_takes_key(m->key)) {
			return "a mapping's keys are letters, digits, `.` and `-`";
		}
		if (row != l->rows || (!row && !fits_cell(m->value))) {
			return "a mapping holds texts, numbers and lists of them, known at compile time";
		}
		const char *fault = row ? fault_of_row(ev, m->value) : NULL;
		if (fault) {
			return fault;
		}
	}
	return NULL;
}

static const struct mo_value *
refuse(struct mo_eval *ev, const struct look_up *l, const char *why)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_CANNOT_COMPUTE, l->node->keys.items[0]->span,
		"CloudFormation cannot look this map up by a key that it learns only then: %s", why);
	if (!mo_span_is_nowhere(l->key->span)) {
		mo_diag_label(d, l->key->span, "known only at deploy time");
	}
	mo_diag_help(d, "`match` over the key, with an arm for each of its values");
	return mo_error_value();
}

// ---- keys ------------------------------------------------------------------------------------------------------------------------

// Whether the key is one of those that the map has, whatever CloudFormation finds it to be.
static bool
is_among_keys(const struct look_up *l, const struct mo_type *key)
{
	if (!key) {
		return false;
	}
	if (key->kind == MO_TYPE_UNION) {
		for (uint32_t i = 0; i < key->alternatives.len; i++) {
			if (!is_among_keys(l, key->alternatives.items[i])) {
				return false;
			}
		}
		return key->alternatives.len > 0;
	}
	return key->kind == MO_TYPE_STRING && key->is_literal && mo_value_get(l->record, key->literal);
}

// `size`, `aws.region`: how conditions and mappings call the key.
static struct mo_str
key_name(struct mo_eval *ev, const struct look_up *l, bool within_instance)
{
	return mo_condition_name(ev, within_instance ? l->frame : NULL, l->node->keys.items[0]);
}

// After the name of the map; `BySize` for one that has none.
static struct mo_str
mapping_id(struct mo_eval *ev, const struct look_up *l)
{
	struct mo_str id = l->node->object ? mo_condition_name(ev, NULL, l->node->object) : (struct mo_str){ 0 };
	struct mo_str key = key_name(ev, l, false);
	return id.len ? id : key.len ? mo_str_printf(ev->arena, "By" MO_STR_FMT, MO_STR_ARG(key)) : MO_STR("Map");
}

static bool
key_is(struct mo_eval *ev, const struct look_up *l, struct mo_str wanted, struct mo_truth *out)
{
	struct mo_span span = l->node->keys.items[0]->span;
	const struct mo_value *equal = mo_equal(ev, span, l->key, mo_value_string(ev->arena, span, wanted), false);
	struct mo_str of = key_name(ev, l, true);
	struct mo_buf name = mo_buf_in(ev->arena);
	if (of.len) {
		mo_buf_printf(&name, MO_STR_FMT "Is", MO_STR_ARG(of));
		mo_id_add(&name, wanted);
	}
	return mo_truth_of(ev, equal, span, mo_buf_str(&name), out);
}

// "FreeHasExtra", "FreeInSizes"; a single key has a name already.
static void
name_choice(struct mo_eval *ev, const struct look_up *l, struct mo_str field, struct mo_truth t)
{
	struct mo_str of = key_name(ev, l, true);
	struct mo_buf name = mo_buf_in(ev->arena);
	if (t.known || t.condition->id.len || of.len == 0) {
		return;
	}
	mo_buf_printf(&name, MO_STR_FMT "%s", MO_STR_ARG(of), field.len ? "Has" : "In");
	mo_id_add(&name, field.len ? field : mapping_id(ev, l));
	t.condition->id = mo_buf_str(&name);
}

// Whether the key is one of those whose records have the field; any record has it when the field is empty.
static bool
has_field(struct mo_eval *ev, const struct look_up *l, struct mo_str field, struct mo_truth *out)
{
	*out = mo_truth_known(false);
	for (uint32_t i = 0; i < l->record->members.len; i++) {
		const struct mo_value_member *m = &l->record->members.items[i];
		const struct mo_value *cell = field.len ? mo_value_get(m->value, field) : m->value;
		struct mo_truth t;
		if (!cell || mo_is_none(cell)) {
			continue;
		}
		if (!key_is(ev, l, m->key, &t)) {
			return false;
		}
		*out = mo_truth_either(ev, *out, t);
	}
	name_choice(ev, l, field, *out);
	return true;
}

// The value where the truth holds, none elsewhere.
static const struct mo_value *
where(struct mo_eval *ev, const struct look_up *l, struct mo_truth t, const struct mo_value *v)
{
	const struct mo_value *none = mo_value_simple(MO_VALUE_NONE);
	return t.known ? (t.truth ? v : none) : mo_choose(ev, l->node->node.span, t.condition, v, none, NULL);
}

// ---- Fn::If over the keys --------------------------------------------------------------------------------------------------------

static const struct mo_value *
choose_by_key(struct mo_eval *ev, const struct look_up *l)
{
	const struct mo_value *v = l->node->optional ? mo_value_simple(MO_VALUE_NONE) : NULL;
	struct mo_truth there;
	if (v && !has_field(ev, l, (struct mo_str){ 0 }, &there)) { // gives that condition its name
		return mo_error_value();
	}
	for (uint32_t i = l->record->members.len; i-- > 0 && !(v && mo_is_error(v));) {
		const struct mo_value_member *m = &l->record->members.items[i];
		struct mo_truth t;
		if (!v) {
			v = m->value; // the last key is what is left
		} else if (!key_is(ev, l, m->key, &t)) {
			return mo_error_value();
		} else {
			v = t.known ? (t.truth ? m->value : v) : mo_choose(ev, l->node->node.span, t.condition, m->value, v, NULL);
		}
	}
	return v ? v : mo_error_value();
}

// ---- mappings --------------------------------------------------------------------------------------------------------------------

static const struct mo_ir_value *
row_of(struct mo_eval *ev, const struct look_up *l, const struct mo_value_member *m)
{
	struct mo_ir_value *row = mo_ir_object(ev->arena, m->value->span);
	if (!l->rows) {
		mo_ir_set(ev->arena, row, MO_STR("Value"), m->key_span, mo_lower(ev, m->value));
		return row;
	}
	for (uint32_t i = 0; i < m->value->members.len; i++) {
		const struct mo_value_member *cell = &m->value->members.items[i];
		if (!mo_is_none(cell->value)) {
			mo_ir_set(ev->arena, row, column_name(ev, cell->key), cell->key_span, mo_lower(ev, cell->value));
		}
	}
	return row;
}

static const struct mo_ir_value *
table_of(struct mo_eval *ev, const struct look_up *l)
{
	struct mo_ir_value *table = mo_ir_object(ev->arena, l->record->span);
	for (uint32_t i = 0; i < l->record->members.len; i++) {
		const struct mo_value_member *m = &l->record->members.items[i];
		mo_push(ev->arena, &table->members, (struct mo_ir_member){ m->key, m->key_span, row_of(ev, l, m) });
	}
	return table;
}

// The first operand of Fn::FindInMap.
static const struct mo_ir_value *
mapping_of(struct mo_eval *ev, const struct look_up *l)
{
	struct mo_span span = l->node->node.span;
	struct mo_ir_mapping *mapping = mo_map_get(&ev->evaluator->mappings, MO_KEY(l->record));
	if (!mapping) {
		mapping = mo_new(ev->arena, struct mo_ir_mapping);
		mapping->id = mapping_id(ev, l);
		mapping->origin = (struct mo_ir_origin){ .span = span, .definition = span };
		mapping->table = table_of(ev, l);
		mo_map_put(ev->arena, &ev->evaluator->mappings, MO_KEY(l->record), mapping);
	}
	const struct mo_ir_value *name = mo_ir_string(ev->arena, span, mapping->id);
	mo_map_put(ev->arena, &ev->evaluator->mapping_names, MO_KEY(name), mapping);
	return name;
}

const struct mo_ir_value *
mo_mapping_operand(struct mo_eval *ev, struct mo_node *object, const struct mo_value *record, struct mo_node *key)
{
	struct mo_index_node *n = mo_new(ev->arena, struct mo_index_node);
	struct look_up l = { .node = n, .record = record, .key = mo_value_simple(MO_VALUE_NONE) };
	n->node.span = object->span;
	n->object = object;
	mo_push(ev->arena, &n->keys, key);
	const char *fault = record->kind != MO_VALUE_RECORD ? "it is no map" : fault_of(ev, &l);
	fault = fault ? fault : l.rows ? NULL : "its values are no records";
	if (!fault) {
		return mapping_of(ev, &l);
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_BAD_ARGUMENT, object->span, "this cannot be a mapping: %s", fault);
	mo_diag_help(d, "a map of records of texts, such as `{ small: { memory: 512 } }`, or the text of a mapping's logical ID");
	return NULL;
}

struct mo_str
mo_mapping_column(struct mo_eval *ev, struct mo_str field)
{
	return column_name(ev, field);
}

static const struct mo_value *
find(struct mo_eval *ev, const struct look_up *l, const struct mo_ir_value *map, struct mo_str column, bool is_list)
{
	struct mo_span span = l->node->node.span;
	const struct mo_ir_value *args[3] = { map, l->key->ir, mo_ir_string(ev->arena, span, column) };
	return mo_value_deploy(ev->arena, span, mo_ir_call_list(ev->arena, span, MO_STR("Fn::FindInMap"), args, 3), is_list);
}

// A field of the record at the key: none where the record at the key has no such field.
static const struct mo_value *
find_field(struct mo_eval *ev, const struct look_up *l, const struct mo_ir_value *map, const struct mo_value_member *m)
{
	uint32_t with = 0;
	for (uint32_t i = 0; i < l->record->members.len; i++) {
		const struct mo_value *cell = mo_value_get(l->record->members.items[i].value, m->key);
		with += cell && !mo_is_none(cell);
	}
	const struct mo_value *v = find(ev, l, map, column_name(ev, m->key), m->value->kind == MO_VALUE_LIST);
	struct mo_truth t;
	if (with == l->record->members.len) {
		return v;
	}
	return has_field(ev, l, m->key, &t) ? where(ev, l, t, v) : mo_error_value();
}

static const struct mo_value *
find_row(struct mo_eval *ev, const struct look_up *l, const struct mo_ir_value *map)
{
	struct mo_value *row = mo_value_record(ev->arena, l->node->node.span);
	for (uint32_t i = 0; i < l->record->members.len; i++) {
		const struct mo_value *of = l->record->members.items[i].value;
		for (uint32_t k = 0; k < of->members.len; k++) {
			const struct mo_value_member *m = &of->members.items[k];
			if (!mo_is_none(m->value) && !mo_value_get(row, m->key)) {
				mo_value_set(ev->arena, row, m->key, m->key_span, find_field(ev, l, map, m));
			}
		}
	}
	return row;
}

static const struct mo_value *
find_in_mapping(struct mo_eval *ev, const struct look_up *l, bool certain)
{
	const struct mo_ir_value *map = mapping_of(ev, l);
	const struct mo_value *first = l->record->members.items[0].value;
	const struct mo_value *v = l->rows ? find_row(ev, l, map) : find(ev, l, map, MO_STR("Value"), first->kind == MO_VALUE_LIST);
	struct mo_truth t;
	if (certain || !l->node->optional) {
		return v;
	}
	return has_field(ev, l, (struct mo_str){ 0 }, &t) ? where(ev, l, t, v) : mo_error_value();
}

// ---- dispatch --------------------------------------------------------------------------------------------------------------------

static const struct mo_value *
find_missing(struct mo_eval *ev, const struct look_up *l, struct mo_str key)
{
	const struct mo_value *v = mo_value_get(l->record, key);
	if (v || l->node->optional) {
		return v ? v : mo_value_simple(MO_VALUE_NONE);
	}
	mo_report(ev->ctx->diags, MSG_MISSING_KEY, l->node->keys.items[0]->span, "there is no key `" MO_STR_FMT "`", MO_STR_ARG(key));
	return mo_error_value();
}

// Of a key that was chosen from two: what each of them gives.
static const struct mo_value *
find_by_sides(struct mo_eval *ev, const struct look_up *l, const struct mo_sides *sides)
{
	ev->depth++;
	const struct mo_value *then = mo_mapping_find(ev, l->frame, l->node, l->record, sides->then);
	const struct mo_value *otherwise = mo_mapping_find(ev, l->frame, l->node, l->record, sides->otherwise);
	ev->depth--;
	return mo_choose(ev, l->node->node.span, sides->condition, then, otherwise, NULL);
}

const struct mo_value *
mo_mapping_find(struct mo_eval *ev, struct mo_frame *f, struct mo_index_node *n, const struct mo_value *record, const struct mo_value *key)
{
	struct look_up l = { .frame = f, .node = n, .record = record, .key = key };
	if (key->kind == MO_VALUE_STRING) {
		return find_missing(ev, &l, key->text);
	}
	const struct mo_sides *sides = mo_sides_of(ev, key);
	if (sides && ev->depth < MO_EVAL_DEPTH) {
		return find_by_sides(ev, &l, sides);
	}
	const char *fault = fault_of(ev, &l);
	bool certain = is_among_keys(&l, n->keys.items[0]->type);
	if (!fault) {
		return find_in_mapping(ev, &l, certain);
	}
	bool choice = record->members.len > 0 && !key->is_list && (certain || n->optional);
	return choice ? choose_by_key(ev, &l) : refuse(ev, &l, fault);
}

void
mo_mapping_name(struct mo_eval *ev, const struct mo_value *found, struct mo_str name)
{
	const struct mo_ir_value *ir = found->ir;
	bool find = ir->kind == MO_IR_CALL && mo_str_is(ir->function, "Fn::FindInMap") && ir->argument->kind == MO_IR_LIST;
	struct mo_ir_mapping *m = find ? mo_map_get(&ev->evaluator->mapping_names, MO_KEY(ir->argument->items.items[0])) : NULL;
	if (m) {
		m->id = name;
	}
}
