// SPDX-License-Identifier: Apache-2.0
// Whether the actions of a statement are about the resources that it names, and each resource is what some action is about. IAM takes any
// combination, and then the action is allowed on nothing. Compares ARNs as patterns; what is known only at deploy time may be anything.
#include "check/policy.h"

enum { LONGEST = 400 }; // of a pattern; longer ones are taken to fit

// In a pattern, something without slashes and colons: the name of a bucket, which tells the bucket from what is in it, or where that is. And
// one character of it.
#define SEGMENT '\001'
#define PIECE '\002'

// ---- patterns --------------------------------------------------------------------------------------------------------------------

static bool
is_wild(char c)
{
	return c == '*' || c == SEGMENT;
}

static bool
is_border(char c)
{
	return c == '/' || c == ':';
}

// Whether a character of one pattern may be part of what a wild one of the other stands for.
static bool
covers(char wild, char c)
{
	return is_wild(wild) && (wild != SEGMENT || !is_border(c));
}

static bool
same(char a, char b)
{
	return a == '?' || b == '?' || a == b || (a == PIECE && !is_border(b)) || (b == PIECE && !is_border(a));
}

// Whether some text matches both patterns, in as many steps as the product of their lengths.
static bool
overlap_whole(struct mo_str a, struct mo_str b)
{
	bool rows[2][LONGEST + 1];
	if (a.len >= LONGEST || b.len >= LONGEST) {
		return true;
	}
	for (size_t i = 0; i <= a.len; i++) {
		bool *row = rows[i & 1], *above = rows[(i + 1) & 1];
		for (size_t j = 0; j <= b.len; j++) {
			char ca = i > 0 ? a.p[i - 1] : '\0', cb = j > 0 ? b.p[j - 1] : '\0';
			bool fits = i == 0 && j == 0;
			fits = fits || (i > 0 && above[j] && (is_wild(ca) || covers(cb, ca)));
			fits = fits || (j > 0 && row[j - 1] && (is_wild(cb) || covers(ca, cb)));
			row[j] = fits || (i > 0 && j > 0 && above[j - 1] && (covers(ca, cb) || covers(cb, ca) || same(ca, cb)));
		}
	}
	return rows[a.len & 1][b.len];
}

// Whether some text matches both patterns. Up to the resource, ARNs are compared part by part, which most often ends it early.
static bool
overlap(struct mo_str a, struct mo_str b)
{
	for (int part = 0; part < 5; part++) {
		ptrdiff_t end_a = mo_str_find(a, MO_STR(":"), 0), end_b = mo_str_find(b, MO_STR(":"), 0);
		if (end_a < 0 || end_b < 0 || memchr(a.p, '*', (size_t)end_a) || memchr(b.p, '*', (size_t)end_b)) {
			break; // what matches more than a part
		}
		if (!overlap_whole(mo_str_sub(a, 0, (size_t)end_a), mo_str_sub(b, 0, (size_t)end_b))) {
			return false;
		}
		a = mo_str_sub(a, (size_t)end_a + 1, a.len);
		b = mo_str_sub(b, (size_t)end_b + 1, b.len);
	}
	return overlap_whole(a, b);
}

// Only the account may be empty: "arn:aws:ssm:eu-west-1::parameter/aws/service/…".
static void
add_variable(struct mo_buf *b, struct mo_str name)
{
	static const char *const known[] = { "Partition", "Region", "BucketName", "AWS::Partition", "AWS::Region", "AWS::AccountId", NULL };
	const char *const *k = known;
	while (*k && !mo_str_is(name, *k)) {
		k++;
	}
	if (*k) {
		mo_buf_addc(b, PIECE);
	}
	mo_buf_addc(b, *k || mo_str_is(name, "Account") ? SEGMENT : '*');
}

// "arn:${Partition}:s3:::${BucketName}" as a pattern.
static void
add_template(struct mo_buf *b, struct mo_str arn)
{
	for (size_t i = 0; i < arn.len; i++) {
		ptrdiff_t end = arn.p[i] == '$' ? mo_str_find(arn, MO_STR("}"), i) : -1;
		if (end < 0) {
			mo_buf_addc(b, arn.p[i]);
		} else {
			add_variable(b, mo_str_sub(arn, i + 2, (size_t)end));
			i = (size_t)end;
		}
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
		add_variable(b, v->kind == MO_IR_PSEUDO ? v->text : MO_STR(""));
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
	MO_VEC(const struct mo_ir_value *) values; // the same
	MO_VEC(bool) taken;  // by some action
	bool any;     // everything is among them
	bool unknown; // some action is not known, or is about nothing that is named
};

static void
add_resource(struct mo_policy *p, const struct mo_ir_value *v)
{
	struct mo_policy_resources *n = p->resources;
	struct mo_str pattern = pattern_of(p, v);
	n->any = n->any || !mo_str_starts(pattern, MO_STR("arn:")); // "*", and what is reported as no ARN
	mo_push(p->c->arena, &n->patterns, pattern);
	mo_push(p->c->arena, &n->values, v);
	mo_push(p->c->arena, &n->taken, false);
}

// Whether an action of the catalog is about one of the resources; notes about which.
static bool
takes(struct mo_policy *p, struct mo_policy_resources *n, mo_cat action)
{
	bool some = false;
	uint32_t count = mo_cat_action(action).resource_types;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_buf b = mo_buf_in(p->c->arena);
		add_template(&b, mo_cat_action_resource(action, i).arn);
		for (uint32_t k = 0; k < n->patterns.len; k++) {
			bool fits = n->taken.items[k] && some; // nothing new would come of looking
			fits = fits || overlap(n->patterns.items[k], mo_buf_str(&b));
			n->taken.items[k] = n->taken.items[k] || fits;
			some = some || fits;
		}
	}
	return some;
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

static bool
all_taken(const struct mo_policy_resources *n)
{
	uint32_t i = 0;
	while (i < n->taken.len && n->taken.items[i]) {
		i++;
	}
	return i == n->taken.len;
}

static void
check_action(struct mo_policy *p, const struct mo_ir_value *v)
{
	struct mo_policy_resources *n = p->resources;
	ptrdiff_t colon = v->kind == MO_IR_STRING ? mo_str_find(v->text, MO_STR(":"), 0) : -1;
	mo_cat service = colon < 0 ? 0 : mo_cat_find_service(mo_str_sub(v->text, 0, (size_t)colon)), last = 0;
	uint32_t found = 0, fitting = 0;
	if (!service) {
		n->unknown = true;
		return; // anything, or reported
	}
	struct mo_str name = mo_str_sub(v->text, (size_t)colon + 1, v->text.len);
	for (uint32_t i = 0; i < mo_cat_service(service).actions; i++) {
		mo_cat action = mo_cat_action_at(service, i);
		if (mo_cat_pattern_matches(name, mo_cat_action(action).name)) {
			fitting += takes(p, n, action);
			last = action;
			found++;
			if (fitting && all_taken(n)) {
				return;
			}
		}
	}
	n->unknown = n->unknown || !fitting;
	if (found && !fitting) {
		report(p, v, found == 1 ? last : 0);
	}
}

// What none of the actions is about, where every action is about something.
static void
check_taken(struct mo_policy *p)
{
	const struct mo_policy_resources *n = p->resources;
	for (uint32_t i = 0; !n->unknown && i < n->patterns.len; i++) {
		bool named = n->values.items[i]->kind == MO_IR_STRING;
		if (!n->taken.items[i]) {
			struct mo_diag *d = mo_policy_report(p, MSG_RESOURCE_OF_NO_ACTION, n->values.items[i]->span,
				"none of the actions of this statement is about %s" MO_STR_FMT "%s", named ? "`" : "", MO_STR_ARG(named ? n->values.items[i]->text
				: MO_STR("this resource")), named ? "`" : "");
			mo_diag_help(d, "leave it out, or allow an action that takes it");
		}
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
		check_taken(p);
	}
	p->resources = NULL;
}
