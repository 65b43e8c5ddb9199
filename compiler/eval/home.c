// SPDX-License-Identifier: Apache-2.0
// Where a template has its files. Those of a stack are in the bucket of the CDK's bootstrap, in the stack's account and region. A template
// that others launch in accounts of this program has the same: the bootstrap's bucket is known in each of them, and whoever launches may
// read it. For launchers whom the program does not know, and wherever it is wanted otherwise, the program names a bucket of its own: the
// home of the template (`assets:`) or of one asset (`home:`). Takes buckets, gives what their names are known to be.
#include "eval/link.h"

// ---- what the program says -------------------------------------------------------------------------------------------------------

// The node of `assets:`; NULL when the template says nothing.
static struct mo_node *
written(struct mo_eval *ev, const struct mo_variant *v)
{
	struct mo_node *n = &v->stack->item->node;
	return n->kind == MO_TEMPLATE_NODE ? mo_block_field(mo_as_template(n)->block, mo_atom_of(ev->ctx->atoms, MO_STR("assets"))) : NULL;
}

static struct mo_diag *
refuse(struct mo_eval *ev, const struct mo_resource *bucket, struct mo_span span, const char *why)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NO_HOME, span, "`" MO_STR_FMT "` cannot hold what a template names: %s",
		MO_STR_ARG(bucket->ir.origin.path), why);
	mo_diag_label(d, bucket->ir.origin.span, "declared here");
	return d;
}

static bool
is_repository(const struct mo_resource *r)
{
	return mo_str_is(r->ir.type, "AWS::ECR::Repository");
}

static const char *
name_property(const struct mo_resource *r)
{
	return is_repository(r) ? "RepositoryName" : "BucketName";
}

static bool
refuse_own(struct mo_eval *ev, const struct mo_resource *bucket, const struct mo_variant *v, struct mo_span span)
{
	struct mo_diag *d = refuse(ev, bucket, span, "it is made by the template itself, and files are there before templates are deployed");
	mo_diag_help(d, v->stack->is_template ? "declare it in a stack of this program" : "leave `home:` out, or declare it in another stack");
	return false;
}

// ---- buckets of this program -----------------------------------------------------------------------------------------------------

static bool
locate_existing(struct mo_eval *ev, struct mo_home *h)
{
	const struct mo_value *v = mo_resource_written(ev, h->bucket, mo_str_c(name_property(h->bucket)), h->span);
	bool placed = h->bucket->in != NULL;
	if (placed && !mo_target_of(ev, h->bucket->in, &h->target)) {
		refuse(ev, h->bucket, h->span, "which account it is in is not known here");
		return false;
	}
	h->outside = placed;
	h->name = v && (v->kind == MO_VALUE_STRING || v->kind == MO_VALUE_DEPLOY) ? mo_lower(ev, v) : NULL;
	if (h->name && placed) {
		h->name = mo_settle_ir(ev, &h->target, h->name);
	}
	return true;
}

static bool
locate_own(struct mo_eval *ev, struct mo_variant *v, struct mo_home *h)
{
	struct mo_resource *r = h->bucket;
	struct mo_variant *owner = r->instance ? r->instance->variant : NULL;
	if (!owner || owner == v) {
		return refuse_own(ev, r, v, h->span);
	}
	struct mo_foreign f = { .seen = r, .producer = owner, .outside = owner->shadow, .target = owner->target, .attribute = MO_STR("Ref"),
		.span = h->span };
	if (owner->shadow) {
		const struct mo_deployment *d = mo_map_get(&owner->stack->by_target, owner->target.hash);
		f.producer = d ? d->variant : NULL;
	}
	f.resource = owner->shadow && f.producer ? mo_link_resource(f.producer->template, r->ir.id) : r;
	h->producer = f.producer;
	h->outside = f.outside;
	h->target = f.target;
	if (!f.producer || !f.resource) {
		return false; // reported
	}
	if (f.producer->stack->is_template) {
		return refuse_own(ev, r, v, h->span);
	}
	if (r->guard) {
		refuse(ev, r, h->span, "it may be absent");
		return false;
	}
	h->name = mo_known_value(ev, &f, true);
	h->bucket = f.resource;
	return true;
}

static void
locate(struct mo_eval *ev, struct mo_variant *v, struct mo_home *h)
{
	uint32_t errors = ev->ctx->diags->errors;
	bool good = h->bucket->ir.existing ? locate_existing(ev, h) : locate_own(ev, v, h);
	bool known = h->name && (h->outside ? h->name->kind == MO_IR_STRING : true);
	if (good && !known && ev->ctx->diags->errors == errors) {
		struct mo_diag *d = refuse(ev, h->bucket, h->span, "its name is not known before it is deployed");
		mo_diag_help(d, "give it a name: `%s: \"…\"`", name_property(h->bucket));
	}
	h->name = known ? h->name : NULL;
}

// ---- the bootstrap's bucket ------------------------------------------------------------------------------------------------------

// The name that the bootstrap gives its bucket; it has the account and region in it.
static const struct mo_ir_value *
bootstrap_name(struct mo_eval *ev, struct mo_span span, struct mo_str qualifier, bool images)
{
	struct mo_ir_value *name = mo_ir_sub(ev->arena, span);
	struct mo_str start = mo_str_printf(ev->arena, "cdk-" MO_STR_FMT "-%sassets-", MO_STR_ARG(qualifier), images ? "container-" : "");
	mo_push(ev->arena, &name->items, mo_ir_string(ev->arena, span, start));
	mo_push(ev->arena, &name->items, mo_ir_pseudo(ev->arena, span, MO_STR("AWS::AccountId")));
	mo_push(ev->arena, &name->items, mo_ir_string(ev->arena, span, MO_STR("-")));
	mo_push(ev->arena, &name->items, mo_ir_pseudo(ev->arena, span, MO_STR("AWS::Region")));
	return name;
}

static void
report_unknown_launchers(struct mo_eval *ev, const struct mo_variant *v, bool images, struct mo_span span)
{
	const struct mo_stack *s = v->stack;
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NO_HOME, span,
		"whoever launches `" MO_STR_FMT "` has no %s that holds this", MO_STR_ARG(s->name), images ? "repository" : "bucket");
	mo_diag_label(d, s->where ? s->where->span : s->span, "for accounts that this program does not know");
	mo_diag_help(d, "name one of this program that they can read: %s", images ? "`image(…, home: storage[account].repository)`"
		: "`assets: storage[account].bucket`, in the template");
}

static void
report_no_bootstrap(struct mo_eval *ev, const struct mo_variant *v, bool images, struct mo_span span)
{
	const struct mo_ir_account *account = &v->target.account->ir;
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NO_ASSET_BUCKET, span,
		"the account `" MO_STR_FMT "` has no %s", MO_STR_ARG(account->name), images ? "repository for images" : "bucket for assets");
	mo_diag_label(d, account->span, "it says `bootstrap: false`");
	mo_diag_help(d, "leave `bootstrap` out, and run `cdk bootstrap` for the account once%s", images
		? "; or name a repository of this program: `home:`" : v->stack->is_template
		? "; or name a bucket of this program: `assets: storage[account].bucket`, in the template" : "");
}

static void
bootstrap(struct mo_eval *ev, const struct mo_variant *v, bool images, struct mo_home *h)
{
	const struct mo_account *account = v->target.account;
	if (!account) {
		report_unknown_launchers(ev, v, images, h->span);
	} else if (!account->ir.bootstrap) {
		report_no_bootstrap(ev, v, images, h->span);
	} else {
		h->name = bootstrap_name(ev, h->span, account->ir.qualifier, images);
	}
}

// ---- any -------------------------------------------------------------------------------------------------------------------------

// Where the template itself says so: an asset may be packed by a `let` anywhere.
static struct mo_span
place_in(const struct mo_variant *v, struct mo_span span)
{
	struct mo_span whole = v->stack->item->node.span;
	return span.start >= whole.start && span.end <= whole.end ? span : v->stack->span;
}

static struct mo_home *
make(struct mo_eval *ev, struct mo_variant *v, struct mo_resource *bucket, bool images, struct mo_span span)
{
	struct mo_home *h = mo_new(ev->arena, struct mo_home);
	struct mo_node *n = bucket || images ? NULL : written(ev, v);
	*h = (struct mo_home){ .bucket = bucket, .span = place_in(v, span) };
	if (n) {
		struct mo_place_of_work before = mo_enter(ev, v->body->frame, NULL);
		const struct mo_value *named = mo_eval_typed(ev, v->body->frame, n, mo_type_resource(ev->ctx, MO_STR("AWS::S3::Bucket")));
		mo_leave(ev, v->body->frame, before);
		h->bucket = named->kind == MO_VALUE_RESOURCE ? mo_resource_of(named->resource) : NULL;
		h->span = n->span;
		if (!h->bucket) {
			return h; // reported
		}
	}
	if (h->bucket) {
		locate(ev, v, h);
	} else {
		bootstrap(ev, v, images, h);
	}
	return h;
}

const struct mo_home *
mo_home_of(struct mo_eval *ev, struct mo_variant *v, struct mo_resource *bucket, bool images, struct mo_span span)
{
	uint64_t key = mo_hash_mix(MO_KEY(bucket), images ? 2 : 1);
	struct mo_home *h = mo_map_get(&v->homes, key);
	if (!h) {
		h = make(ev, v, bucket, images, span);
		mo_map_put(ev->arena, &v->homes, key, h);
	}
	return h->name ? h : NULL;
}

struct mo_str
mo_home_name_at(struct mo_eval *ev, const struct mo_home *home, const struct mo_target *t)
{
	const struct mo_ir_value *name = t->account ? mo_settle_ir(ev, t, home->name) : home->name;
	return name->kind == MO_IR_STRING ? name->text : (struct mo_str){ 0 };
}
