// SPDX-License-Identifier: Apache-2.0
// Whether the actions of a statement are about the resources that it names. IAM takes any combination, and then the action is allowed on
// nothing. Compares ARNs as patterns; what is known only at deploy time may be anything.
#include "check/policy.h"

enum { LONGEST = 400 }; // of a pattern; longer ones are taken to fit

// ---- patterns --------------------------------------------------------------------------------------------------------------------

static bool
is_wild(char c)
{
	return c == '*';
}

static bool
same(char a, char b)
{
	return a == '?' || b == '?' || a == b;
}

// Whether some text matches both patterns.
static bool
overlap(struct mo_str a, struct mo_str b)
{
	bool rows[2][LONGEST + 1];
	if (a.len >= LONGEST || b.len >= LONGEST) {
		return true;
	}
	for (size_t i = 0; i <= a.len; i++) {
		bool *row = rows[i & 1], *above = rows[(i + 1) & 1];
		for (size_t j = 0; j <= b.len; j++) {
			bool wild_a = i > 0 && is_wild(a.p[i - 1]), wild_b = j > 0 && is_wild(b.p[j - 1]);
			bool fits = i == 0 && j == 0;
			fits = fits || (i > 0 && above[j] && (wild_a || wild_b));
			fits = fits || (j > 0 && row[j - 1] && (wild_a || wild_b));
			row[j] = fits || (i > 0 && j > 0 && above[j - 1] && (wild_a || wild_b || same(a.p[i - 1], b.p[j - 1])));
		}
	}
	return rows[a.len & 1][b.len];
}

// "arn:${Partition}:s3:::${BucketName}" as a pattern.
static void
add_template(struct mo_buf *b, struct mo_str arn)
{
	for (size_t i = 0; i < arn.len; i++) {
		ptrdiff_t end = arn.p[i] == '$' ? mo_str_find(arn, MO_STR("}"), i) : -1;
		mo_buf_addc(b, end < 0 ? arn.p[i] : '*');
		i = end < 0 ? i : (size_t)end;
	}
}

static void
add_pattern(struct mo_buf *b, const struct mo_ir_value *v)
{
	bool reference = v->kind == MO_IR_RESOURCE || v->kind == MO_IR_ATTRIBUTE;
	struct mo_str arn = reference && v->resource->catalog ? mo_cat_resource(v->resource->catalog).arn_template : MO_STR("");
	bool is_arn = v->kind == MO_IR_ATTRIBUTE && mo_str_ends(v->attribute, MO_STR("Arn"));
	if (v->kind == MO_IR_STRING) {
		mo_buf_add(b, v->text);
	} else if (is_arn && arn.len) {
		add_template(b, arn);
		mo_buf_adds(b, mo_str_is(v->resource->type, "AWS::Logs::LogGroup") ? ":*" : "");
	} else {
		mo_buf_addc(b, '*');
	}
}

static struct mo_str
pattern_of(struct mo_policy *p, const struct mo_ir_value *v)
{
	struct mo_buf b = mo_buf_in(p->c->arena);
	for (uint32_t i = 0; v->kind == MO_IR_SUB && i < v->items.len; i++) {
		add_pattern(&b, v->items.items[i]);
	}
	if (v->kind != MO_IR_SUB) {
		add_pattern(&b, v);
	}
	return mo_buf_str(&b);
}

// ---- statements ------------------------------------------------------------------------------------------------------------------

struct mo_policy_resources {
	MO_VEC(struct mo_str) patterns;
	bool any; // everything is among them
};

static void
add_resource(struct mo_policy *p, const struct mo_ir_value *v)
{
	struct mo_policy_resources *n = p->resources;
	struct mo_str pattern = pattern_of(p, v);
	n->any = n->any || !mo_str_starts(pattern, MO_STR("arn:")); // "*", and what is reported as no ARN
	mo_push(p->c->arena, &n->patterns, pattern);
}

// Whether an action of the catalog is about one of the resources.
static bool
takes(struct mo_policy *p, const struct mo_policy_resources *n, mo_cat action)
{
	uint32_t count = mo_cat_action(action).resource_types;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_buf b = mo_buf_in(p->c->arena);
		add_template(&b, mo_cat_action_resource(action, i).arn);
		for (uint32_t k = 0; k < n->patterns.len; k++) {
			if (overlap(n->patterns.items[k], mo_buf_str(&b))) {
				return true;
			}
		}
	}
	return false;
}

static void
report(struct mo_policy *p, const struct mo_ir_value *v, mo_cat action)
{
	struct mo_buf b = mo_buf_in(p->c->arena);
	uint32_t count = action ? mo_cat_action(action).resource_types : 0;
	struct mo_diag *d = mo_policy_report(p, MSG_ACTION_ON_NOTHING, v->span, "`" MO_STR_FMT "` is about none of the resources of its statement",
		MO_STR_ARG(v->text));
	for (uint32_t i = 0; i < count; i++) {
		mo_buf_printf(&b, "%s%s" MO_STR_FMT, i ? ", " : "", i && i + 1 == count ? "or " : "", MO_STR_ARG(mo_cat_action_resource(action, i).arn));
	}
	if (count) {
		mo_diag_note(d, "it takes " MO_STR_FMT, MO_STR_ARG(mo_buf_str(&b)));
	} else if (action) {
		mo_diag_note(d, "it takes no resource");
		mo_diag_help(d, "allow it in a statement of its own, on \"*\"");
	}
}

static void
check_action(struct mo_policy *p, const struct mo_ir_value *v)
{
	const struct mo_policy_resources *n = p->resources;
	ptrdiff_t colon = v->kind == MO_IR_STRING ? mo_str_find(v->text, MO_STR(":"), 0) : -1;
	mo_cat service = colon < 0 ? 0 : mo_cat_find_service(mo_str_sub(v->text, 0, (size_t)colon)), last = 0;
	uint32_t found = 0;
	if (!service) {
		return; // anything, or reported
	}
	struct mo_str name = mo_str_sub(v->text, (size_t)colon + 1, v->text.len);
	for (uint32_t i = 0; i < mo_cat_service(service).actions; i++) {
		mo_cat action = mo_cat_action_at(service, i);
		if (mo_cat_pattern_matches(name, mo_cat_action(action).name)) {
			if (takes(p, n, action)) {
				return;
			}
			last = action;
			found++;
		}
	}
	if (found) {
		report(p, v, found == 1 ? last : 0);
	}
}

void
mo_policy_check_pairing(struct mo_policy *p, const struct mo_ir_value *statement)
{
	struct mo_policy_resources named = { 0 };
	const struct mo_ir_value *resources = mo_ir_get(statement, MO_STR("Resource")), *actions = mo_ir_get(statement, MO_STR("Action"));
	if (!resources || !actions) {
		return;
	}
	p->resources = &named;
	mo_policy_each(p, resources, add_resource);
	if (!named.any && named.patterns.len) {
		mo_policy_each(p, actions, check_action);
	}
	p->resources = NULL;
}
