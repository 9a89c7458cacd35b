-- To see a plan, put "explain (generic_plan)" before a statement in psql, from Postgres 16 on.

-- blockDocuments
with recursive
-- The roots, and all that they refer to. Not UNION ALL, which would never end if documents refer to each other.
tree (id, reference_name, parent_id) as (
  -- the casts give Postgres the types of the columns
  select root.id, cast(null as varchar), cast(null as uuid)
  from (select "block_document"."id" from "block_document" where "id" = $1) as root
  union
  select ref.reference_block_document_id, ref.name, ref.parent_block_document_id from tree cross join lateral (
    -- offset 0: looks up each row by its index
    select * from block_document_reference where parent_block_document_id = tree.id offset 0) as ref
)
select document.id, document.created, document.updated, document.name, document.data, document.block_schema_id,
  document.block_type_id, document.is_anonymous, former.paths as former_secret_paths,
  tree.reference_name, tree.parent_id,
  block_type.created as type_created, block_type.updated as type_updated, block_type.name as type_name,
  block_type.slug as type_slug, block_type.logo_url as type_logo_url,
  block_type.documentation_url as type_documentation_url, block_type.description as type_description,
  block_type.code_example as type_code_example, block_type.is_protected as type_is_protected
from tree cross join lateral (select * from block_document where id = tree.id offset 0) as document join block_type on
  block_type.id = document.block_type_id
left join lateral (
  select paths from mintaka_former_secret where block_document_id = document.id offset 0) as former on true
order by coalesce(document.name, document.name), document.id, tree.reference_name;
