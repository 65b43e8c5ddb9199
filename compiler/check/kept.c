// SPDX-License-Identifier: Apache-2.0
// What deployed stacks hold, as the lock file says, against what the program says now: nothing with data in it is replaced or deleted
// without a word in the program. Stacks that had the same members and have the same template now are compared once.
#include "check/kept.h"

struct group;

// Stacks that had these members and have this template.
struct pair {
	const struct group *group;
	const struct mo_ir_template *template;
	MO_VEC(const struct mo_ir_stack *) stacks;
};

// The members of stacks, as the lock file has them under one name.
struct group {
	struct mo_str name;
	MO_VEC(const struct mo_lock_fact *) resources;
	MO_VEC(const struct mo_lock_fact *) gone; // stacks that the program does not have any more
	uint32_t gone_count;
};

struct comparison {
	struct mo_ctx *ctx;
	struct mo_arena *arena;
	const struct mo_ir_platform *platform;
	struct mo_lock *lock;
	MO_VEC(struct group *) groups;
	struct mo_map groups_by_name;
	MO_VEC(struct pair *) pairs;
	struct mo_map pairs_seen;
	struct mo_map settings; // hash of group and ID -> list of SETTING
	struct mo_map claims;   // hash of a stack and an ID of it that a resource of another stack takes
};

typedef MO_VEC(const struct mo_lock_fact *) fact_list;

static uint64_t
mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ b) * 0x9e3779b97f4a7c15ULL;
	return h ^ (h >> 32);
}

// ---- what there was --------------------------------------------------------------------------------------------------------------

static struct group *
group_of(struct comparison *c, struct mo_str name)
{
	struct group *g = mo_map_get(&c->groups_by_name, mo_str_hash(name));
	if (!g) {
		g = mo_new(c->arena, struct group);
		g->name = name;
		mo_map_put(c->arena, &c->groups_by_name, mo_str_hash(name), g);
		mo_push(c->arena, &c->groups, g);
	}
	return g;
}

static uint64_t
member_hash(struct mo_str group, struct mo_str id)
{
	return mix(mo_str_hash(group), mo_str_hash(id));
}

static void
read_before(struct comparison *c)
{
	const mo_lock_facts *resources = &c->lock->before.facts[MO_LOCK_RESOURCE], *settings = &c->lock->before.facts[MO_LOCK_SETTING];
	for (uint32_t i = 0; i < resources->len; i++) {
		mo_push(c->arena, &group_of(c, resources->items[i].fields[MO_LOCK_MEMBERS])->resources, &resources->items[i]);
	}
	for (uint32_t i = 0; i < settings->len; i++) {
		const struct mo_lock_fact *f = &settings->items[i];
		uint64_t hash = member_hash(f->fields[MO_LOCK_MEMBERS], f->fields[MO_LOCK_ID]);
		fact_list *list = mo_map_get(&c->settings, hash);
		if (!list) {
			list = mo_new(c->arena, fact_list);
			mo_map_put(c->arena, &c->settings, hash, list);
		}
		mo_push(c->arena, list, f);
	}
}

// ---- stacks ----------------------------------------------------------------------------------------------------------------------

static void
add_pair(struct comparison *c, const struct group *g, const struct mo_ir_stack *s)
{
	uint64_t key = mix((uint64_t)(uintptr_t)g, (uint64_t)(uintptr_t)s->template);
	struct pair *p = mo_map_get(&c->pairs_seen, key);
	if (!p) {
		p = mo_new(c->arena, struct pair);
		p->group = g;
		p->template = s->template;
		mo_map_put(c->arena, &c->pairs_seen, key, p);
		mo_push(c->arena, &c->pairs, p);
	}
	mo_push(c->arena, &p->stacks, s);
}

static void
match_stacks(struct comparison *c)
{
	const mo_lock_facts *before = &c->lock->before.facts[MO_LOCK_STACK];
	struct mo_map seen = { 0 };
	for (uint32_t i = 0; i < c->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = c->platform->stacks.items[i];
		struct mo_str keys[] = { s->name, s->account->id, s->region };
		const struct mo_lock_fact *f = mo_lock_find(c->lock, MO_LOCK_STACK, keys);
		if (f) {
			mo_map_put(c->arena, &seen, (uint64_t)(uintptr_t)f, c);
			add_pair(c, group_of(c, f->fields[MO_LOCK_STACK_MEMBERS]), s);
		}
	}
	for (uint32_t i = 0; i < before->len; i++) {
		if (!mo_map_get(&seen, (uint64_t)(uintptr_t)&before->items[i])) {
			mo_push(c->arena, &group_of(c, before->items[i].fields[MO_LOCK_STACK_MEMBERS])->gone, &before->items[i]);
		}
	}
}

// ---- what moved ------------------------------------------------------------------------------------------------------------------

static uint64_t
place_hash(struct mo_str stack, struct mo_str account, struct mo_str region, struct mo_str id)
{
	return mix(mix(mix(mo_str_hash(stack), mo_str_hash(account)), mo_str_hash(region)), mo_str_hash(id));
}

static void
claim(struct comparison *c, struct mo_str stack, const struct mo_ir_stack *at, struct mo_ir_kept *k)
{
	for (uint32_t i = 0; i < k->former.len; i++) {
		mo_map_put(c->arena, &c->claims, place_hash(stack, at->account->id, at->region, k->former.items[i]), k);
	}
}

static void
claim_all(struct comparison *c)
{
	for (uint32_t i = 0; i < c->platform->stacks.len; i++) {
		const struct mo_ir_stack *s = c->platform->stacks.items[i];
		for (uint32_t k = 0; k < s->template->kept.len; k++) {
			struct mo_ir_kept *kept = s->template->kept.items[k];
			struct mo_str from = mo_moved_from(kept, s);
			if (from.len) {
				claim(c, from, s, kept);
			}
		}
	}
}

// What has taken the resource over in all stacks of a pair; NULL: nothing, somewhere.
static const struct mo_ir_kept *
claimant(const struct comparison *c, const struct pair *p, struct mo_str id)
{
	const struct mo_ir_kept *k = NULL;
	for (uint32_t i = 0; i < p->stacks.len; i++) {
		const struct mo_ir_stack *s = p->stacks.items[i];
		k = mo_map_get(&c->claims, place_hash(s->name, s->account->id, s->region, id));
		if (!k) {
			return NULL;
		}
	}
	return k;
}

// ---- a resource that is there ----------------------------------------------------------------------------------------------------

static bool
survives(enum mo_ir_policy policy)
{
	return policy == MO_IR_RETAIN || policy == MO_IR_RETAIN_EXCEPT_ON_CREATE || policy == MO_IR_SNAPSHOT;
}

static void
note_stacks(struct mo_diag *d, const struct pair *p)
{
	const struct mo_ir_stack *s = p->stacks.items[0];
	if (p->stacks.len > 1) {
		mo_diag_note(d, "in %u stacks, such as `" MO_STR_FMT "` of account `" MO_STR_FMT "`", p->stacks.len, MO_STR_ARG(s->name),
			MO_STR_ARG(s->account->name));
	} else {
		mo_diag_note(d, "in the stack `" MO_STR_FMT "` of account `" MO_STR_FMT "` in " MO_STR_FMT, MO_STR_ARG(s->name),
			MO_STR_ARG(s->account->name), MO_STR_ARG(s->region));
	}
}

struct change {
	const struct pair *pair;
	const struct mo_ir_kept *kept;
	const struct mo_lock_fact *resource, *setting; // what the lock file says; `setting` may be NULL
	const struct mo_ir_setting *now;               // NULL: not set any more
};

static void
report_replaced(struct comparison *c, const struct change *ch)
{
	const struct mo_ir_kept *k = ch->kept;
	struct mo_str property = ch->now ? ch->now->property : ch->setting->fields[MO_LOCK_PROPERTY];
	struct mo_span at = ch->now && !mo_span_is_nowhere(ch->now->span) ? ch->now->span : k->span;
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WOULD_REPLACE, at, "`" MO_STR_FMT "` would be replaced, and what is in it lost: `"
		MO_STR_FMT "` cannot change", MO_STR_ARG(k->path), MO_STR_ARG(property));
	struct mo_span then = ch->setting ? ch->setting->span : ch->resource->span;
	mo_diag_label(d, then, "as it was built");
	if (at.start != k->span.start) {
		mo_diag_label(d, k->span, MO_STR_FMT, MO_STR_ARG(k->type));
	}
	if (ch->setting) {
		mo_diag_note(d, "it was `" MO_STR_FMT "`", MO_STR_ARG(ch->setting->fields[MO_LOCK_VALUE]));
	} else {
		mo_diag_note(d, "it was not set");
	}
	if (ch->now) {
		mo_diag_note(d, "it is `" MO_STR_FMT "`", MO_STR_ARG(ch->now->text));
	} else {
		mo_diag_note(d, "it is not set any more");
	}
	note_stacks(d, ch->pair);
	mo_diag_help(d, "put it back; or, where another one is wanted, say so: `@generation(2)` replaces it, `@retain` keeps the old one beside it");
}

static bool
is_open(struct mo_str text)
{
	return mo_str_is(text, MO_IR_OPEN);
}

static const struct mo_ir_setting *
setting_of(const struct mo_ir_kept *k, struct mo_str property)
{
	for (uint32_t i = 0; i < k->settings.len; i++) {
		if (mo_str_eq(k->settings.items[i].property, property)) {
			return &k->settings.items[i];
		}
	}
	return NULL;
}

// Whether two texts differ at a stack, where some pseudo parameters are known.
static bool
differs_at(struct comparison *c, const struct mo_ir_stack *s, struct mo_str a, struct mo_str b)
{
	const struct mo_str known[][2] = { { MO_STR("${AWS::AccountId}"), s->account->id }, { MO_STR("${AWS::Region}"), s->region },
		{ MO_STR("${AWS::Partition}"), s->account->partition }, { MO_STR("${AWS::StackName}"), s->name } };
	struct mo_str texts[2] = { a, b };
	for (uint32_t t = 0; t < 2; t++) {
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			struct mo_buf out = mo_buf_in(c->arena);
			size_t from = 0;
			for (ptrdiff_t at; (at = mo_str_find(texts[t], known[i][0], from)) >= 0; from = (size_t)at + known[i][0].len) {
				mo_buf_add(&out, mo_str_sub(texts[t], from, (size_t)at));
				mo_buf_add(&out, known[i][1]);
			}
			mo_buf_add(&out, mo_str_sub(texts[t], from, texts[t].len));
			texts[t] = mo_buf_str(&out);
		}
	}
	return !mo_str_eq(texts[0], texts[1]);
}

static bool
differs(struct comparison *c, const struct pair *p, struct mo_str before, struct mo_str now)
{
	if (is_open(before) || is_open(now) || mo_str_eq(before, now)) {
		return false;
	}
	for (uint32_t i = 0; i < p->stacks.len; i++) {
		if (differs_at(c, p->stacks.items[i], before, now)) {
			return true;
		}
	}
	return false;
}

// The first property that would replace it is reported; the others would say the same.
static void
compare_settings(struct comparison *c, const struct pair *p, const struct mo_lock_fact *f, const struct mo_ir_kept *k)
{
	const fact_list *before = mo_map_get(&c->settings, member_hash(p->group->name, f->fields[MO_LOCK_ID]));
	struct change ch = { .pair = p, .kept = k, .resource = f };
	for (uint32_t i = 0; before && i < before->len; i++) {
		ch.setting = before->items[i];
		ch.now = setting_of(k, ch.setting->fields[MO_LOCK_PROPERTY]);
		if (!ch.now || differs(c, p, ch.setting->fields[MO_LOCK_VALUE], ch.now->text)) {
			report_replaced(c, &ch);
			return;
		}
	}
	for (uint32_t i = 0; i < k->settings.len; i++) {
		struct mo_str keys[] = { p->group->name, f->fields[MO_LOCK_ID], k->settings.items[i].property };
		if (!mo_lock_find(c->lock, MO_LOCK_SETTING, keys)) {
			ch.setting = NULL;
			ch.now = &k->settings.items[i];
			report_replaced(c, &ch);
			return;
		}
	}
}

static void
compare_resource(struct comparison *c, const struct pair *p, const struct mo_lock_fact *f, const struct mo_ir_kept *k)
{
	if (survives(k->on_replace)) {
		return;
	}
	if (mo_str_eq(f->fields[MO_LOCK_TYPE], k->type)) {
		compare_settings(c, p, f, k);
		return;
	}
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WOULD_REPLACE, k->span, "`" MO_STR_FMT "` is deployed as " MO_STR_FMT
		", and the type of a resource cannot change", MO_STR_ARG(k->path), MO_STR_ARG(f->fields[MO_LOCK_TYPE]));
	mo_diag_label(d, f->span, "as it was built");
	note_stacks(d, p);
	mo_diag_help(d, "give one of another type another name, or another logical ID with `@id`");
}

// ---- a resource that is gone -----------------------------------------------------------------------------------------------------

static bool
is_retained(const struct mo_lock_fact *f)
{
	return mo_str_is(f->fields[MO_LOCK_DELETION], "retain") || mo_str_is(f->fields[MO_LOCK_DELETION], "snapshot");
}

static bool
had_id(const struct mo_ir_kept *k, struct mo_str id)
{
	for (uint32_t i = 0; i < k->former.len; i++) {
		if (mo_str_eq(k->former.items[i], id)) {
			return true;
		}
	}
	return false;
}

// Whether the ID is one that the resource had in an earlier generation.
static bool
is_generation_before(const struct mo_ir_kept *k, struct mo_str id)
{
	return !mo_str_eq(k->id, k->first_id) && mo_str_starts(id, k->first_id)
	       && (id.len == k->first_id.len || mo_str_starts(mo_str_sub(id, k->first_id.len, id.len), MO_STR("Generation")));
}

static bool
is_replaced_on_purpose(const struct pair *p, struct mo_str id)
{
	for (uint32_t i = 0; i < p->template->kept.len; i++) {
		if (is_generation_before(p->template->kept.items[i], id)) {
			return true;
		}
	}
	return false;
}

// What the resource is called now, here or in another stack; NULL when nothing says that it was this one.
static const struct mo_ir_kept *
moved_to(const struct comparison *c, const struct pair *p, struct mo_str id)
{
	for (uint32_t i = 0; i < p->template->kept.len; i++) {
		const struct mo_ir_kept *k = p->template->kept.items[i];
		if (!k->moved && !k->moved_name.len && had_id(k, id)) {
			return k;
		}
	}
	return claimant(c, p, id);
}

static bool
is_new(struct comparison *c, const struct pair *p, const struct mo_ir_kept *k)
{
	struct mo_str keys[] = { p->group->name, k->id };
	return k->stateful && mo_span_is_nowhere(k->renamed) && !mo_lock_find(c->lock, MO_LOCK_RESOURCE, keys);
}

// The one new resource that may be what is missing; NULL when there is none, or several.
static const struct mo_ir_kept *
successor(struct comparison *c, const struct pair *p, const struct mo_lock_fact *f)
{
	const struct mo_ir_kept *found = NULL;
	for (uint32_t i = 0; i < p->template->kept.len; i++) {
		const struct mo_ir_kept *k = p->template->kept.items[i];
		if (!mo_str_eq(k->type, f->fields[MO_LOCK_TYPE]) || !is_new(c, p, k)) {
			continue;
		}
		if (mo_str_eq(k->path, f->fields[MO_LOCK_PATH])) {
			return k;
		}
		if (found) {
			return NULL;
		}
		found = k;
	}
	return found;
}

static void
report_renamed(struct comparison *c, const struct pair *p, const struct mo_lock_fact *f, const struct mo_ir_kept *k)
{
	struct mo_str id = f->fields[MO_LOCK_ID];
	bool same_path = mo_str_eq(k->path, f->fields[MO_LOCK_PATH]);
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WOULD_DELETE, k->span, "`" MO_STR_FMT "` has the logical ID `" MO_STR_FMT
		"`, and the deployed `" MO_STR_FMT "` would be deleted with what is in it", MO_STR_ARG(k->path), MO_STR_ARG(k->id), MO_STR_ARG(id));
	mo_diag_label(d, f->span, "as it was built");
	note_stacks(d, p);
	const char *word = same_path ? "id" : "renamed_from";
	mo_diag_help(d, "if it is the same " MO_STR_FMT ", write `@%s(\"" MO_STR_FMT "\")` before it; if the old one may go with its data, delete "
		"its line in `" MO_STR_FMT "`", MO_STR_ARG(f->fields[MO_LOCK_TYPE]), word, MO_STR_ARG(id), MO_STR_ARG(c->lock->name));
	if (!mo_span_is_nowhere(k->item)) {
		mo_diag_fix(d, (struct mo_span){ k->item.start, k->item.start }, "@%s(\"" MO_STR_FMT "\") ", word, MO_STR_ARG(id));
	}
}

static void
report_deleted(struct comparison *c, const struct pair *p, const struct mo_lock_fact *f)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_WOULD_DELETE, f->span, "`" MO_STR_FMT "` is deployed and not in the program any more: it would "
		"be deleted with what is in it", MO_STR_ARG(f->fields[MO_LOCK_PATH]));
	if (!mo_span_is_nowhere(p->stacks.items[0]->span)) {
		mo_diag_label(d, p->stacks.items[0]->span, "its stack");
	}
	note_stacks(d, p);
	mo_diag_help(d, "if it has another name now, write `@renamed_from(\"" MO_STR_FMT "\")` there, in another stack `@moved_from(\""
		MO_STR_FMT "\", \"" MO_STR_FMT "\")`; to keep it outside of the program, build and deploy it with `@retain` once; if it may go with its "
		"data, delete this line", MO_STR_ARG(f->fields[MO_LOCK_ID]), MO_STR_ARG(p->stacks.items[0]->name), MO_STR_ARG(f->fields[MO_LOCK_ID]));
}

static void
compare_pair(struct comparison *c, const struct pair *p)
{
	struct mo_map by_id = { 0 };
	for (uint32_t i = 0; i < p->template->kept.len; i++) {
		struct mo_ir_kept *k = p->template->kept.items[i];
		if (k->stateful) {
			mo_map_put(c->arena, &by_id, mo_str_hash(k->id), k);
		}
	}
	for (uint32_t i = 0; i < p->group->resources.len; i++) {
		const struct mo_lock_fact *f = p->group->resources.items[i];
		const struct mo_ir_kept *k = mo_map_get(&by_id, mo_str_hash(f->fields[MO_LOCK_ID]));
		if (k && mo_str_eq(k->id, f->fields[MO_LOCK_ID])) {
			compare_resource(c, p, f, k);
			continue;
		}
		if (is_retained(f) || is_replaced_on_purpose(p, f->fields[MO_LOCK_ID])) {
			continue;
		}
		k = moved_to(c, p, f->fields[MO_LOCK_ID]);
		if (k) {
			compare_resource(c, p, f, k);
			continue;
		}
		k = successor(c, p, f);
		if (k) {
			report_renamed(c, p, f, k);
		} else {
			report_deleted(c, p, f);
		}
	}
}

// ---- stacks that are gone --------------------------------------------------------------------------------------------------------

// The members that nobody took over at the stack of a fact.
static uint32_t
left_behind(const struct comparison *c, const struct group *g, const struct mo_lock_fact *stack)
{
	uint32_t left = 0;
	for (uint32_t i = 0; i < g->resources.len; i++) {
		uint64_t place = place_hash(stack->fields[MO_LOCK_STACK_NAME], stack->fields[MO_LOCK_ACCOUNT], stack->fields[MO_LOCK_REGION],
			g->resources.items[i]->fields[MO_LOCK_ID]);
		left += !mo_map_get(&c->claims, place);
	}
	return left;
}

static void
report_gone(struct comparison *c, const struct group *g, const struct mo_lock_fact *first, uint32_t stacks, uint32_t resources)
{
	struct mo_diag *d = mo_report(c->ctx->diags, MSG_STACK_GONE, first->span, "the stack `" MO_STR_FMT "` of account " MO_STR_FMT " in "
		MO_STR_FMT " is deployed and not in the program any more", MO_STR_ARG(first->fields[MO_LOCK_STACK_NAME]),
		MO_STR_ARG(first->fields[MO_LOCK_ACCOUNT]), MO_STR_ARG(first->fields[MO_LOCK_REGION]));
	if (stacks > 1) {
		mo_diag_note(d, "%u more stacks with the same members are gone", stacks - 1);
	}
	mo_diag_note(d, "it holds %u resource%s with data, such as `" MO_STR_FMT "`; nothing deletes a stack that the program forgets", resources,
		resources == 1 ? "" : "s", MO_STR_ARG(g->resources.items[0]->fields[MO_LOCK_PATH]));
	mo_diag_help(d, "if it has another name now, keep the old one with `@name`; if it is deleted, or is to live on without the program, delete "
			"its line%s", stacks > 1 ? " and theirs" : "");
}

static void
compare_gone(struct comparison *c, const struct group *g)
{
	const struct mo_lock_fact *first = NULL;
	uint32_t stacks = 0, resources = 0;
	for (uint32_t i = 0; i < g->gone.len; i++) {
		uint32_t left = left_behind(c, g, g->gone.items[i]);
		if (left) {
			first = first ? first : g->gone.items[i];
			resources = stacks++ ? resources : left;
		}
	}
	if (first) {
		report_gone(c, g, first, stacks, resources);
	}
}

void
mo_check_kept(struct mo_ctx *ctx, const struct mo_ir_platform *platform)
{
	struct comparison c = { .ctx = ctx, .arena = &ctx->build, .platform = platform, .lock = ctx->lock };
	if (!c.lock || !c.lock->exists) {
		return;
	}
	read_before(&c);
	match_stacks(&c);
	claim_all(&c);
	for (uint32_t i = 0; i < c.pairs.len; i++) {
		compare_pair(&c, c.pairs.items[i]);
	}
	for (uint32_t i = 0; i < c.groups.len; i++) {
		compare_gone(&c, c.groups.items[i]);
	}
}
