import type { JsonValue } from '@mintaka/contract';
import { boolean, parameters, wireType } from '@mintaka/contract/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { clearDatabase, createDatabase, dropDatabase } from '../../domain/administration.ts';
import type { Context } from '../../domain/context.ts';
import { RefusedError } from '../../domain/errors.ts';
import { shownSettingsSchema } from '../../settings.ts';
import { type Answer, done, type EndpointOptions, endpoints, ok } from '../endpoint.ts';
import { productVersion } from '../version.ts';

const switchedOff =
  'This server does not let its database be reset over the API; MINTAKA_ADMIN_DATABASE_ROUTES allows it.';

const Confirmation = parameters('DatabaseConfirmation', { confirm: boolean().default(false) });

const Settings = wireType<JsonValue>(() => undefined, shownSettingsSchema()).meta({
  id: 'Settings',
  title: 'Settings',
});

/** Adds what only an operator asks for. */
export function addAdminRoutes(app: FastifyInstance, options: EndpointOptions, context: Context): void {
  const { get, post } = endpoints(app, options, 'Admin');

  get('/admin/settings', {
    summary: 'Read the settings of the server, secrets masked',
    responses: { 200: Settings },
    handler: async () => ok(context.settings.shown),
  });
  get('/admin/version', {
    summary: 'Read the version of Prefect whose server this one stands in for',
    responses: { 200: z.string() },
    handler: async () => ok(productVersion),
  });

  const change = (path: string, summary: string, work: (context: Context) => Promise<void>): void =>
    post(path, {
      summary,
      body: Confirmation,
      bodyOptional: true,
      refuses: [403],
      responses: { 204: undefined, 400: undefined },
      handler: async ({ body }): Promise<Answer> => {
        if (!context.settings.mayResetDatabase) throw new RefusedError(403, switchedOff);
        if (!body.confirm) return { status: 400 };
        await work(context);
        return done;
      },
    });
  change('/admin/database/clear', 'Delete every row of the database', clearDatabase);
  change('/admin/database/drop', 'Drop every table of the database', dropDatabase);
  change('/admin/database/create', 'Make the tables of the database', createDatabase);
}
