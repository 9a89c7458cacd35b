-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- blockSchemas
select "block_schema"."id", "block_schema"."created", "block_schema"."updated", "block_schema"."checksum",
  "block_schema"."fields", "block_schema"."block_type_id", "block_schema"."capabilities", "block_schema"."version",
  "block_type"."created" as "type_created", "block_type"."updated" as "type_updated", "block_type"."name" as
  "type_name", "block_type"."slug" as "type_slug", "block_type"."logo_url" as "type_logo_url",
  "block_type"."documentation_url" as "type_documentation_url", "block_type"."description" as "type_description",
  "block_type"."code_example" as "type_code_example", "block_type"."is_protected" as "type_is_protected",
  "node"."reference_name", "node"."parent_id"
from "block_schema"
inner join "block_type" on "block_type"."id" = "block_schema"."block_type_id"
inner join (with recursive "tree"("id", "reference_name", "parent_id") as (select "root"."id", cast(null as varchar) as
  "reference_name", cast(null as uuid) as "parent_id" from (select "block_schema"."id" from "block_schema" where "id" =
  ?) as "root" union select "ref"."reference_block_schema_id" as "id", "ref"."name" as "reference_name",
  "ref"."parent_block_schema_id" as "parent_id" from "tree" inner join "block_schema_reference" as "ref" on
  "ref"."parent_block_schema_id" = "tree"."id") select "tree"."id", "tree"."reference_name", "tree"."parent_id" from
  "tree") as "node" on "node"."id" = "block_schema"."id"
order by coalesce(block_schema.created, block_schema.created), "block_schema"."id", "node"."reference_name";
