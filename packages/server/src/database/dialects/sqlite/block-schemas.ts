import { type BlockSchemas, readSchemas } from '../block-schemas.ts';

/** One recursive statement. */
export const blockSchemasInSqlite: BlockSchemas = readSchemas;
