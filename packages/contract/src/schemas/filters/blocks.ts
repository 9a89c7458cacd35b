import type * as z from 'zod';
import { list, text } from '../../wire/index.ts';
import { anyId, anyText, filter, flag, operatorFilter } from './criteria.ts';

/** Which block types. */
export const BlockTypeFilter = filter('BlockTypeFilter', {
  name: filter('BlockTypeFilterName', { like_: text().nullish() }).nullish(),
  slug: anyText('BlockTypeFilterSlug').nullish(),
});
export type BlockTypeFilter = z.output<typeof BlockTypeFilter>;
/** BlockTypeFilter as a client sends it. */
export type BlockTypeFilterInput = z.input<typeof BlockTypeFilter>;

/** Which block schemas. */
export const BlockSchemaFilter = operatorFilter('BlockSchemaFilter', {
  block_type_id: anyId('BlockSchemaFilterBlockTypeId').nullish(),
  block_capabilities: filter('BlockSchemaFilterCapabilities', { all_: list(text()).nullish() }).nullish(),
  id: anyId('BlockSchemaFilterId').nullish(),
  version: anyText('BlockSchemaFilterVersion').nullish(),
});
export type BlockSchemaFilter = z.output<typeof BlockSchemaFilter>;
/** BlockSchemaFilter as a client sends it. */
export type BlockSchemaFilterInput = z.input<typeof BlockSchemaFilter>;

/** Selects block documents. Anonymous ones are excluded by default. */
export const BlockDocumentFilter = operatorFilter('BlockDocumentFilter', {
  id: anyId('BlockDocumentFilterId').nullish(),
  is_anonymous: flag('BlockDocumentFilterIsAnonymous').nullable().default({ eq_: false }),
  block_type_id: anyId('BlockDocumentFilterBlockTypeId').nullish(),
  name: anyText('BlockDocumentFilterName').nullish(),
});
export type BlockDocumentFilter = z.output<typeof BlockDocumentFilter>;
/** BlockDocumentFilter as a client sends it. */
export type BlockDocumentFilterInput = z.input<typeof BlockDocumentFilter>;
