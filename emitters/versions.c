// SPDX-License-Identifier: Apache-2.0
// Which versions products have. A template that has changed is a new version; those that were published before stay as they were, under
// their hashes in the bucket. Takes products whose list of versions names a release, and the lock; gives the whole list. What counts is
// the template as it would be written in JSON, so that neither comments nor the format make a version.
#include "emitters/versions.h"

#include "base/sha256.h"
#include "emitters/cfn_json.h"
#include "lock/lock.h"

struct product {
	struct mo_ctx *ctx;
	struct mo_output_set *out;
	const struct mo_ir_resource *resource;
	struct mo_str key; // in the lock
};

struct version {
	struct mo_str name, description, object; // its key in the bucket
	bool now; // it is the template as it is now
};

// ---- the lock --------------------------------------------------------------------------------------------------------------------

// What the lock keeps beside name and hash: the key of the object, and after a blank the description.
static struct version
version_of(const struct mo_lock_version *v)
{
	ptrdiff_t blank = mo_str_find(v->note, MO_STR(" "), 0);
	size_t end = blank < 0 ? v->note.len : (size_t)blank;
	struct mo_str rest = blank < 0 ? (struct mo_str){ 0 } : mo_str_sub(v->note, end + 1, v->note.len);
	return (struct version){ v->name, rest, mo_str_sub(v->note, 0, end), false };
}

static const struct mo_lock_version *
find(const mo_lock_versions *all, struct mo_str name)
{
	for (uint32_t i = 0; i < all->len; i++) {
		if (mo_str_eq(all->items[i].name, name)) {
			return &all->items[i];
		}
	}
	return NULL;
}

static struct mo_str
next_name(struct product *p, const mo_lock_versions *all)
{
	struct mo_str name;
	uint32_t number = all->len;
	do {
		name = mo_str_printf(p->out->arena, "v%u", ++number);
	} while (find(all, name));
	return name;
}

static void
report_changed(struct product *p, const struct mo_ir_release *r, const mo_lock_versions *all, const char *what)
{
	struct mo_str next = next_name(p, all);
	struct mo_diag *d = mo_report(p->ctx->diags, MSG_VERSION_CHANGED, r->span, "the version `" MO_STR_FMT "` of `" MO_STR_FMT
		"` was published with another %s", MO_STR_ARG(r->name), MO_STR_ARG(p->resource->origin.path), what);
	mo_diag_note(d, "users of Service Catalog rely on a version to stay what it is; mlops.lock has its hash");
	mo_diag_help(d, "give what has changed a new name, or leave the name out: it would be `" MO_STR_FMT "`", MO_STR_ARG(next));
}

// ---- deciding --------------------------------------------------------------------------------------------------------------------

static struct mo_str
content_hash(struct product *p, const struct mo_ir_asset *asset)
{
	struct mo_buf json = mo_buf_in(p->out->arena);
	if (asset->template->verbatim.len || mo_str_ends(asset->key, MO_STR(".json"))) {
		return asset->hash;
	}
	return mo_cfn_json(&json, asset->template, p->out->arena) ? asset->hash : mo_sha256_hex(p->out->arena, mo_buf_str(&json));
}

// Whether the version is there already; false also after a report.
static bool
is_published(struct product *p, const struct mo_ir_release *r, const mo_lock_versions *all, struct mo_str hash, bool *good)
{
	const struct mo_lock_version *same = r->name.len ? find(all, r->name) : all->len ? &mo_last(all) : NULL;
	if (!same) {
		return false;
	}
	bool equal = mo_str_eq(same->hash, hash);
	const char *what = !equal ? "content" : !mo_str_eq(version_of(same).description, r->description) ? "description" : NULL;
	if (r->name.len && what) {
		report_changed(p, r, all, what);
		*good = false;
	}
	return r->name.len || equal;
}

static mo_lock_versions
decide(struct product *p, const struct mo_ir_release *r, struct mo_str hash, bool *good)
{
	mo_lock_versions all = mo_lock_product_versions(p->ctx->lock, p->key);
	if (!is_published(p, r, &all, hash, good)) {
		const char *between = r->description.len ? " " : "";
		struct mo_lock_version v = { r->name.len ? r->name : next_name(p, &all), hash, .note = mo_str_printf(p->out->arena,
			MO_STR_FMT "%s" MO_STR_FMT, MO_STR_ARG(r->asset->key), between, MO_STR_ARG(r->description)) };
		mo_lock_add_version(p->ctx->lock, p->key, v);
		mo_push(p->out->arena, &all, v);
	}
	return all;
}

// ---- writing them ----------------------------------------------------------------------------------------------------------------

// The key of an object. The template as it is now may be there under another key than it has now, when it was written in another format.
static const struct mo_ir_value *
key_of(struct product *p, const struct mo_ir_value *part, const struct version *v)
{
	if (!v->now) {
		return mo_ir_string(p->out->arena, part->span, v->object);
	}
	struct mo_ir_asset *there = mo_new(p->out->arena, struct mo_ir_asset);
	*there = *part->asset;
	there->key = v->object;
	return mo_ir_asset_part(p->out->arena, part->span, there, MO_IR_ASSET_KEY, part->home);
}

// The URL of a version's object.
static const struct mo_ir_value *
url_of(struct product *p, const struct mo_ir_value *url, const struct version *v)
{
	struct mo_ir_value *other = mo_ir_sub(p->out->arena, url->span);
	if (url->kind != MO_IR_SUB) {
		return url;
	}
	for (uint32_t i = 0; i < url->items.len; i++) {
		const struct mo_ir_value *part = url->items.items[i];
		bool is_key = part->kind == MO_IR_ASSET && part->part == MO_IR_ASSET_KEY;
		mo_push(p->out->arena, &other->items, is_key ? key_of(p, part, v) : part);
	}
	return other;
}

// One version: as the program says it, with its own name, description and place.
static const struct mo_ir_value *
entry_of(struct product *p, const struct mo_ir_value *said, const struct mo_ir_release *r, const struct version *v)
{
	struct mo_arena *a = p->out->arena;
	struct mo_ir_value *entry = mo_ir_object(a, said->span), *info = mo_ir_object(a, said->span);
	const struct mo_ir_value *place = mo_ir_get(said, MO_STR("Info")), *url = mo_ir_get(place, MO_STR("LoadTemplateFromURL"));
	mo_ir_set(a, info, MO_STR("LoadTemplateFromURL"), said->span, url_of(p, url, v));
	mo_ir_set(a, entry, MO_STR("Name"), said->span, mo_ir_string(a, r->span, v->name));
	if (v->description.len) {
		mo_ir_set(a, entry, MO_STR("Description"), said->span, mo_ir_string(a, r->span, v->description));
	}
	for (uint32_t i = 0; i < said->members.len; i++) {
		const struct mo_ir_member *m = &said->members.items[i];
		if (!mo_str_is(m->key, "Name") && !mo_str_is(m->key, "Description")) {
			mo_ir_set(a, entry, m->key, m->key_span, mo_str_is(m->key, "Info") ? info : m->value);
		}
	}
	return entry;
}

static const struct mo_ir_release *
release_of(const struct mo_ir_value *entry)
{
	const struct mo_ir_value *name = entry->kind == MO_IR_OBJECT ? mo_ir_get(entry, MO_STR("Name")) : NULL;
	const struct mo_ir_value *info = name ? mo_ir_get(entry, MO_STR("Info")) : NULL;
	bool released = name && name->kind == MO_IR_ASSET && name->part == MO_IR_ASSET_VERSION && info && info->kind == MO_IR_OBJECT;
	return released && mo_ir_get(info, MO_STR("LoadTemplateFromURL")) && name->asset->release->asset->key.len ? name->asset->release : NULL;
}

static bool
decide_product(struct product *p, struct mo_ir_value *properties, const struct mo_ir_value *said)
{
	struct mo_ir_value *list = mo_ir_list(p->out->arena, said->span);
	bool good = true;
	for (uint32_t i = 0; i < said->items.len; i++) {
		const struct mo_ir_release *r = release_of(said->items.items[i]);
		if (!r) {
			mo_push(p->out->arena, &list->items, said->items.items[i]);
			continue;
		}
		struct mo_str hash = content_hash(p, r->asset);
		mo_lock_versions all = decide(p, r, hash, &good);
		for (uint32_t k = all.len > r->keep ? all.len - r->keep : 0; k < all.len; k++) {
			struct version v = version_of(&all.items[k]);
			v.now = mo_str_eq(all.items[k].hash, hash);
			mo_push(p->out->arena, &list->items, entry_of(p, said->items.items[i], r, &v));
		}
	}
	mo_ir_set(p->out->arena, properties, MO_STR("ProvisioningArtifactParameters"), said->span, list);
	return good;
}

bool
mo_versions_decide(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	bool good = true;
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		const struct mo_ir_template *t = platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			bool is_product = !r->existing && mo_str_is(r->type, "AWS::ServiceCatalog::CloudFormationProduct");
			const struct mo_ir_value *said = is_product ? mo_ir_get(r->properties, MO_STR("ProvisioningArtifactParameters")) : NULL;
			if (said && said->kind == MO_IR_LIST) {
				struct product p = { ctx, out, r, mo_str_printf(out->arena, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(t->name), MO_STR_ARG(r->id)) };
				good = decide_product(&p, r->properties, said) && good;
			}
		}
	}
	return good;
}
