import type * as z from 'zod';
import {
  boolean,
  complain,
  complainAtRoot,
  httpUrl,
  jsonObject,
  model,
  parameters,
  type Report,
  readText,
  text,
  uuid,
  wireType,
} from '../wire/index.ts';
import { defaulting, identity, limit, name, offset, readName, texts } from './fields.ts';
import { BlockDocumentFilter, BlockSchemaFilter, BlockTypeFilter } from './filters/index.ts';

/** Lower-case letters, digits and dashes; as in Python, a line feed may end the text. */
const slugLike = /^[a-z0-9-]*\n?$/;

function slug(): z.ZodType<string> {
  return wireType((value, report) => likeSlug(readText(value, report), 'slug', report), { type: 'string' });
}

/** The name of a block document to be made. */
function documentName(): z.ZodType<string> {
  return wireType((value, report) => likeSlug(readName(value, report), 'name', report), { type: 'string' });
}

function likeSlug(read: string | undefined, what: 'slug' | 'name', report: Report): string | undefined {
  if (read === undefined || slugLike.test(read)) return read;
  return complain(report, 'value_error', `${what} must only contain lowercase letters, numbers, and dashes`);
}

/** A block type to be made. */
export const BlockTypeCreate = model(
  'BlockTypeCreate',
  {
    name: name(),
    slug: slug(),
    logo_url: httpUrl().nullish(),
    documentation_url: httpUrl().nullish(),
    description: text().nullish(),
    code_example: text().nullish(),
  },
  { extra: 'forbid' },
);
export type BlockTypeCreate = z.output<typeof BlockTypeCreate>;

/** What shall change of a block type; what is left out stays. */
export const BlockTypeUpdate = model(
  'BlockTypeUpdate',
  {
    logo_url: httpUrl().nullish(),
    documentation_url: httpUrl().nullish(),
    description: text().nullish(),
    code_example: text().nullish(),
  },
  { extra: 'forbid' },
);
export type BlockTypeUpdate = z.output<typeof BlockTypeUpdate>;

/** A kind of blocks: what they are called and how they are told to people. */
export const BlockType = model('BlockType', {
  ...identity,
  name: name(),
  slug: text(),
  logo_url: text().nullable(),
  documentation_url: text().nullable(),
  description: text().nullable(),
  code_example: text().nullable(),
  is_protected: boolean(),
});
export type BlockType = z.output<typeof BlockType>;

/** The version of a block schema whose author gave none. */
export const DEFAULT_BLOCK_SCHEMA_VERSION = 'non-versioned';

/** A block schema to be made. */
export const BlockSchemaCreate = model(
  'BlockSchemaCreate',
  {
    fields: defaulting(jsonObject(), {}),
    block_type_id: uuid().nullish(),
    capabilities: defaulting(texts(), []),
    version: defaulting(text(), DEFAULT_BLOCK_SCHEMA_VERSION),
  },
  { extra: 'forbid' },
);
export type BlockSchemaCreate = z.output<typeof BlockSchemaCreate>;

/** The fields that the blocks of a type have, in one of the forms that the type has had. */
export const BlockSchema = model('BlockSchema', {
  ...identity,
  checksum: text(),
  fields: jsonObject(),
  block_type_id: uuid(),
  block_type: BlockType,
  capabilities: texts(),
  version: text(),
});
export type BlockSchema = z.output<typeof BlockSchema>;

/** A block document to be made. Only an anonymous one may have no name. */
export const BlockDocumentCreate = model(
  'BlockDocumentCreate',
  {
    name: documentName().nullish(),
    data: defaulting(jsonObject(), {}),
    // Without them the database refuses the document, which answers otherwise than a missing field.
    block_schema_id: uuid().optional(),
    block_type_id: uuid().optional(),
    is_anonymous: boolean().default(false),
  },
  {
    extra: 'forbid',
    after: (read, report) => {
      if (read.is_anonymous === true || read.name) return;
      complainAtRoot(report, 'value_error', 'Names must be provided for block documents.');
    },
  },
);
export type BlockDocumentCreate = z.output<typeof BlockDocumentCreate>;

/** What shall change of a block document. Without `merge_existing_data` the data given replaces all of the old. */
export const BlockDocumentUpdate = model(
  'BlockDocumentUpdate',
  {
    block_schema_id: uuid().nullish(),
    data: defaulting(jsonObject(), {}),
    merge_existing_data: boolean().default(true),
  },
  { extra: 'forbid' },
);
export type BlockDocumentUpdate = z.output<typeof BlockDocumentUpdate>;

/** The values of a block, with those of the blocks within it. */
export const BlockDocument = model('BlockDocument', {
  ...identity,
  name: text().nullable(),
  data: jsonObject(),
  block_schema_id: uuid(),
  block_schema: BlockSchema,
  block_type_id: uuid(),
  block_type: BlockType,
  block_document_references: jsonObject(),
  is_anonymous: boolean(),
});
export type BlockDocument = z.output<typeof BlockDocument>;

/** Which block types, which page. */
export const BlockTypeFilterBody = parameters('BlockTypeFilterBody', {
  limit,
  block_types: BlockTypeFilter.optional(),
  block_schemas: BlockSchemaFilter.optional(),
  offset,
});
export type BlockTypeFilterBody = z.output<typeof BlockTypeFilterBody>;

/** Which block schemas, which page. */
export const BlockSchemaFilterBody = parameters('BlockSchemaFilterBody', {
  limit,
  block_schemas: BlockSchemaFilter.optional(),
  offset,
});
export type BlockSchemaFilterBody = z.output<typeof BlockSchemaFilterBody>;

/** Which block documents, which page, and whether their secrets are shown. */
export const BlockDocumentFilterBody = parameters('BlockDocumentFilterBody', {
  limit,
  block_documents: BlockDocumentFilter.optional(),
  block_types: BlockTypeFilter.optional(),
  block_schemas: BlockSchemaFilter.optional(),
  include_secrets: boolean().default(false),
  offset,
});
export type BlockDocumentFilterBody = z.output<typeof BlockDocumentFilterBody>;
