-- To see a plan, put "explain query plan" before a statement in sqlite3.

-- blockDocuments
with recursive
-- The roots, and all that they refer to. Not UNION ALL, which would never end if documents refer to each other.
tree (id, reference_name, parent_id) as (
  -- the casts give Postgres the types of the columns
  select root.id, cast(null as varchar), cast(null as uuid)
  from (select "block_document"."id" from "block_document" where "id" = ?) as root
  union
  select ref.reference_block_document_id, ref.name, ref.parent_block_document_id
  from tree join block_document_reference as ref on ref.parent_block_document_id = tree.id
)
select document.id, document.created, document.updated, document.name, document.data, document.block_schema_id,
  document.block_type_id, document.is_anonymous, former.paths as former_secret_paths,
  tree.reference_name, tree.parent_id,
  block_type.created as type_created, block_type.updated as type_updated, block_type.name as type_name,
  block_type.slug as type_slug, block_type.logo_url as type_logo_url,
  block_type.documentation_url as type_documentation_url, block_type.description as type_description,
  block_type.code_example as type_code_example, block_type.is_protected as type_is_protected
from tree join block_document as document on document.id = tree.id join block_type on block_type.id =
  document.block_type_id
left join mintaka_former_secret as former on former.block_document_id = document.id
order by coalesce(document.name, document.name), document.id, tree.reference_name;
