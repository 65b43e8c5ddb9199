// SPDX-License-Identifier: Apache-2.0
// Whether the bucket that a template names as its home may be read by whoever launches the template, and written by the role that
// publishes files. Takes the finished policies of the bucket; reports what is missing, with the permission to add.
#include "eval/link.h"

enum { DEEPEST = 16 }; // lists of principals, and texts in them

// Files in a bucket, or images in a repository.
struct kind {
	const char *noun, *holds, *reads, *writes, *role; // actions that tell whether somebody may read, or write; the bootstrap's role
	const char *reading, *writing;                    // all actions that it takes
};

static const struct kind of_bucket = { "bucket", "files", "s3:GetObject", "s3:PutObject", "file-publishing-role", "[\"s3:GetObject\"]",
	"[\"s3:PutObject\", \"s3:AbortMultipartUpload\", \"s3:ListBucket\", \"s3:GetBucketLocation\"]" };
static const struct kind of_repository = { "repository", "images", "ecr:BatchGetImage", "ecr:PutImage", "image-publishing-role",
	"[\"ecr:BatchGetImage\", \"ecr:GetDownloadUrlForLayer\"]",
	"[\"ecr:PutImage\", \"ecr:InitiateLayerUpload\", \"ecr:UploadLayerPart\", \"ecr:CompleteLayerUpload\", "
	"\"ecr:BatchCheckLayerAvailability\", \"ecr:DescribeImages\", \"ecr:BatchGetImage\"]" };

struct policy {
	struct mo_eval *ev;
	const struct kind *kind;
	const struct mo_home *home;
	const struct mo_target *target; // of the bucket
	MO_VEC(const struct mo_ir_value *) statements;
};

// ---- the bucket's statements -----------------------------------------------------------------------------------------------------

static bool
is_about(const struct policy *p, const struct mo_ir_value *bucket)
{
	if (bucket->kind == MO_IR_RESOURCE) {
		return bucket->resource == &p->home->bucket->ir;
	}
	const struct mo_ir_value *name = mo_settle_ir(p->ev, p->target, bucket);
	return name->kind == MO_IR_STRING && mo_str_eq(name->text, mo_home_name_at(p->ev, p->home, p->target));
}

static void
add_statements(struct policy *p, const struct mo_ir_value *document)
{
	const struct mo_ir_value *all = document && document->kind == MO_IR_OBJECT ? mo_ir_get(document, MO_STR("Statement")) : NULL;
	for (uint32_t i = 0; all && all->kind == MO_IR_LIST && i < all->items.len; i++) {
		mo_push(p->ev->arena, &p->statements, all->items.items[i]);
	}
	if (all && all->kind == MO_IR_OBJECT) {
		mo_push(p->ev->arena, &p->statements, all);
	}
}

static void
collect(struct policy *p)
{
	const struct mo_ir_template *t = p->home->producer->template;
	add_statements(p, mo_ir_get(p->home->bucket->ir.properties, MO_STR("RepositoryPolicyText"))); // a bucket has none
	for (uint32_t i = 0; i < t->resources.len; i++) {
		const struct mo_ir_resource *r = t->resources.items[i];
		const struct mo_ir_value *bucket = mo_ir_get(r->properties, MO_STR("Bucket"));
		if (mo_str_is(r->type, "AWS::S3::BucketPolicy") && !r->existing && bucket && is_about(p, bucket)) {
			add_statements(p, mo_ir_get(r->properties, MO_STR("PolicyDocument")));
		}
	}
}

// ---- what a statement says -------------------------------------------------------------------------------------------------------

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

// Whether a pattern with `*` and `?` covers an action; letters count in either size.
static bool
covers(struct mo_str pattern, struct mo_str action)
{
	size_t at = 0, star = SIZE_MAX, back = 0, i = 0;
	while (i < action.len) {
		if (at < pattern.len && (pattern.p[at] == '?' || (pattern.p[at] != '*' && small(pattern.p[at]) == small(action.p[i])))) {
			at++;
			i++;
		} else if (at < pattern.len && pattern.p[at] == '*') {
			star = at++;
			back = i;
		} else if (star != SIZE_MAX) {
			at = star + 1;
			i = ++back;
		} else {
			return false;
		}
	}
	while (at < pattern.len && pattern.p[at] == '*') {
		at++;
	}
	return at == pattern.len;
}

static bool
has_action(const struct mo_ir_value *actions, struct mo_str action)
{
	bool found = actions && actions->kind == MO_IR_STRING && covers(actions->text, action);
	for (uint32_t i = 0; actions && actions->kind == MO_IR_LIST && !found && i < actions->items.len; i++) {
		found = has_action(actions->items.items[i], action);
	}
	return found;
}

static bool
allows(const struct mo_ir_value *statement, struct mo_str action)
{
	const struct mo_ir_value *effect = statement->kind == MO_IR_OBJECT ? mo_ir_get(statement, MO_STR("Effect")) : NULL;
	return effect && effect->kind == MO_IR_STRING && mo_str_is(effect->text, "Allow") && has_action(mo_ir_get(statement, MO_STR("Action")), action);
}

// Whether the principals are everybody, or hold this text: an ARN, or the id of an account with its colons around it.
static bool
names(const struct policy *p, const struct mo_ir_value *principal, struct mo_str text, uint32_t depth)
{
	bool found = false;
	if (!principal || depth > DEEPEST) {
		return false;
	}
	for (uint32_t i = 0; principal->kind == MO_IR_LIST && !found && i < principal->items.len; i++) {
		found = names(p, principal->items.items[i], text, depth + 1);
	}
	if (principal->kind == MO_IR_OBJECT) {
		return names(p, mo_ir_get(principal, MO_STR("AWS")), text, depth + 1);
	}
	const struct mo_ir_value *v = mo_settle_ir(p->ev, p->target, principal);
	if (v->kind != MO_IR_STRING) {
		return found;
	}
	bool id = text.len > 2 && text.p[0] == ':' && mo_str_eq(v->text, mo_str_sub(text, 1, text.len - 1));
	return found || mo_str_is(v->text, "*") || id || (text.len && mo_str_find(v->text, text, 0) >= 0);
}

// `text` empty: anybody at all.
static bool
allows_to(const struct policy *p, struct mo_str text, struct mo_str action)
{
	for (uint32_t i = 0; i < p->statements.len; i++) {
		const struct mo_ir_value *s = p->statements.items[i];
		if (allows(s, action) && names(p, mo_ir_get(s, MO_STR("Principal")), text, 0)) {
			return true;
		}
	}
	return false;
}

// ---- readers ---------------------------------------------------------------------------------------------------------------------

static struct mo_diag *
report_unreadable(struct policy *p, const struct mo_stack *template, struct mo_str who)
{
	struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_HOME_NOT_READABLE, p->home->span, MO_STR_FMT " cannot read `" MO_STR_FMT
		"`, which holds the %s of `" MO_STR_FMT "`", MO_STR_ARG(who), MO_STR_ARG(p->home->bucket->ir.origin.path), p->kind->holds,
		MO_STR_ARG(template->name));
	mo_diag_label(d, p->home->bucket->ir.origin.span, "the %s", p->kind->noun);
	mo_diag_label(d, template->where ? template->where->span : template->span, template->is_template ? "who launches the template"
		: "where the stack is deployed");
	return d;
}

static bool
check_accounts(struct policy *p, const struct mo_stack *template)
{
	struct mo_str home = p->target->account->ir.id, path = p->home->bucket->ir.origin.path;
	for (uint32_t i = 0; i < template->deployments.len; i++) {
		const struct mo_ir_account *a = &template->deployments.items[i]->target.account->ir;
		struct mo_str text = mo_str_printf(p->ev->arena, ":" MO_STR_FMT ":", MO_STR_ARG(a->id));
		if (mo_str_eq(a->id, home) || !p->home->outside || allows_to(p, text, mo_str_c(p->kind->reads))) {
			continue;
		}
		struct mo_diag *d = report_unreadable(p, template, mo_str_printf(p->ev->arena, "the account `" MO_STR_FMT "`", MO_STR_ARG(a->name)));
		mo_diag_help(d, "beside the %s: `allow " MO_STR_FMT " to %s on " MO_STR_FMT "`", p->kind->noun, MO_STR_ARG(a->name), p->kind->reading,
			MO_STR_ARG(path));
		return false;
	}
	return true;
}

static bool
check_readers(struct policy *p, const struct mo_stack *template)
{
	bool accounts = template->deployments.len && template->deployments.items[0]->target.account;
	struct mo_str path = p->home->bucket->ir.origin.path;
	if (accounts) {
		return check_accounts(p, template);
	}
	if (allows_to(p, (struct mo_str){ 0 }, mo_str_c(p->kind->reads))) {
		return true;
	}
	bool unit = template->unit && template->unit->kind == MO_VALUE_RECORD && mo_value_get(template->unit, MO_STR("id"));
	struct mo_diag *d = report_unreadable(p, template, unit ? MO_STR("an account of the organizational unit")
		: MO_STR("an account that this program does not know"));
	mo_diag_help(d, "beside the %s: `allow %s to %s on " MO_STR_FMT "`", p->kind->noun,
		unit ? "org_path(\"o-…/r-…/ou-…/*\")" : "org(\"o-…\")", p->kind->reading, MO_STR_ARG(path));
	return false;
}

// ---- the writer ------------------------------------------------------------------------------------------------------------------

// The role of the bootstrap that publishes files; it may write the bootstrap's own bucket only.
static void
check_writer(struct policy *p)
{
	const struct mo_ir_account *a = &p->target->account->ir;
	struct mo_str role = mo_str_printf(p->ev->arena, "role/cdk-" MO_STR_FMT "-%s-" MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(a->qualifier),
		p->kind->role, MO_STR_ARG(a->id), MO_STR_ARG(p->target->region));
	if (!a->bootstrap || allows_to(p, role, mo_str_c(p->kind->writes))) {
		return;
	}
	struct mo_str path = p->home->bucket->ir.origin.path;
	struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_HOME_NOT_WRITABLE, p->home->span, "%s cannot be published to `" MO_STR_FMT "`",
		p->kind->holds, MO_STR_ARG(path));
	mo_diag_label(d, p->home->bucket->ir.origin.span, "the %s", p->kind->noun);
	mo_diag_note(d, "the bootstrap's role publishes %s, and may write to the bootstrap's own %s only", p->kind->holds, p->kind->noun);
	mo_diag_help(d, "beside the %s: `allow \"arn:" MO_STR_FMT ":iam::" MO_STR_FMT ":" MO_STR_FMT "\" to %s on " MO_STR_FMT "`%s", p->kind->noun,
		MO_STR_ARG(a->partition), MO_STR_ARG(a->id), MO_STR_ARG(role), p->kind->writing, MO_STR_ARG(path),
		p->kind == &of_bucket ? "; or make it by `asset_home` of std/storage" : "");
}

void
mo_home_check_policy(struct mo_eval *ev, const struct mo_stack *template, const struct mo_home *home, const struct mo_target *t)
{
	bool images = home->bucket && mo_str_is(home->bucket->ir.type, "AWS::ECR::Repository");
	struct policy p = { .ev = ev, .kind = images ? &of_repository : &of_bucket, .home = home, .target = t };
	if (t->account && home->producer) {
		collect(&p);
		if (check_readers(&p, template)) {
			check_writer(&p);
		}
	}
}
