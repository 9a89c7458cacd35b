import type { DialectName } from '../dialect-name.ts';
import { postgresSchema } from './postgres/index.ts';
import type { Schema } from './schema.ts';
import { sqliteSchema } from './sqlite/index.ts';

/** The schema in the given dialect. */
export function schemaOf(dialect: DialectName): Schema {
  switch (dialect) {
    case 'sqlite':
      return sqliteSchema;
    case 'postgres':
      return postgresSchema;
  }
}
