// SPDX-License-Identifier: Apache-2.0
// Who publishes the files of templates that others launch. A stack of this program that uses such a template (a product, a nested stack,
// anything that names its URL) publishes the template's file, and with it, first, all files that the template and those nested in it
// name. Where they go to a bucket of this program, the stack is deployed after the one that has the bucket: the CDK's command line
// publishes the files of a stack when the stacks that it waits for are there. Files of a template that no stack uses go to the bootstrap's
// buckets with any stack. Takes finished templates, adds to the stacks of the platform, and to what they wait for.
#include "eval/link.h"

enum { DEEPEST = 100 }; // templates nested in templates

struct placing {
	struct mo_eval *ev;
	struct mo_map of_template; // mo_ir_template -> its mo_stack
	struct mo_map used;        // mo_stack of a template that some stack uses
	struct mo_map checked;     // mo_stack of a template: nothing is nested in itself
	struct mo_map published;   // deployment, file and place: hash
};

// What one stack, at all targets that share its template, publishes for others.
struct carrier {
	struct placing *p;
	struct mo_variant *variant;
	struct mo_map seen;     // mo_stack of a template
};

static struct mo_stack *
template_in(const struct placing *p, const struct mo_ir_asset *asset)
{
	return asset->of_template && asset->template ? mo_map_get(&p->of_template, MO_KEY(asset->template)) : NULL;
}

// ---- one file --------------------------------------------------------------------------------------------------------------------

static void
publish(struct placing *p, struct mo_deployment *by, const struct mo_homed *h, const struct mo_target *t)
{
	struct mo_ir_publication one = { h->asset, &t->account->ir, t->region, mo_home_name_at(p->ev, h->home, t) };
	uint64_t key = mo_hash_mix(mo_hash_mix(MO_KEY(by), MO_KEY(h->asset)), mo_hash_mix(t->hash, mo_str_hash(one.bucket)));
	if (!mo_map_get(&p->published, key)) {
		mo_map_put(p->ev->arena, &p->published, key, by);
		mo_push(p->ev->arena, &by->ir->publishes, one);
	}
}

// The stack that has the bucket comes first.
static void
wait_for(struct carrier *c, const struct mo_home *home, const struct mo_target *t, bool own)
{
	struct mo_eval *ev = c->p->ev;
	struct mo_variant *v = c->variant;
	struct mo_stack *producer = home->producer ? home->producer->stack : NULL;
	for (uint32_t i = 0; producer && i < v->deployments.len; i++) {
		if (v->stack != producer || !mo_target_equal(&v->deployments.items[i]->target, t)) {
			continue;
		}
		struct mo_diag *d = mo_report(ev->ctx->diags, MSG_NO_PUBLISHER, home->span, "the stack `" MO_STR_FMT
			"` makes `" MO_STR_FMT "`, and cannot publish files to it before it is there", MO_STR_ARG(producer->name),
			MO_STR_ARG(home->bucket->ir.origin.path));
		mo_diag_label(d, home->bucket->ir.origin.span, "the bucket");
		mo_diag_help(d, "declare the bucket in a stack of its own: it is deployed before the one that uses the template");
		return;
	}
	if (producer) {
		mo_link_needs(ev, v, producer, own ? NULL : t, home->span, home->bucket->ir.origin.path);
	}
}

// Whether the stack is deployed where the files are read, so that each of its deployments sees to its own place.
static struct mo_deployment *
at_place(const struct carrier *c, const struct mo_deployment *reader)
{
	struct mo_deployment *d = mo_map_get(&c->variant->stack->by_target, reader->target.hash);
	return d && d->ir ? d : NULL;
}

// In each account and region of `readers`, where the template is deployed or launched.
static void
place_everywhere(struct carrier *c, const struct mo_homed *h, struct mo_deployment *const *readers, uint32_t count)
{
	bool waits = false;
	for (uint32_t i = 0; i < count; i++) {
		struct mo_deployment *there = at_place(c, readers[i]);
		const struct mo_target *t = &readers[i]->target;
		if (there) {
			publish(c->p, there, h, t);
			waits = waits || there->variant == c->variant;
			continue;
		}
		for (uint32_t k = 0; k < c->variant->deployments.len; k++) {
			publish(c->p, c->variant->deployments.items[k], h, t);
		}
		wait_for(c, h->home, t, false);
	}
	if (waits) {
		wait_for(c, h->home, &c->variant->deployments.items[0]->target, true);
	}
}

static void
place(struct carrier *c, const struct mo_homed *h, struct mo_deployment *const *readers, uint32_t count)
{
	if (!h->home->outside) {
		place_everywhere(c, h, readers, count);
		return;
	}
	for (uint32_t k = 0; k < c->variant->deployments.len; k++) {
		publish(c->p, c->variant->deployments.items[k], h, &h->home->target);
	}
	wait_for(c, h->home, &h->home->target, false);
}

// ---- templates that a stack uses -------------------------------------------------------------------------------------------------

static void
use_template(struct carrier *c, struct mo_stack *s, uint32_t depth)
{
	const struct mo_variant *v = s && s->variants.len ? s->variants.items[0] : NULL;
	if (!v || depth > DEEPEST || mo_map_get(&c->seen, MO_KEY(s))) {
		return;
	}
	mo_map_put(c->p->ev->arena, &c->seen, MO_KEY(s), s);
	mo_map_put(c->p->ev->arena, &c->p->used, MO_KEY(s), s);
	for (uint32_t i = 0; i < v->homed.len; i++) {
		place(c, &v->homed.items[i], s->deployments.items, s->deployments.len);
		use_template(c, template_in(c->p, v->homed.items[i].asset), depth + 1);
	}
}

static void
place_stack(struct placing *p, struct mo_variant *v)
{
	struct carrier c = { .p = p, .variant = v };
	for (uint32_t i = 0; i < v->homed.len; i++) {
		place(&c, &v->homed.items[i], v->deployments.items, v->deployments.len);
		use_template(&c, template_in(p, v->homed.items[i].asset), 0);
	}
	for (uint32_t i = 0; i < v->template->assets.len; i++) {
		use_template(&c, template_in(p, v->template->assets.items[i]), 0);
	}
}

// ---- templates that no stack uses ------------------------------------------------------------------------------------------------

static struct mo_deployment *
any_deployment(struct mo_eval *ev, const struct mo_target *t)
{
	struct mo_deployment *best = NULL;
	for (uint32_t i = 0; i < ev->evaluator->stacks.len; i++) {
		const struct mo_stack *s = ev->evaluator->stacks.items[i];
		for (uint32_t k = 0; k < s->deployments.len; k++) {
			struct mo_deployment *d = s->deployments.items[k];
			if (!d->ir || !d->target.account->ir.bootstrap) {
				continue;
			}
			if (mo_target_equal(&d->target, t)) {
				return d;
			}
			best = best ? best : d;
		}
	}
	return best;
}

static void
report_unused(struct placing *p, const struct mo_stack *s, const struct mo_homed *h)
{
	struct mo_diag *d = mo_report(p->ev->ctx->diags, MSG_NO_PUBLISHER, h->home->span, "no stack publishes the files of `" MO_STR_FMT "`",
		MO_STR_ARG(s->name));
	mo_diag_label(d, s->span, "no stack uses the template");
	mo_diag_help(d, "use it in a stack that is deployed after the one with the bucket: `template_url(" MO_STR_FMT ")`", MO_STR_ARG(s->name));
}

static void
place_unused(struct placing *p, const struct mo_stack *s)
{
	const struct mo_variant *v = s->variants.items[0];
	for (uint32_t i = 0; i < v->homed.len; i++) {
		const struct mo_homed *h = &v->homed.items[i];
		const struct mo_target *one = &h->home->target;
		uint32_t count = h->home->outside ? 1 : s->deployments.len;
		for (uint32_t k = 0; k < count; k++) {
			const struct mo_target *t = h->home->outside ? one : &s->deployments.items[k]->target;
			struct mo_deployment *by = h->home->producer ? NULL : any_deployment(p->ev, t);
			if (!by) {
				report_unused(p, s, h);
				return;
			}
			publish(p, by, h, t);
		}
	}
}

// ---- templates in themselves -----------------------------------------------------------------------------------------------------

// False after a report.
static bool
check_nesting(struct placing *p, struct mo_stack *s, uint32_t depth)
{
	uintptr_t state = (uintptr_t)mo_map_get(&p->checked, MO_KEY(s));
	const struct mo_variant *v = s->variants.len ? s->variants.items[0] : NULL;
	if (state == MO_DONE || !v) {
		return true;
	}
	if (state == MO_BUSY || depth > DEEPEST) {
		mo_report(p->ev->ctx->diags, MSG_TEMPLATE_IN_ITSELF, s->span, "`" MO_STR_FMT "` holds %s", MO_STR_ARG(s->name),
			state == MO_BUSY ? "itself, over the templates nested in it" : "templates nested in templates, deeper than the compiler follows");
		return false;
	}
	mo_map_put(p->ev->arena, &p->checked, MO_KEY(s), (void *)(uintptr_t)MO_BUSY);
	bool good = true;
	for (uint32_t i = 0; good && i < v->homed.len; i++) {
		struct mo_stack *inner = template_in(p, v->homed.items[i].asset);
		good = !inner || check_nesting(p, inner, depth + 1);
	}
	mo_map_put(p->ev->arena, &p->checked, MO_KEY(s), (void *)(uintptr_t)MO_DONE);
	return good;
}

// ---- all of them -----------------------------------------------------------------------------------------------------------------

// Of a template that others launch, or of a stack, which CloudFormation deploys in the same way.
static void
check_homes(struct placing *p, const struct mo_variant *v)
{
	struct mo_map seen = { 0 };
	for (uint32_t i = 0; i < v->homed.len; i++) {
		const struct mo_home *h = v->homed.items[i].home;
		if (h->producer && !mo_map_get(&seen, MO_KEY(h))) {
			mo_map_put(p->ev->arena, &seen, MO_KEY(h), p);
			mo_home_check_policy(p->ev, v->stack, h, h->outside ? &h->target : &v->stack->deployments.items[0]->target);
		}
	}
}

void
mo_publications_place(struct mo_eval *ev)
{
	struct mo_evaluator *e = ev->evaluator;
	struct placing p = { .ev = ev };
	bool good = !ev->failed;
	for (uint32_t i = 0; good && i < e->templates.len; i++) {
		struct mo_stack *s = e->templates.items[i];
		if (s->variants.len) {
			mo_map_put(ev->arena, &p.of_template, MO_KEY(s->variants.items[0]->template), s);
		}
	}
	for (uint32_t i = 0; good && i < e->templates.len; i++) {
		good = check_nesting(&p, e->templates.items[i], 0);
	}
	for (uint32_t i = 0; good && i < e->stacks.len; i++) {
		for (uint32_t k = 0; k < e->stacks.items[i]->variants.len; k++) {
			place_stack(&p, e->stacks.items[i]->variants.items[k]);
			check_homes(&p, e->stacks.items[i]->variants.items[k]);
		}
	}
	for (uint32_t i = 0; good && i < e->templates.len && !ev->failed; i++) {
		const struct mo_stack *s = e->templates.items[i];
		if (!s->variants.len || !s->variants.items[0]->homed.len) {
			continue;
		}
		check_homes(&p, s->variants.items[0]);
		if (!mo_map_get(&p.used, MO_KEY(s))) {
			place_unused(&p, s);
		}
	}
}
