// SPDX-License-Identifier: Apache-2.0
// Sizes of policies, and of patterns of events. What is known only at deploy time counts as little as its string domain says that it can
// be, so what is reported is too large in any case.
#include "check/checks.h"
#include "check/domain.h"

#include "catalog/limits.h"

static size_t least_size(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth);

// Blanks do not count for IAM; leaving them out is right for the others too, as a lower bound.
static size_t
without_blanks(struct mo_str text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		n += text.p[i] != ' ' && text.p[i] != '\n' && text.p[i] != '\t' && text.p[i] != '\r';
	}
	return n;
}

// Of something that CloudFormation will know: what may be blanks does not count.
static size_t
least_unknown(struct mo_domain_place *p, const struct mo_ir_value *v)
{
	struct mo_domain d = mo_domain_of(p, v);
	return d.constant ? without_blanks(d.prefix) : d.absent || mo_charset_has(&d.contain, ' ') ? 0 : d.least;
}

// As a part of a text: without quotes.
static size_t
least_text(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth)
{
	if (v->kind == MO_IR_STRING) {
		return without_blanks(v->text);
	}
	if (v->kind != MO_IR_SUB || depth >= MO_IR_DEEPEST) {
		return least_unknown(p, v);
	}
	size_t n = 0;
	for (uint32_t i = 0; i < v->items.len; i++) {
		n += least_text(p, v->items.items[i], depth + 1);
	}
	return n;
}

static bool
is_dropped(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::NoValue");
}

static size_t
least_list(struct mo_domain_place *p, const mo_ir_values *items, uint32_t depth)
{
	size_t n = 0, count = 0;
	for (uint32_t i = 0; i < items->len; i++) {
		if (!is_dropped(items->items[i])) {
			n += least_size(p, items->items[i], depth);
			count++;
		}
	}
	return n + count + 1; // brackets, and commas between
}

static size_t
least_object(struct mo_domain_place *p, const mo_ir_members *members, uint32_t depth)
{
	size_t n = 0, count = 0;
	for (uint32_t i = 0; i < members->len; i++) {
		if (!is_dropped(members->items[i].value)) {
			n += without_blanks(members->items[i].key) + sizeof("\"\":") - 1 + least_size(p, members->items[i].value, depth);
			count++;
		}
	}
	return n + count + 1;
}

// The least size of the value as JSON without blanks.
static size_t
least_size(struct mo_domain_place *p, const struct mo_ir_value *v, uint32_t depth)
{
	if (depth > MO_IR_DEEPEST) {
		return 0;
	}
	switch (v->kind) {
	case MO_IR_LIST:
		return least_list(p, &v->items, depth + 1);
	case MO_IR_OBJECT:
		return least_object(p, &v->members, depth + 1);
	case MO_IR_IF: {
		size_t then = least_size(p, v->then, depth + 1), otherwise = least_size(p, v->otherwise, depth + 1);
		return then < otherwise ? then : otherwise;
	}
	case MO_IR_NULL:
	case MO_IR_BOOL:
		return sizeof("true") - 1;
	case MO_IR_INT:
	case MO_IR_FLOAT:
		return 1;
	case MO_IR_PSEUDO:
		return is_dropped(v) ? 0 : least_text(p, v, depth) + 2;
	default:
		return least_text(p, v, depth) + 2;
	}
}

// ---- single documents ------------------------------------------------------------------------------------------------------------

static const struct {
	const char *type, *property;
	enum mo_limit_id limit;
	enum mo_message message;
} documents[] = {
	{ "AWS::IAM::ManagedPolicy", "PolicyDocument", MO_LIMIT_MANAGED_POLICY, MSG_POLICY_TOO_LARGE },
	{ "AWS::IAM::Role", "AssumeRolePolicyDocument", MO_LIMIT_TRUST_POLICY, MSG_POLICY_TOO_LARGE },
	{ "AWS::IAM::Role", "AssumeRolePolicyDocument", MO_LIMIT_TRUST_POLICY_DEFAULT, MSG_TRUST_POLICY_LARGE },
	{ "AWS::S3::BucketPolicy", "PolicyDocument", MO_LIMIT_BUCKET_POLICY, MSG_POLICY_TOO_LARGE },
	{ "AWS::KMS::Key", "KeyPolicy", MO_LIMIT_KEY_POLICY, MSG_POLICY_TOO_LARGE },
	{ "AWS::Events::Rule", "EventPattern", MO_LIMIT_EVENT_PATTERN, MSG_PATTERN_TOO_LONG },
	{ "AWS::Events::Archive", "EventPattern", MO_LIMIT_EVENT_PATTERN, MSG_PATTERN_TOO_LONG },
};

// False when it is too large.
static bool
hold(struct mo_checker *c, struct mo_span span, const struct mo_ir_resource *r, enum mo_message message, enum mo_limit_id id, size_t size)
{
	const struct mo_limit *limit = &mo_limits[id];
	if (size <= limit->most) {
		return true;
	}
	struct mo_diag *d = mo_report(c->diags, message, mo_check_place(r->origin, span), "`" MO_STR_FMT "` has at least %zu, AWS takes %u %s",
		MO_STR_ARG(r->origin.path.len ? r->origin.path : r->id), size, limit->most, limit->what);
	mo_diag_note(d, "%s", limit->source);
	return false;
}

static void
check_documents(struct mo_checker *c, struct mo_domain_place *p, const struct mo_ir_template *t, const struct mo_ir_resource *r)
{
	for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++) {
		const struct mo_ir_value *v = mo_str_is(r->type, documents[i].type) ? mo_ir_get(r->properties, mo_str_c(documents[i].property)) : NULL;
		if (v && !hold(c, t->span, r, documents[i].message, documents[i].limit, least_size(p, v, 0))) {
			return; // a trust policy that is too large is large as well
		}
	}
}

// ---- inline policies, which count together ---------------------------------------------------------------------------------------

static const struct {
	const char *type, *list, *policy, *one; // who has them; where AWS::IAM::Policy names many of them; the type that names one, and where
	enum mo_limit_id limit;
} owners[] = {
	{ "AWS::IAM::Role", "Roles", "AWS::IAM::RolePolicy", "RoleName", MO_LIMIT_ROLE_POLICIES },
	{ "AWS::IAM::Group", "Groups", "AWS::IAM::GroupPolicy", "GroupName", MO_LIMIT_GROUP_POLICIES },
	{ "AWS::IAM::User", "Users", "AWS::IAM::UserPolicy", "UserName", MO_LIMIT_USER_POLICIES },
};

enum { OWNERS = sizeof(owners) / sizeof(*owners) };

struct inline_sizes {
	struct mo_arena *arena;
	struct mo_domain_place *place;
	struct mo_map sizes; // resource -> size_t
};

static void
add_size(struct inline_sizes *s, const struct mo_ir_resource *owner, size_t size)
{
	size_t *sum = mo_map_get(&s->sizes, (uintptr_t)owner);
	if (!sum) {
		sum = mo_new(s->arena, size_t);
		mo_map_put(s->arena, &s->sizes, (uintptr_t)owner, sum);
	}
	*sum += size;
}

static void
add_own_policies(struct inline_sizes *s, const struct mo_ir_resource *r)
{
	const struct mo_ir_value *list = mo_ir_get(r->properties, MO_STR("Policies"));
	for (uint32_t i = 0; list && list->kind == MO_IR_LIST && i < list->items.len; i++) {
		const struct mo_ir_value *document = mo_ir_get(list->items.items[i], MO_STR("PolicyDocument"));
		if (document) {
			add_size(s, r, least_size(s->place, document, 0));
		}
	}
}

// A policy of its own counts for those that it names as resources of the template.
static void
add_attached(struct inline_sizes *s, const struct mo_ir_resource *r, const struct mo_ir_value *document)
{
	for (size_t i = 0; i < OWNERS; i++) {
		const struct mo_ir_value *one = mo_str_is(r->type, owners[i].policy) ? mo_ir_get(r->properties, mo_str_c(owners[i].one)) : NULL;
		const struct mo_ir_value *list = mo_str_is(r->type, "AWS::IAM::Policy") ? mo_ir_get(r->properties, mo_str_c(owners[i].list)) : NULL;
		if (one && one->kind == MO_IR_RESOURCE) {
			add_size(s, one->resource, least_size(s->place, document, 0));
		}
		for (uint32_t k = 0; list && list->kind == MO_IR_LIST && k < list->items.len; k++) {
			if (list->items.items[k]->kind == MO_IR_RESOURCE) {
				add_size(s, list->items.items[k]->resource, least_size(s->place, document, 0));
			}
		}
	}
}

static void
check_inline(struct mo_checker *c, const struct mo_ir_template *t, struct inline_sizes *s)
{
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		const size_t *size = mo_map_get(&s->sizes, (uintptr_t)r);
		for (size_t k = 0; size && k < OWNERS; k++) {
			if (mo_str_is(r->type, owners[k].type)) {
				hold(c, t->span, r, MSG_POLICY_TOO_LARGE, owners[k].limit, *size);
			}
		}
	}
}

void
mo_check_policy_sizes(struct mo_checker *c)
{
	struct mo_map deployed = { 0 };
	mo_domain_index(c->arena, c->platform, &deployed);
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		struct mo_domain_place place = mo_domain_place_of(c->arena, &deployed, t);
		struct inline_sizes sizes = { .arena = c->arena, .place = &place };
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			const struct mo_ir_value *document = mo_ir_get(r->properties, MO_STR("PolicyDocument"));
			if (r->existing || !mo_str_starts(r->type, MO_STR("AWS::"))) {
				continue;
			}
			check_documents(c, &place, t, r);
			add_own_policies(&sizes, r);
			if (document && !r->condition) {
				add_attached(&sizes, r, document);
			}
		}
		check_inline(c, t, &sizes);
	}
}
