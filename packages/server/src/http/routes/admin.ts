import { type ConfirmBody, jsonText, type Operations } from '@mintaka/contract';
import { clearDatabase, createDatabase, dropDatabase } from '../../domain/administration.ts';
import type { Context } from '../../domain/context.ts';
import { RefusedError } from '../../domain/errors.ts';
import { type Handlers, noContent, ok } from '../handler.ts';
import { productVersion } from '../version.ts';

const switchedOff =
  'This server does not allow its database to be reset over the API; set MINTAKA_ADMIN_DATABASE_ROUTES=true to allow it.';

/** Handles the operations that only an operator needs. */
export function adminHandlers(context: Context): Handlers<Operations['admin']> {
  const confirmed =
    (change: (context: Context) => Promise<void>) =>
    async ({ body }: { body: ConfirmBody }): Promise<{ status: 204 | 400 }> => {
      if (!context.settings.mayResetDatabase) throw new RefusedError(403, switchedOff);
      return body.confirm ? noContent(change(context)) : { status: 400 };
    };
  return {
    readSettings: () => ok(jsonText(context.settings.shown)),
    readVersion: () => ok(productVersion),
    clearDatabase: confirmed(clearDatabase),
    dropDatabase: confirmed(dropDatabase),
    createDatabase: confirmed(createDatabase),
  };
}
