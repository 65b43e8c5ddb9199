// SPDX-License-Identifier: Apache-2.0
// The next state of mlops.lock, as far as it follows from the platform: stacks with members that hold data, and what they publish. Adds no file to the output.
#include "emitters/lock_facts.h"

#include "lock/lock.h"

static const char *
naming_word(enum mo_ir_naming naming)
{
	return naming == MO_IR_NAME_GIVEN ? "given" : naming == MO_IR_NAME_COMPUTED ? "computed" : "none";
}

static const char *
deletion_word(enum mo_ir_policy policy)
{
	switch (policy) {
	case MO_IR_RETAIN:
	case MO_IR_RETAIN_EXCEPT_ON_CREATE:
		return "retain";
	case MO_IR_SNAPSHOT:
		return "snapshot";
	case MO_IR_NO_POLICY:
	case MO_IR_DELETE:
		break;
	}
	return "delete";
}

// Whether anything of the template is kept.
static bool
put_members(struct mo_lock *lock, const struct mo_ir_template *t)
{
	bool any = t->published.len > 0;
	for (uint32_t i = 0; i < t->published.len; i++) {
		const struct mo_ir_published *p = &t->published.items[i];
		mo_lock_put(lock, MO_LOCK_PUBLISHED, (struct mo_str[]){ t->name, p->path, p->way, p->since, p->parts });
	}
	for (uint32_t i = 0; i < t->kept.len; i++) {
		const struct mo_ir_kept *k = t->kept.items[i];
		if (!k->stateful) {
			continue;
		}
		any = true;
		mo_lock_put(lock, MO_LOCK_RESOURCE, (struct mo_str[]){ t->name, k->id, k->type, mo_str_c(naming_word(k->naming)),
			mo_str_c(deletion_word(k->on_delete)), k->path });
		for (uint32_t p = 0; p < k->settings.len; p++) {
			mo_lock_put(lock, MO_LOCK_SETTING, (struct mo_str[]){ t->name, k->id, k->settings.items[p].property,
				k->settings.items[p].text });
		}
	}
	return any;
}

bool
mo_emit_lock_facts(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	struct mo_map kept = { 0 }, empty = { 0 };
		for (uint32_t i = 0; ctx->lock && i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		uint64_t key = (uint64_t)(uintptr_t)s->template;
		if (!mo_map_get(&kept, key) && !mo_map_get(&empty, key)) {
			mo_map_put(out->arena, put_members(ctx->lock, s->template) ? &kept : &empty, key, ctx);
		}
		if (mo_map_get(&kept, key)) {
			mo_lock_put(ctx->lock, MO_LOCK_STACK, (struct mo_str[]){ s->name, s->account->id, s->region, s->template->name });
		}
	}
	return true;
}
