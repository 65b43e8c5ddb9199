// SPDX-License-Identifier: Apache-2.0
// Writes the folder's manifest in the form that the CDK's command line reads (cloud assembly schema 36.0.0, the highest version that
// command lines from 2.144.0 on accept), and for each stack the list of files to publish, its template among them. Names of buckets and
// roles are those of the CDK's bootstrap template; "${AWS::Partition}" in them is filled in by the command line.
#include "emitters/assembly.h"

#include "base/json_writer.h"
#include "base/sha256.h"
#include "emitters/format.h"

#define VERSION MO_STR("36.0.0")

// Bootstrap template versions that a stack and its look-ups need, as aws-cdk-lib asks for them.
enum { STACK_BOOTSTRAP = 6, LOOKUP_BOOTSTRAP = 8 };

struct assembly {
	struct mo_arena *arena;
	struct mo_output_set *out;
	struct mo_map files;   // hash of a file's name -> struct mo_str, its bytes
	struct mo_map digests; // template -> struct mo_str, of its file
	struct mo_map readers; // stack -> struct lines, of those that read it
};

struct lines {
	MO_VEC(struct mo_str) items;
};

// ---- pieces ----------------------------------------------------------------------------------------------------------------------

static void
field(struct mo_json_writer *j, const char *key, struct mo_str text)
{
	mo_json_put_key(j, mo_str_c(key));
	mo_json_put_string(j, text);
}

static void
begin_field(struct mo_json_writer *j, const char *key)
{
	mo_json_put_key(j, mo_str_c(key));
	mo_json_begin_object(j);
}

// A name of the bootstrap in an account and region: "cdk-QUALIFIER-PURPOSE-ACCOUNT-REGION".
static struct mo_str
bootstrap_name(struct assembly *a, const struct mo_ir_account *account, struct mo_str region, const char *purpose)
{
	return mo_str_printf(a->arena, "cdk-" MO_STR_FMT "-%s-" MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(account->qualifier), purpose,
		MO_STR_ARG(account->id), MO_STR_ARG(region));
}

static struct mo_str
bootstrap_role(struct assembly *a, const struct mo_ir_account *account, struct mo_str region, const char *purpose)
{
	struct mo_str name = bootstrap_name(a, account, region, purpose);
	return mo_str_printf(a->arena, "arn:${AWS::Partition}:iam::" MO_STR_FMT ":role/" MO_STR_FMT, MO_STR_ARG(account->id), MO_STR_ARG(name));
}

static struct mo_str
assets_artifact(struct assembly *a, const struct mo_ir_stack *s)
{
	return mo_str_printf(a->arena, MO_STR_FMT ".assets", MO_STR_ARG(s->artifact));
}

static struct mo_str
assets_file(struct assembly *a, const struct mo_ir_stack *s)
{
	return mo_str_printf(a->arena, MO_STR_FMT ".assets.json", MO_STR_ARG(s->artifact));
}

static void
put_bootstrap_version(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s, int64_t version)
{
	mo_json_put_key(j, MO_STR("requiresBootstrapStackVersion"));
	mo_json_put_int(j, version);
	field(j, "bootstrapStackVersionSsmParameter",
		mo_str_printf(a->arena, "/cdk-bootstrap/" MO_STR_FMT "/version", MO_STR_ARG(s->account->qualifier)));
}

// ---- the files to publish --------------------------------------------------------------------------------------------------------

// Files are added to the set while these are read, so their pieces are copied.
static void
index_files(struct assembly *a)
{
	for (uint32_t i = 0; i < a->out->files.len; i++) {
		struct mo_str *bytes = mo_new(a->arena, struct mo_str);
		*bytes = a->out->files.items[i].bytes;
		mo_map_put(a->arena, &a->files, mo_str_hash(a->out->files.items[i].name), bytes);
	}
}

// The digest of a template's file. Computed once, however many stacks share it.
static struct mo_str
template_digest(struct assembly *a, const struct mo_ir_template *t)
{
	struct mo_str *known = mo_map_get(&a->digests, (uintptr_t)t);
	if (t->rendered) {
		return t->rendered->digest;
	}
	if (known) {
		return *known;
	}
	struct mo_str *digest = mo_new(a->arena, struct mo_str);
	const struct mo_str *bytes = mo_map_get(&a->files, mo_str_hash(mo_template_file(a->out, t)));
	*digest = mo_sha256_hex(a->arena, bytes ? *bytes : MO_STR(""));
	mo_map_put(a->arena, &a->digests, (uintptr_t)t, digest);
	return *digest;
}

// What the template is called in the bucket of the bootstrap.
static struct mo_str
object_key(struct assembly *a, struct mo_str digest)
{
	const char *ending = mo_template_formats(a->out->options.format)[0]->name;
	return mo_str_printf(a->arena, MO_STR_FMT ".%s", MO_STR_ARG(digest), ending);
}

struct mo_str
mo_assembly_template_url(struct mo_output_set *out, const struct mo_ir_stack *s, struct mo_str bytes)
{
	struct assembly a = { .arena = out->arena, .out = out };
	struct mo_str bucket = bootstrap_name(&a, s->account, s->region, "assets"), object = object_key(&a, mo_sha256_hex(out->arena, bytes));
	const char *suffix = mo_str_is(s->account->partition, "aws-cn") ? "amazonaws.com.cn" : "amazonaws.com";
	return mo_str_printf(out->arena, "https://" MO_STR_FMT ".s3." MO_STR_FMT ".%s/" MO_STR_FMT, MO_STR_ARG(bucket), MO_STR_ARG(s->region), suffix,
		MO_STR_ARG(object));
}

// A role of the bootstrap in an account and region writes there. An image goes to a repository, anything else to a bucket.
static void
put_destination(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_publication *to, struct mo_str object, bool image)
{
	bool own = mo_str_eq(to->bucket, bootstrap_name(a, to->account, to->region, image ? "container-assets" : "assets"));
	struct mo_str place = mo_str_printf(a->arena, MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(to->account->id), MO_STR_ARG(to->region));
	mo_json_put_key(j, own ? place : mo_str_printf(a->arena, MO_STR_FMT "-" MO_STR_FMT, MO_STR_ARG(place), MO_STR_ARG(to->bucket)));
	mo_json_begin_object(j);
	field(j, image ? "repositoryName" : "bucketName", to->bucket);
	field(j, image ? "imageTag" : "objectKey", object);
	field(j, "region", to->region);
	if (to->account->bootstrap) {
		field(j, "assumeRoleArn", bootstrap_role(a, to->account, to->region, image ? "image-publishing-role" : "file-publishing-role"));
	}
	mo_json_end_object(j);
}

// The bootstrap's bucket, or repository, in the stack's account and region.
static struct mo_ir_publication
own_place(struct assembly *a, const struct mo_ir_stack *s, bool image)
{
	return (struct mo_ir_publication){ NULL, s->account, s->region,
		bootstrap_name(a, s->account, s->region, image ? "container-assets" : "assets") };
}

static void
put_template_asset(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	struct mo_str digest = template_digest(a, s->template);
	mo_json_put_key(j, digest);
	mo_json_begin_object(j);
	field(j, "displayName", mo_str_printf(a->arena, MO_STR_FMT " Template", MO_STR_ARG(s->artifact)));
	begin_field(j, "source");
	field(j, "path", mo_template_file(a->out, s->template));
	field(j, "packaging", MO_STR("file"));
	mo_json_end_object(j);
	begin_field(j, "destinations");
	const struct mo_ir_publication own = own_place(a, s, false);
	put_destination(a, j, &own, object_key(a, digest), false);
	mo_json_end_object(j);
	mo_json_end_object(j);
}

static bool
is_own(const struct mo_ir_stack *s, const struct mo_ir_asset *asset)
{
	for (uint32_t i = 0; i < s->template->assets.len; i++) {
		if (s->template->assets.items[i] == asset) {
			return true;
		}
	}
	return false;
}

static void
put_destinations(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s, const struct mo_ir_asset *asset)
{
	bool image = asset->files != NULL;
	const struct mo_ir_publication own = own_place(a, s, image);
	bool here = is_own(s, asset);
	begin_field(j, "destinations");
	if (here) {
		put_destination(a, j, &own, asset->key, image);
	}
	for (uint32_t i = 0; i < s->publishes.len; i++) {
		const struct mo_ir_publication *p = &s->publishes.items[i];
		if (p->asset == asset && !(here && mo_str_eq(p->bucket, own.bucket))) {
			put_destination(a, j, p, asset->key, image);
		}
	}
	mo_json_end_object(j);
}

// A file or image that resources of the stack, or of a template that it offers to others, refer to. It is in the build folder already.
static void
put_file_asset(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s, const struct mo_ir_asset *asset)
{
	mo_json_put_key(j, asset->hash);
	mo_json_begin_object(j);
	field(j, "displayName", asset->path);
	begin_field(j, "source");
	field(j, asset->files ? "directory" : "path", asset->file);
	if (!asset->files) {
		field(j, "packaging", MO_STR("file"));
	}
	mo_json_end_object(j);
	put_destinations(a, j, s, asset);
	mo_json_end_object(j);
}

// Whether a publication is the first of its file.
static bool
is_first(const struct mo_ir_stack *s, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++) {
		if (s->publishes.items[i].asset == s->publishes.items[index].asset) {
			return false;
		}
	}
	return true;
}

// All files, or all images.
static void
put_assets(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s, bool images)
{
	for (uint32_t i = 0; i < s->template->assets.len; i++) {
		if (!s->template->assets.items[i]->files == !images) {
			put_file_asset(a, j, s, s->template->assets.items[i]);
		}
	}
	for (uint32_t i = 0; i < s->publishes.len; i++) {
		const struct mo_ir_asset *asset = s->publishes.items[i].asset;
		if (!asset->files == !images && is_first(s, i) && !is_own(s, asset)) {
			put_file_asset(a, j, s, asset);
		}
	}
}

// Whether the stack has files to publish: its own template, where the account has the bootstrap's bucket, or others.
static bool
has_files(const struct mo_ir_stack *s)
{
	return s->account->bootstrap || s->publishes.len > 0;
}

static void
add_assets_file(struct assembly *a, const struct mo_ir_stack *s)
{
	struct mo_buf bytes = mo_buf_in(a->arena);
	struct mo_json_writer j = mo_json_writer(&bytes);
	mo_json_begin_object(&j);
	field(&j, "version", VERSION);
	begin_field(&j, "files");
	put_assets(a, &j, s, false);
	if (s->account->bootstrap) {
		put_template_asset(a, &j, s);
	}
	mo_json_end_object(&j);
	begin_field(&j, "dockerImages");
	put_assets(a, &j, s, true);
	mo_json_end_object(&j);
	mo_json_end_object(&j);
	mo_buf_addc(&bytes, '\n');
	mo_output_add(a->out, assets_file(a, s), mo_buf_str(&bytes));
}

// ---- artifacts -------------------------------------------------------------------------------------------------------------------

static void
put_assets_artifact(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	mo_json_put_key(j, assets_artifact(a, s));
	mo_json_begin_object(j);
	field(j, "type", MO_STR("cdk:asset-manifest"));
	begin_field(j, "properties");
	field(j, "file", assets_file(a, s));
	if (s->account->bootstrap) {
		put_bootstrap_version(a, j, s, STACK_BOOTSTRAP);
	}
	mo_json_end_object(j);
	mo_json_end_object(j);
}

static void
put_roles(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	const struct mo_ir_account *account = s->account;
	if (account->deploy_role.len || account->bootstrap) {
		field(j, "assumeRoleArn", account->deploy_role.len ? account->deploy_role : bootstrap_role(a, s->account, s->region, "deploy-role"));
	}
	if (account->execution_role.len || account->bootstrap) {
		field(j, "cloudFormationExecutionRoleArn",
			account->execution_role.len ? account->execution_role : bootstrap_role(a, s->account, s->region, "cfn-exec-role"));
	}
}

// What takes the bootstrap's buckets and roles; accounts without it deploy the template's text itself.
static void
put_bootstrap(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	struct mo_str bucket = bootstrap_name(a, s->account, s->region, "assets"), object = object_key(a, template_digest(a, s->template));
	field(j, "stackTemplateAssetObjectUrl",
		mo_str_printf(a->arena, "s3://" MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(bucket), MO_STR_ARG(object)));
	put_bootstrap_version(a, j, s, STACK_BOOTSTRAP);
	mo_json_put_key(j, MO_STR("additionalDependencies"));
	mo_json_begin_list(j);
	mo_json_put_string(j, assets_artifact(a, s));
	mo_json_end_list(j);
	begin_field(j, "lookupRole");
	field(j, "arn", bootstrap_role(a, s->account, s->region, "lookup-role"));
	put_bootstrap_version(a, j, s, LOOKUP_BOOTSTRAP);
	mo_json_end_object(j);
}

static void
put_tags(struct mo_json_writer *j, const mo_ir_tags *tags)
{
	if (!tags->len) {
		return;
	}
	begin_field(j, "tags");
	for (uint32_t i = 0; i < tags->len; i++) {
		mo_json_put_key(j, tags->items[i].key);
		mo_json_put_string(j, tags->items[i].value);
	}
	mo_json_end_object(j);
}

static void
put_notifications(struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	if (!s->notification_arns.len) {
		return;
	}
	mo_json_put_key(j, MO_STR("notificationArns"));
	mo_json_begin_list(j);
	for (uint32_t i = 0; i < s->notification_arns.len; i++) {
		mo_json_put_string(j, s->notification_arns.items[i]);
	}
	mo_json_end_list(j);
}

static void
put_properties(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	begin_field(j, "properties");
	field(j, "templateFile", mo_template_file(a->out, s->template));
	field(j, "stackName", s->name);
	mo_json_put_key(j, MO_STR("terminationProtection"));
	mo_json_put_bool(j, s->termination_protection);
	put_tags(j, &s->tags);
	put_notifications(j, s);
	put_roles(a, j, s);
	if (s->account->bootstrap) {
		put_bootstrap(a, j, s);
	}
	mo_json_end_object(j);
}

static void
put_dependencies(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	mo_json_put_key(j, MO_STR("dependencies"));
	mo_json_begin_list(j);
	for (uint32_t i = 0; i < s->depends_on.len; i++) {
		mo_json_put_string(j, s->depends_on.items[i]->artifact);
	}
	if (has_files(s)) {
		mo_json_put_string(j, assets_artifact(a, s));
	}
	mo_json_end_list(j);
}

// Who reads what of a stack, so that nobody takes it away unawares; the command line leaves metadata of other tools alone.
static void
put_readers(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	const struct lines *readers = mo_map_get(&a->readers, (uintptr_t)s);
	if (!readers) {
		return;
	}
	begin_field(j, "metadata");
	mo_json_put_key(j, mo_str_printf(a->arena, "/" MO_STR_FMT, MO_STR_ARG(s->artifact)));
	mo_json_begin_list(j);
	mo_json_begin_object(j);
	field(j, "type", MO_STR(MO_ASSEMBLY_MARK ":readers"));
	mo_json_put_key(j, MO_STR("data"));
	mo_json_begin_list(j);
	for (uint32_t i = 0; i < readers->items.len; i++) {
		mo_json_put_string(j, readers->items.items[i]);
	}
	mo_json_end_list(j);
	mo_json_end_object(j);
	mo_json_end_list(j);
	mo_json_end_object(j);
}

static void
find_readers(struct assembly *a, const struct mo_ir_stack *s)
{
	for (uint32_t i = 0; i < s->reads.len; i++) {
		const struct mo_ir_read *r = &s->reads.items[i];
		struct lines *of = mo_map_get(&a->readers, (uintptr_t)r->stack);
		if (!of) {
			of = mo_new(a->arena, struct lines);
			mo_map_put(a->arena, &a->readers, (uintptr_t)r->stack, of);
		}
		mo_push(a->arena, &of->items, mo_str_printf(a->arena, MO_STR_FMT " reads " MO_STR_FMT, MO_STR_ARG(s->artifact), MO_STR_ARG(r->what)));
	}
}

static void
put_stack_artifact(struct assembly *a, struct mo_json_writer *j, const struct mo_ir_stack *s)
{
	mo_json_put_key(j, s->artifact);
	mo_json_begin_object(j);
	field(j, "type", MO_STR("aws:cloudformation:stack"));
	field(j, "environment", mo_str_printf(a->arena, "aws://" MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(s->account->id), MO_STR_ARG(s->region)));
	put_properties(a, j, s);
	put_dependencies(a, j, s);
	put_readers(a, j, s);
	field(j, "displayName", s->artifact);
	mo_json_end_object(j);
}

// Stands at the start, where emitters/output.c looks for it.
static void
put_runtime(struct mo_json_writer *j)
{
	begin_field(j, "runtime");
	begin_field(j, "libraries");
	field(j, MO_ASSEMBLY_MARK, MO_STR("1")); // the version of the folder's layout
	mo_json_end_object(j);
	mo_json_end_object(j);
}

// An image is built from a folder, by whoever publishes it.
static void
add_folder(struct mo_output_set *out, const struct mo_ir_asset *image)
{
	for (uint32_t i = 0; i < image->files->len; i++) {
		const struct mo_zip_file *f = &image->files->items[i];
		struct mo_str name = mo_str_printf(out->arena, MO_STR_FMT "/" MO_STR_FMT, MO_STR_ARG(image->file), MO_STR_ARG(f->name));
		mo_output_add(out, name, f->bytes);
		mo_last(&out->files).executable = f->executable;
	}
}

bool
mo_emit_assets(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	(void)ctx;
	for (uint32_t i = 0; i < platform->assets.len; i++) {
		const struct mo_ir_asset *a = platform->assets.items[i];
		if (a->files) {
			add_folder(out, a);
		} else if (!a->of_template) { // whose file is there
			mo_output_add(out, a->file, a->bytes);
		}
	}
	return true;
}

bool
mo_emit_assembly(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_output_set *out)
{
	(void)ctx;
	struct assembly a = { .arena = out->arena, .out = out };
	struct mo_buf bytes = mo_buf_in(out->arena);
	struct mo_json_writer j = mo_json_writer(&bytes);
	index_files(&a);
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		find_readers(&a, platform->stacks.items[i]);
	}
	mo_json_begin_object(&j);
	field(&j, "version", VERSION);
	put_runtime(&j);
	begin_field(&j, "artifacts");
	for (uint32_t i = 0; i < platform->stacks.len; i++) {
		const struct mo_ir_stack *s = platform->stacks.items[i];
		if (has_files(s)) {
			add_assets_file(&a, s);
			put_assets_artifact(&a, &j, s);
		}
		put_stack_artifact(&a, &j, s);
	}
	mo_json_end_object(&j);
	mo_json_end_object(&j);
	mo_buf_addc(&bytes, '\n');
	mo_output_add(out, MO_STR("manifest.json"), mo_buf_str(&bytes));
	return true;
}
