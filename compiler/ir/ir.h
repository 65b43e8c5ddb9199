// SPDX-License-Identifier: Apache-2.0
// The platform: what a program means once everything is evaluated and expanded. Accounts, templates with their resources, and the
// stacks that deploy a template to a target. Made by compiler/eval, read by checks and emitters, which see nothing above it.
// Everything lives in the build arena. Lists are in the order in which they are to be written.
#ifndef MO_IR_IR_H
#define MO_IR_IR_H

#include "base/map.h"
#include "base/vec.h"
#include "base/zip.h"
#include "catalog/catalog.h"
#include "source/source.h"

#include <stdbool.h>

struct mo_ir_resource;
struct mo_ir_param;
struct mo_ir_condition;
struct mo_ir_mapping;
struct mo_ir_template;
struct mo_ir_asset;

// ---- values ----------------------------------------------------------------------------------------------------------------------

enum mo_ir_kind {
	MO_IR_NULL,     // JSON's null, only inside untyped JSON
	MO_IR_BOOL,
	MO_IR_INT,
	MO_IR_FLOAT,
	MO_IR_STRING,   // literal text, nothing in it is interpreted
	MO_IR_LIST,
	MO_IR_OBJECT,
	// Known only when CloudFormation runs:
	MO_IR_RESOURCE, // Ref to a resource
	MO_IR_ATTRIBUTE, // Fn::GetAtt
	MO_IR_PARAM,    // Ref to a parameter
	MO_IR_PSEUDO,   // Ref to "AWS::Region" and its like; AWS::NoValue drops the property or element
	MO_IR_SUB,      // text with values in it: parts are STRING or any deploy-time scalar
	MO_IR_IF,       // Fn::If
	MO_IR_CONDITION, // a named condition used in another condition
	MO_IR_CALL,     // any other intrinsic by its name
	MO_IR_ASSET,    // of a published file; in a finished template it is text, but for what the content of a template decides
};

enum mo_ir_asset_part {
	MO_IR_ASSET_BUCKET, // the repository of an image
	MO_IR_ASSET_KEY,
	MO_IR_ASSET_ACCOUNT, // of the bucket
	MO_IR_ASSET_REGION, // of the bucket
	MO_IR_ASSET_SUFFIX, // of the domain that serves it: "amazonaws.com"
	MO_IR_ASSET_FILE,
	MO_IR_ASSET_VERSION, // the name of the version of a product that the file is; .asset->release says more, .asset->key becomes the name
};

struct mo_ir_value;
typedef MO_VEC(const struct mo_ir_value *) mo_ir_values;

struct mo_ir_member {
	struct mo_str key;
	struct mo_span key_span;
	const struct mo_ir_value *value;
};

typedef MO_VEC(struct mo_ir_member) mo_ir_members;

// Immutable once made, so values may be shared.
struct mo_ir_value {
	enum mo_ir_kind kind;
	struct mo_span span; // where it was written
	union {
		bool boolean;
		int64_t integer;
		double number;
		struct mo_str text; // STRING; PSEUDO: its name
		mo_ir_values items; // LIST; SUB: its parts
		mo_ir_members members;
		struct {
			struct mo_ir_resource *resource;
			struct mo_str attribute; // ATTRIBUTE: may be dotted
		};
		struct mo_ir_param *param;
		struct {
			struct mo_ir_condition *condition;      // IF, CONDITION
			const struct mo_ir_value *then, *otherwise; // IF
		};
		struct {
			struct mo_str function; // CALL: "Fn::Join"
			const struct mo_ir_value *argument;
		};
		struct {
			const struct mo_ir_asset *asset;
			enum mo_ir_asset_part part;
			struct mo_ir_resource *home; // the bucket that it is to be in; NULL: where the template has its files
		};
	};
};

// How deep values may nest; whoever makes values refuses to go deeper, whoever walks them stops there.
enum { MO_IR_DEEPEST = 400 };

// Whether CloudFormation has to compute it (anything below counts).
bool mo_ir_is_deploy_time(const struct mo_ir_value *v);
// Whether two values are the same; the order of an object's members does not count.
bool mo_ir_equal(const struct mo_ir_value *a, const struct mo_ir_value *b);

const struct mo_ir_value *mo_ir_null(struct mo_arena *a, struct mo_span span);
const struct mo_ir_value *mo_ir_bool(struct mo_arena *a, struct mo_span span, bool b);
const struct mo_ir_value *mo_ir_int(struct mo_arena *a, struct mo_span span, int64_t n);
const struct mo_ir_value *mo_ir_float(struct mo_arena *a, struct mo_span span, double d);
const struct mo_ir_value *mo_ir_string(struct mo_arena *a, struct mo_span span, struct mo_str text); // text is not copied
const struct mo_ir_value *mo_ir_ref(struct mo_arena *a, struct mo_span span, struct mo_ir_resource *r);
const struct mo_ir_value *mo_ir_attribute(struct mo_arena *a, struct mo_span span, struct mo_ir_resource *r, struct mo_str name);
const struct mo_ir_value *mo_ir_param_ref(struct mo_arena *a, struct mo_span span, struct mo_ir_param *p);
const struct mo_ir_value *mo_ir_pseudo(struct mo_arena *a, struct mo_span span, struct mo_str name); // "AWS::Region"
const struct mo_ir_value *mo_ir_if(struct mo_arena *a, struct mo_span span, struct mo_ir_condition *c,
	const struct mo_ir_value *then, const struct mo_ir_value *otherwise);
const struct mo_ir_value *mo_ir_condition_ref(struct mo_arena *a, struct mo_span span, struct mo_ir_condition *c);
const struct mo_ir_value *mo_ir_call(struct mo_arena *a, struct mo_span span, struct mo_str function, const struct mo_ir_value *arg);
const struct mo_ir_value *mo_ir_asset_part(struct mo_arena *a, struct mo_span span, const struct mo_ir_asset *asset, enum mo_ir_asset_part part,
	struct mo_ir_resource *home);
const struct mo_ir_value *mo_ir_call_list(struct mo_arena *a, struct mo_span span, struct mo_str function,
	const struct mo_ir_value *const *args, uint32_t count);
struct mo_ir_value *mo_ir_list(struct mo_arena *a, struct mo_span span);   // fill with mo_push(a, &v->items, …)
struct mo_ir_value *mo_ir_object(struct mo_arena *a, struct mo_span span); // fill with mo_ir_set
struct mo_ir_value *mo_ir_sub(struct mo_arena *a, struct mo_span span);    // fill with mo_push(a, &v->items, …)
// Replaces the value of a key that is there already.
void mo_ir_set(struct mo_arena *a, struct mo_ir_value *object, struct mo_str key, struct mo_span key_span, const struct mo_ir_value *v);
const struct mo_ir_value *mo_ir_get(const struct mo_ir_value *object, struct mo_str key); // NULL when absent

// Calls `enter` for the value and all values in it, each before those it holds; `enter` says whether to go inside.
void mo_ir_visit(const struct mo_ir_value *v, bool (*enter)(void *data, const struct mo_ir_value *v), void *data);
// The same for everything that a resource holds: its properties, metadata and policies. Dependencies are not values.
void mo_ir_visit_resource(const struct mo_ir_resource *r, bool (*enter)(void *data, const struct mo_ir_value *v), void *data);

// ---- templates -------------------------------------------------------------------------------------------------------------------

// One line of "where does this come from": the user's place, and the library's when a component of it wrote the resource.
struct mo_ir_origin {
	struct mo_span span;       // the user's line
	struct mo_span definition; // the declaration itself; equal to span when the user wrote it
	struct mo_str path;        // names joined: "main.subnet[\"private\", 0]"
};

struct mo_ir_param {
	struct mo_str id;
	struct mo_ir_origin origin;
	struct mo_str type; // "String", "AWS::SSM::Parameter::Value<AWS::EC2::VPC::Id>"
	struct mo_span type_span; // of a written `String` that could have bounds; empty otherwise
	struct mo_str description, constraint_description, allowed_pattern;
	const struct mo_ir_value *default_value;  // NULL: none
	const struct mo_ir_value *allowed_values; // LIST or NULL
	bool has_min_length, has_max_length, has_min_value, has_max_value, no_echo;
	bool truth; // its texts are those of true and false
	bool each;  // no parameter of the template: the element of a mo_ir_loop
	int64_t min_length, max_length, min_value, max_value;
};

// What must hold of parameters before anything is made.
struct mo_ir_rule {
	struct mo_str id;
	struct mo_ir_origin origin;
	const struct mo_ir_value *condition; // asked only where this holds; NULL: always
	const struct mo_ir_value *assertion; // Fn::Equals, Fn::Contains …, written out: rules know no conditions by name
	struct mo_str description;           // what is said when it does not hold
};

// What CloudFormation repeats for every element of a list: Fn::ForEach. The IDs of what is in it hold "&{EachName}".
struct mo_ir_loop {
	struct mo_ir_param *element;
	const struct mo_ir_value *list;
};

struct mo_ir_condition {
	struct mo_str id;
	struct mo_ir_origin origin;
	const struct mo_ir_value *expression; // Fn::Equals, Fn::And …, CONDITION
	bool foreign; // `raw` or a macro brings it: it is named, not written
};

struct mo_ir_mapping {
	struct mo_str id;
	struct mo_ir_origin origin;
	const struct mo_ir_value *table; // OBJECT of OBJECTs
};

enum mo_ir_policy { MO_IR_NO_POLICY, MO_IR_DELETE, MO_IR_RETAIN, MO_IR_RETAIN_EXCEPT_ON_CREATE, MO_IR_SNAPSHOT };

struct mo_ir_resource {
	struct mo_str id; // logical ID; empty for an existing one
	struct mo_ir_origin origin;
	struct mo_str type;               // "AWS::EC2::Subnet"
	mo_cat catalog;                   // 0 for custom resources
	struct mo_ir_template *template;  // where it is declared
	bool existing;                    // declared with `existing`: referable, never written
	struct mo_ir_condition *condition; // NULL: always there
	const struct mo_ir_loop *loop;    // NULL: one, not one for each element of a list
	struct mo_ir_value *properties;   // OBJECT, never NULL
	MO_VEC(struct mo_ir_resource *) depends_on;
	enum mo_ir_policy deletion_policy, update_replace_policy;
	const struct mo_ir_value *metadata, *creation_policy, *update_policy; // NULL: none
	const struct mo_ir_value *extra; // OBJECT of further attributes, which @raw and `raw` add; NULL: none
};

struct mo_ir_output {
	struct mo_str id;
	struct mo_ir_origin origin;
	const struct mo_ir_value *value;
	struct mo_str description;
	const struct mo_ir_value *export_name; // NULL: none
	struct mo_ir_condition *condition;
	const struct mo_ir_loop *loop;
};

// A file that is published before the stacks that use it are deployed, named by its content.
struct mo_ir_asset {
	struct mo_str path;   // as the program names it, for people
	struct mo_str hash;   // 64 hexadecimal digits, of what was packed
	struct mo_str file;   // in the build folder: "asset.HASH.zip"
	struct mo_str key;    // in the bucket: "HASH.zip"
	struct mo_str bytes;
	bool of_template;     // .file is that of .template; it, .hash and .key are set when templates are rendered
	const struct mo_ir_template *template;
	bool as_yaml;         // of a template: in YAML, whatever format is asked for
	const struct mo_ir_release *release; // NULL but of a version
	const mo_zip_files *files; // of a container image: the folder .file that it is built from; .key is its tag. NULL: a file
};

// A template that is published as a version of a product: which one is decided when its content is known.
struct mo_ir_release {
	const struct mo_ir_asset *asset; // the template
	struct mo_str name;              // as the program says it; empty: one is made
	struct mo_str description;       // may be empty
	struct mo_span span;             // of the name, else of the whole
	uint32_t keep;                   // how many versions there are to be at most, this one and the latest before it
};

// Who launches a template.
enum mo_ir_audience {
	MO_IR_DEPLOYED,     // stacks of this program
	MO_IR_FOR_ACCOUNTS, // whoever may in .accounts
	MO_IR_FOR_UNIT,     // accounts of an organizational unit
	MO_IR_FOR_ANYBODY,
};

// A use of `raw` or @raw: what was merged into the template.
struct mo_ir_raw {
	struct mo_ir_origin origin;
	struct mo_str resource;         // of @raw: the logical ID; empty for `raw`
	const struct mo_ir_value *json; // OBJECT
};

// A property that cannot change without replacing the resource, and its value: MO_IR_OPEN when only a deployment will tell.
#define MO_IR_OPEN "?"
struct mo_ir_setting {
	struct mo_str property, text;
	struct mo_span span; // where the program says it; nowhere when the library does
};

enum mo_ir_naming {
	MO_IR_UNNAMED,        // the service gives it a name
	MO_IR_NAME_GIVEN,     // by the program
	MO_IR_NAME_COMPUTED,  // of the names of platform, stack and path
};

struct mo_ir_stack;
typedef MO_VEC(struct mo_ir_stack *) mo_ir_stacks;

// What later builds must know of a resource: one that holds data, or one that had another logical ID.
struct mo_ir_kept {
	struct mo_str id, type, path;
	struct mo_span span;         // of its declaration
	struct mo_span item;         // all of the declaration, where a decorator can be put before it; nowhere otherwise
	bool stateful;
	enum mo_ir_naming naming;
	enum mo_ir_policy on_delete, on_replace;
	MO_VEC(struct mo_ir_setting) settings; // in the order of the catalog
	struct mo_str first_id;      // what the ID would be without @generation; the same when there is none
	MO_VEC(struct mo_str) former; // logical IDs that it may have had, the likeliest first: @renamed_from and @moved_from
	struct mo_span renamed;      // the innermost of these decorators; nowhere without one
	const mo_ir_stacks *moved;   // @moved_from: the stacks that it may come from; NULL: it stays in its own
	struct mo_str moved_name;    // the same, of a stack that the program does not have any more; empty otherwise
};

typedef MO_VEC(struct mo_ir_kept *) mo_ir_kept_list;

// A value that other stacks read, for the lock file.
#define MO_IR_READ "read"
struct mo_ir_published {
	struct mo_str path;  // "/mlops/acme/networking/main/VpcId"
	struct mo_str way;   // "ssm", "export-list"
	struct mo_str since; // MO_IR_READ, or since which program nobody reads it
	struct mo_str parts; // "MainVpc.VpcId"
};

// What is left of a template that was checked and rendered as soon as it was evaluated.
struct mo_ir_rendered {
	struct mo_str bytes[2];  // the files, in the order of the formats that are asked for; empty: no such format
	struct mo_str digest;    // of the first
	uint32_t resources;      // how many it holds
	MO_VEC(struct mo_ir_resource *) named; // those that are always there and have names which must be unique: only these properties are left
	mo_ir_kept_list kept;
};

struct mo_ir_template {
	struct mo_str name; // file name without ".template.json"
	enum mo_ir_audience audience;
	MO_VEC(const struct mo_ir_account *) accounts; // FOR_ACCOUNTS: without repetition
	struct mo_str unit, unit_path;                 // FOR_UNIT; the path may be empty
	struct mo_span span;
	struct mo_str description;
	const struct mo_ir_value *metadata; // OBJECT or NULL
	mo_ir_values transforms; // STRINGs, and OBJECTs { Name, Parameters }
	MO_VEC(struct mo_ir_param *) params;
	MO_VEC(struct mo_ir_rule *) rules;
	MO_VEC(struct mo_ir_mapping *) mappings;
	MO_VEC(struct mo_ir_condition *) conditions;
	MO_VEC(struct mo_ir_resource *) resources;
	MO_VEC(struct mo_ir_output *) outputs;
	MO_VEC(const struct mo_ir_asset *) assets; // what it refers to, each once
	struct mo_str verbatim;     // of one that is taken from a file as it is: its text; empty otherwise
	bool verbatim_json;         // the text is JSON, else YAML
	MO_VEC(struct mo_ir_raw) raw;    // every use of it, in source order
	const struct mo_ir_value *extra; // OBJECT of sections that `raw` adds, or adds to; NULL: none
	mo_ir_kept_list kept;       // what the lock file holds of it
	MO_VEC(struct mo_ir_published) published; // the same
	const struct mo_ir_rendered *rendered; // not NULL: this is all that is left, the lists are empty
};

// What `raw` adds to a section of a template: an OBJECT; NULL: nothing.
const struct mo_ir_value *mo_ir_added(const struct mo_ir_template *t, const char *section);

// ---- the platform ----------------------------------------------------------------------------------------------------------------

struct mo_ir_tag {
	struct mo_str key, value;
	struct mo_span span; // of the key
};

typedef MO_VEC(struct mo_ir_tag) mo_ir_tags;

struct mo_ir_account {
	struct mo_str name;        // as declared, with its key: "team-fraud"
	struct mo_span span;
	struct mo_str id;          // 12 digits
	struct mo_str region;      // the default one
	struct mo_str partition;   // "aws"
	struct mo_str qualifier;   // of the CDK bootstrap; "hnb659fds"
	struct mo_str profile;     // may be empty
	struct mo_str deploy_role, execution_role; // ARNs; empty means the bootstrap's own
	bool bootstrap;            // false: no bootstrap roles are used
	mo_ir_tags tags;
};

// A file that a stack publishes besides those of its own template: somebody who launches a template reads it in this bucket.
struct mo_ir_publication {
	const struct mo_ir_asset *asset;
	const struct mo_ir_account *account; // of the bucket
	struct mo_str region, bucket;
};

// A value of another stack that a stack reads.
struct mo_ir_read {
	const struct mo_ir_stack *stack;
	struct mo_str what;   // "main.subnet[*].SubnetId"
	struct mo_span span;  // where it is read first
	bool waits;           // it must be there before
};

// One template deployed to one target.
struct mo_ir_stack {
	struct mo_str name;     // the deployed stack's name
	struct mo_str artifact; // its ID in the cloud assembly: unique in the program
	struct mo_span span;
	struct mo_ir_template *template;
	const struct mo_ir_account *account;
	struct mo_str region;
	mo_ir_tags tags;
	bool termination_protection;
	MO_VEC(struct mo_str) notification_arns;
	MO_VEC(struct mo_ir_stack *) depends_on; // deployed before this one
	MO_VEC(struct mo_ir_read) reads;         // of other stacks
	MO_VEC(struct mo_ir_publication) publishes;
};

// An input of the program and the value that it has.
struct mo_ir_argument {
	struct mo_str name;
	struct mo_span span;             // of the declaration
	struct mo_span given;            // of the name where it was given; nowhere: the default counts
	const struct mo_ir_value *value; // known now
};

// A statement that `allow` or `deny` made, and the lines that caused it.
struct mo_ir_permission {
	struct mo_ir_resource *resource; // that holds it: a policy, or what the policy is about
	uint32_t behind;                 // its place in the policy's list of statements, counted from the end: 1 is the last; 0: the resource is it
	MO_VEC(struct mo_span) origins;
};

// The name of the deployed stack from which a member of `s` has moved; empty when it has not.
struct mo_str mo_moved_from(const struct mo_ir_kept *k, const struct mo_ir_stack *s);

struct mo_ir_platform {
	struct mo_str name;
	MO_VEC(struct mo_ir_account *) accounts;
	MO_VEC(struct mo_ir_template *) templates;
	MO_VEC(struct mo_ir_template *) rendered; // those that are checked and rendered already
	MO_VEC(struct mo_ir_stack *) stacks; // in deployment order
	MO_VEC(struct mo_ir_argument *) arguments;
	MO_VEC(const struct mo_ir_asset *) assets; // of all templates, each once
	MO_VEC(struct mo_ir_permission *) permissions; // those of templates that are left out are among them
	MO_VEC(struct mo_ir_asset *) template_assets; // whatever is named or published of templates
	MO_VEC(struct mo_str) inputs;        // paths of every file that was read
};

// The statement as the policy holds it (that of a resource of its own: the resource's properties); NULL when it is not there any more.
const struct mo_ir_value *mo_ir_permission_statement(const struct mo_ir_permission *p);
// "allow Service events.amazonaws.com to lambda:InvokeFunction on ${Hook.Arn}".
void mo_ir_statement_text(struct mo_buf *out, const struct mo_ir_value *statement);

// A readable rendering for --stop-after lower and the golden tests.
void mo_ir_dump(struct mo_buf *out, const struct mo_ir_platform *platform);

#endif
