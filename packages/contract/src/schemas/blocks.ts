import type * as z from 'zod';
import { EMPTY_OBJECT, type JsonObject, storedJson } from '../json.ts';
import { MOST_SCHEMA_CHARACTERS } from '../limits.ts';
import {
  boolean,
  complain,
  complainAtRoot,
  dict,
  httpUrl,
  jsonObject,
  model,
  parameters,
  type Report,
  text,
  uuid,
} from '../wire/index.ts';
import { isFalsy } from '../wire/python.ts';
import { identity, limit, name, offset, texts } from './fields.ts';
import { BlockDocumentFilter, BlockSchemaFilter, BlockTypeFilter } from './filters/index.ts';

/** The allowed characters of slugs and names of block documents. */
const plainWord = /^[a-z0-9-]*\n?$/;

const slug = text().check((word) => {
  if (plainWord.test(word.value)) return;
  complain(word, 'value_error', 'slug must only contain lowercase letters, numbers, and dashes');
});

const documentName = name().check((word) => {
  if (plainWord.test(word.value)) return;
  complain(word, 'value_error', 'name must only contain lowercase letters, numbers, and dashes');
});

const typeLooks = {
  logo_url: httpUrl().nullish(),
  documentation_url: httpUrl().nullish(),
  description: text().nullish(),
  code_example: text().nullish(),
};

/** A block type to create. */
export const BlockTypeCreate = model(
  'BlockTypeCreate',
  { name: name(), slug, ...typeLooks },
  { extra: 'forbid' },
);
export type BlockTypeCreate = z.output<typeof BlockTypeCreate>;
/** BlockTypeCreate as a client sends it. */
export type BlockTypeCreateInput = z.input<typeof BlockTypeCreate>;

/** Changes to a block type; omitted fields stay as they are. */
export const BlockTypeUpdate = model('BlockTypeUpdate', typeLooks, { extra: 'forbid' });
export type BlockTypeUpdate = z.output<typeof BlockTypeUpdate>;
/** BlockTypeUpdate as a client sends it. */
export type BlockTypeUpdateInput = z.input<typeof BlockTypeUpdate>;

/** A block type. */
export const BlockType = model('BlockType', {
  ...identity,
  name: text(),
  slug: text(),
  logo_url: httpUrl().nullable(),
  documentation_url: httpUrl().nullable(),
  description: text().nullable(),
  code_example: text().nullable(),
  is_protected: boolean(),
});
export type BlockType = z.output<typeof BlockType>;

/** The default version of a block schema. */
export const DEFAULT_BLOCK_SCHEMA_VERSION = 'non-versioned';

/** The fields are read, and their secrets determined, for every block of this schema. */
function judgeFields(fields: JsonObject, report: Report): void {
  if (storedJson(fields).length <= MOST_SCHEMA_CHARACTERS) return;
  complain(
    report,
    'value_error',
    `fields must not have more than ${MOST_SCHEMA_CHARACTERS} characters as JSON`,
  );
}

/** A block schema to create. All fields except the type are set after parsing. */
export const BlockSchemaCreate = model(
  'BlockSchemaCreate',
  {
    fields: jsonObject(judgeFields).default(() => EMPTY_OBJECT),
    block_type_id: uuid().nullish(),
    capabilities: texts().default(() => []),
    version: text().default(DEFAULT_BLOCK_SCHEMA_VERSION),
  },
  { extra: 'forbid' },
);
export type BlockSchemaCreate = z.output<typeof BlockSchemaCreate>;
/** BlockSchemaCreate as a client sends it. */
export type BlockSchemaCreateInput = z.input<typeof BlockSchemaCreate>;

/** A block schema. */
export const BlockSchema = model('BlockSchema', {
  ...identity,
  checksum: text(),
  fields: jsonObject(),
  block_type_id: uuid().nullable(),
  block_type: BlockType.nullable(),
  capabilities: texts(),
  version: text(),
});
export type BlockSchema = z.output<typeof BlockSchema>;

/** A block document to create; a document without a name must be anonymous. */
export const BlockDocumentCreate = model(
  'BlockDocumentCreate',
  {
    name: documentName.nullish(),
    data: jsonObject().default(() => EMPTY_OBJECT),
    // If one is missing, the database refuses the document, with another answer.
    block_schema_id: uuid().optional(),
    block_type_id: uuid().optional(),
    is_anonymous: boolean().default(false),
  },
  {
    extra: 'forbid',
    after: (document, report) => {
      if (document.is_anonymous === true || !isFalsy(document.name)) return;
      complainAtRoot(report, 'value_error', 'Names must be provided for block documents.');
    },
  },
);
export type BlockDocumentCreate = z.output<typeof BlockDocumentCreate>;
/** BlockDocumentCreate as a client sends it. */
export type BlockDocumentCreateInput = z.input<typeof BlockDocumentCreate>;

/** Changes to a block document. New data is merged into the existing data, or replaces it on request. */
export const BlockDocumentUpdate = model(
  'BlockDocumentUpdate',
  {
    block_schema_id: uuid().nullish(),
    data: jsonObject().optional(),
    merge_existing_data: boolean().default(true),
  },
  { extra: 'forbid' },
);
export type BlockDocumentUpdate = z.output<typeof BlockDocumentUpdate>;
/** BlockDocumentUpdate as a client sends it. */
export type BlockDocumentUpdateInput = z.input<typeof BlockDocumentUpdate>;

/** A block document. `data` includes the data of nested documents, which `block_document_references` lists. */
export const BlockDocument = model('BlockDocument', {
  ...identity,
  name: text().nullable(),
  data: jsonObject(),
  block_schema_id: uuid(),
  block_schema: BlockSchema.nullable(),
  block_type_id: uuid(),
  block_type: BlockType.nullable(),
  block_document_references: dict(jsonObject()),
  is_anonymous: boolean(),
});
export type BlockDocument = z.output<typeof BlockDocument>;

/** Which block types, by themselves and by their schemas, which page. */
export const BlockTypeFilterBody = parameters('BlockTypeFilterBody', {
  limit,
  block_types: BlockTypeFilter.optional(),
  block_schemas: BlockSchemaFilter.optional(),
  offset,
});
export type BlockTypeFilterBody = z.output<typeof BlockTypeFilterBody>;
/** BlockTypeFilterBody as a client sends it. */
export type BlockTypeFilterBodyInput = z.input<typeof BlockTypeFilterBody>;

/** Which block schemas, which page. */
export const BlockSchemaFilterBody = parameters('BlockSchemaFilterBody', {
  limit,
  block_schemas: BlockSchemaFilter.optional(),
  offset,
});
export type BlockSchemaFilterBody = z.output<typeof BlockSchemaFilterBody>;
/** BlockSchemaFilterBody as a client sends it. */
export type BlockSchemaFilterBodyInput = z.input<typeof BlockSchemaFilterBody>;

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
/** BlockDocumentFilterBody as a client sends it. */
export type BlockDocumentFilterBodyInput = z.input<typeof BlockDocumentFilterBody>;

/** Whether the secrets of block documents are shown. */
export const IncludeSecretsQuery = parameters('IncludeSecretsQuery', {
  include_secrets: boolean().default(false),
});
export type IncludeSecretsQuery = z.output<typeof IncludeSecretsQuery>;
/** IncludeSecretsQuery as a client sends it. */
export type IncludeSecretsQueryInput = z.input<typeof IncludeSecretsQuery>;

/** The slug of a block type, in a path. */
export const SlugPath = parameters('SlugPath', { slug: text() });
export type SlugPath = z.output<typeof SlugPath>;

/** The slug of a block type and the name of a document, in a path. */
export const BlockDocumentNamePath = parameters('BlockDocumentNamePath', {
  slug: text(),
  block_document_name: text(),
});
export type BlockDocumentNamePath = z.output<typeof BlockDocumentNamePath>;

/** The checksum of a block schema, in a path. */
export const ChecksumPath = parameters('ChecksumPath', { checksum: text() });
export type ChecksumPath = z.output<typeof ChecksumPath>;

/** Which version of the block schemas with one checksum. */
export const BlockSchemaVersionQuery = parameters('BlockSchemaVersionQuery', { version: text().optional() });
export type BlockSchemaVersionQuery = z.output<typeof BlockSchemaVersionQuery>;
/** BlockSchemaVersionQuery as a client sends it. */
export type BlockSchemaVersionQueryInput = z.input<typeof BlockSchemaVersionQuery>;
