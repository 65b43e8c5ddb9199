// SPDX-License-Identifier: Apache-2.0
// Resources that @renamed_from and @moved_from speak of: one file for each group of stacks that give to each other, in the form that
// `aws cloudformation create-stack-refactor --cli-input-json` takes. What moved in this build stays noted in the lock file as long as the
// decorator stands, so that a pipeline which builds the same program again writes the same files.
#include "emitters/refactor.h"

#include "base/json_writer.h"
#include "catalog/limits.h"
#include "emitters/assembly.h"
#include "lock/lock.h"

struct place {
	struct mo_str stack, id;
};

struct mapping {
	struct place from, to;
};

// Stacks of one account and region, refactored together.
struct group {
	const struct mo_ir_stack *first;
	MO_VEC(struct mo_str) stacks; // deployed names, in order of mention
	MO_VEC(struct mapping) mappings;
	struct group *into; // joined with another
};

// Whether a decorator is of use.
struct use {
	const struct mo_ir_kept *kept;
	bool fresh; // something moves by it now
	bool done;  // an earlier build of another program has moved something by it
};

struct refactoring {
	struct mo_ctx *ctx;
	struct mo_arena *arena;
	struct mo_output_set *out;
	const struct mo_ir_platform *platform;
	struct mo_lock *lock;
	struct mo_map stacks;  // hash of name, account and region -> mo_ir_stack
	struct mo_map members; // the same -> group
	MO_VEC(struct group *) groups;
	MO_VEC(struct use *) uses;
	struct mo_map uses_by_place;
};

static uint64_t
key_of(struct mo_str name, const struct mo_ir_stack *at)
{
	uint64_t hashes[] = { mo_str_hash(name), mo_str_hash(at->account->id), mo_str_hash(at->region) };
	return mo_str_hash((struct mo_str){ (const char *)hashes, sizeof(hashes) });
}

// ---- what moves ------------------------------------------------------------------------------------------------------------------

static struct group *
group_of(struct refactoring *r, struct mo_str name, const struct mo_ir_stack *at)
{
	struct group *g = mo_map_get(&r->members, key_of(name, at));
	if (!g) {
		g = mo_new(r->arena, struct group);
		g->first = at;
		mo_push(r->arena, &g->stacks, name);
		mo_push(r->arena, &r->groups, g);
		mo_map_put(r->arena, &r->members, key_of(name, at), g);
	}
	while (g->into) {
		g = g->into;
	}
	return g;
}

static void
add_mapping(struct refactoring *r, const struct mo_ir_stack *s, struct mo_str from_stack, struct mo_str from, struct mo_str to)
{
	struct group *g = group_of(r, s->name, s), *other = group_of(r, from_stack, s);
	if (other != g) {
		other->into = g;
		for (uint32_t i = 0; i < other->stacks.len; i++) {
			mo_push(r->arena, &g->stacks, other->stacks.items[i]);
		}
		for (uint32_t i = 0; i < other->mappings.len; i++) {
			mo_push(r->arena, &g->mappings, other->mappings.items[i]);
		}
	}
	mo_push(r->arena, &g->mappings, (struct mapping){ { from_stack, from }, { s->name, to } });
}

// The name under which the lock file has the members of a stack; NULL: it does not know the stack.
static const struct mo_str *
members_of(const struct refactoring *r, struct mo_str name, const struct mo_ir_stack *at)
{
	struct mo_str keys[] = { name, at->account->id, at->region };
	const struct mo_lock_fact *f = mo_lock_find(r->lock, MO_LOCK_STACK, keys);
	return f ? &f->fields[MO_LOCK_STACK_MEMBERS] : NULL;
}

static bool
is_known(const struct refactoring *r, struct mo_str members, struct mo_str id)
{
	return mo_lock_find(r->lock, MO_LOCK_RESOURCE, (struct mo_str[]){ members, id }) != NULL;
}

// Which ID the resource has where it comes from; empty: it has not moved. *since: of the program that moved it, when an earlier build did.
static struct mo_str
former_id(const struct refactoring *r, const struct mo_ir_stack *s, const struct mo_ir_kept *k, struct mo_str from_stack, struct mo_str *since)
{
	const struct mo_str *own = members_of(r, s->name, s), *source = members_of(r, from_stack, s);
	const struct mo_lock_fact *moved = own ? mo_lock_find(r->lock, MO_LOCK_MOVED, (struct mo_str[]){ *own, k->id }) : NULL;
	if (moved) {
		*since = moved->fields[MO_LOCK_SINCE];
		return moved->fields[MO_LOCK_FROM];
	}
	for (uint32_t i = 0; source && k->stateful && i < k->former.len; i++) {
		if (is_known(r, *source, k->former.items[i])) {
			return k->former.items[i];
		}
	}
	bool unheard = !r->lock || !r->lock->exists, companion = source && !k->stateful; // nobody knows, so the program is believed
	return unheard || companion ? k->former.items[0] : (struct mo_str){ 0 };
}

static struct use *
use_of(struct refactoring *r, const struct mo_ir_kept *k)
{
	struct use *u = mo_map_get(&r->uses_by_place, k->renamed.start);
	if (!u) {
		u = mo_new(r->arena, struct use);
		u->kept = k;
		mo_push(r->arena, &r->uses, u);
		mo_map_put(r->arena, &r->uses_by_place, k->renamed.start, u);
	}
	return u;
}

static void
move(struct refactoring *r, const struct mo_ir_stack *s, const struct mo_ir_kept *k)
{
	struct use *u = use_of(r, k);
	bool elsewhere = k->moved || k->moved_name.len;
	struct mo_str from_stack = elsewhere ? mo_moved_from(k, s) : s->name, now = { 0 };
	if (!from_stack.len) {
		return; // not deployed at this target
	}
	struct mo_str since = now, from = former_id(r, s, k, from_stack, &since);
	if (!from.len) {
		return;
	}
	if (r->lock) {
		now = mo_lock_program(r->lock, r->ctx->sources);
		since = since.len ? since : now;
		mo_lock_put(r->lock, MO_LOCK_MOVED, (struct mo_str[]){ s->template->name, k->id, since, from });
	}
	u->fresh |= mo_str_eq(since, now);
	u->done |= !mo_str_eq(since, now);
	add_mapping(r, s, from_stack, from, k->id);
}

// ---- the files -------------------------------------------------------------------------------------------------------------------

static void
put_place(struct mo_json_writer *j, const char *key, struct place p)
{
	mo_json_put_key(j, mo_str_c(key));
	mo_json_begin_object(j);
	mo_json_put_key(j, MO_STR("StackName"));
	mo_json_put_string(j, p.stack);
	mo_json_put_key(j, MO_STR("LogicalResourceId"));
	mo_json_put_string(j, p.id);
	mo_json_end_object(j);
}

static struct mo_str
bytes_of(const struct refactoring *r, const struct mo_ir_template *t)
{
	struct mo_str name = mo_template_file(r->out, t);
	for (uint32_t i = 0; i < r->out->files.len; i++) {
		if (mo_str_eq(r->out->files.items[i].name, name)) {
			return r->out->files.items[i].bytes;
		}
	}
	return (struct mo_str){ 0 };
}

// A template that is too long for the request is taken from where the CDK's tools publish it.
static void
put_definition(struct refactoring *r, struct mo_json_writer *j, struct mo_str name, const struct mo_ir_stack *at)
{
	const struct mo_ir_stack *s = mo_map_get(&r->stacks, key_of(name, at));
	struct mo_str body = s ? bytes_of(r, s->template) : (struct mo_str){ 0 };
	mo_json_begin_object(j);
	mo_json_put_key(j, MO_STR("StackName"));
	mo_json_put_string(j, name);
	if (s && (body.len <= mo_limits[MO_LIMIT_INLINE_BYTES].most || !s->account->bootstrap)) {
		mo_json_put_key(j, MO_STR("TemplateBody"));
		mo_json_put_string(j, body);
	} else if (s) {
		mo_json_put_key(j, MO_STR("TemplateURL"));
		mo_json_put_string(j, mo_assembly_template_url(r->out, s, body));
	}
	mo_json_end_object(j);
}

static void
add_file(struct refactoring *r, const struct group *g)
{
	struct mo_buf bytes = mo_buf_in(r->arena);
	struct mo_json_writer j = mo_json_writer(&bytes);
	mo_json_begin_object(&j);
	mo_json_put_key(&j, MO_STR("Description"));
	mo_json_put_string(&j, mo_str_printf(r->arena, "%u resource%s of " MO_STR_FMT, g->mappings.len, g->mappings.len == 1 ? "" : "s",
		MO_STR_ARG(r->platform->name)));
	mo_json_put_key(&j, MO_STR("ResourceMappings"));
	mo_json_begin_list(&j);
	for (uint32_t i = 0; i < g->mappings.len; i++) {
		mo_json_begin_object(&j);
		put_place(&j, "Source", g->mappings.items[i].from);
		put_place(&j, "Destination", g->mappings.items[i].to);
		mo_json_end_object(&j);
	}
	mo_json_end_list(&j);
	mo_json_put_key(&j, MO_STR("StackDefinitions"));
	mo_json_begin_list(&j);
	for (uint32_t i = 0; i < g->stacks.len; i++) {
		put_definition(r, &j, g->stacks.items[i], g->first);
	}
	mo_json_end_list(&j);
	mo_json_end_object(&j);
	mo_buf_addc(&bytes, '\n');
	mo_output_add(r->out, mo_str_printf(r->arena, "refactor/" MO_STR_FMT ".json", MO_STR_ARG(g->first->artifact)), mo_buf_str(&bytes));
}

// ---- decorators that are of no use -----------------------------------------------------------------------------------------------

// The decorator and the blanks behind it.
static struct mo_span
removable(struct refactoring *r, struct mo_span span)
{
	const struct mo_source *source = mo_source_at(r->ctx->sources, span.start);
	while (source && span.end - source->base < source->text.len && strchr(" \t\r\n", source->text.p[span.end - source->base])) {
		span.end++;
	}
	return span;
}

static void
report(struct refactoring *r, const struct use *u)
{
	const struct mo_ir_kept *k = u->kept;
	struct mo_diag *d = mo_report(r->ctx->diags, MSG_MOVE_DONE, k->renamed, u->done ? "an earlier build has given `" MO_STR_FMT
		"` its logical ID `" MO_STR_FMT "`" : "`" MO_STR_FMT "` is deployed as `" MO_STR_FMT "` already, or new", MO_STR_ARG(k->path),
		MO_STR_ARG(k->id));
	if (u->done) {
		mo_diag_help(d, "once that build is deployed everywhere, delete this");
	} else {
		mo_diag_note(d, "`" MO_STR_FMT "` knows nothing of `" MO_STR_FMT "`", MO_STR_ARG(r->lock->name), MO_STR_ARG(k->former.items[0]));
		mo_diag_help(d, "delete this, or put the old name right");
	}
	mo_diag_fix(d, removable(r, k->renamed), "%s", "");
}

static bool
any_moves(const struct mo_ir_platform *platform)
{
	for (uint32_t i = 0; i < platform->templates.len; i++) { // of those that are rendered already nothing moves
		for (uint32_t k = 0; k < platform->templates.items[i]->kept.len; k++) {
			if (platform->templates.items[i]->kept.items[k]->former.len) {
				return true;
			}
		}
	}
	return false;
}

bool
mo_emit_refactors(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	struct refactoring r = { .ctx = ctx, .arena = out->arena, .out = out, .platform = platform, .lock = ctx->lock };
	if (!any_moves(platform)) {
		return true;
	}
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		mo_map_put(r.arena, &r.stacks, key_of(platform->stacks.items[i]->name, platform->stacks.items[i]), platform->stacks.items[i]);
	}
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		for (uint32_t k = 0; k < s->template->kept.len; k++) {
			if (s->template->kept.items[k]->former.len) {
				move(&r, s, s->template->kept.items[k]);
			}
		}
	}
	for (uint32_t i = 0; i < r.groups.len; i++) {
		if (!r.groups.items[i]->into) {
			add_file(&r, r.groups.items[i]);
		}
	}
	for (uint32_t i = 0; i < r.uses.len; i++) {
		if (!r.uses.items[i]->fresh) {
			report(&r, r.uses.items[i]);
		}
	}
	return true;
}
