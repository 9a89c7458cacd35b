import { readFile } from 'node:fs/promises';
import type { OperationTable } from '@mintaka/contract';
import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../../settings.ts';
import { sendAnswer } from '../send-answer.ts';
import type { ReferencePage } from './reference-page.ts';

/** The logo, also under the name by which older pages ask for the reference's own. */
const logos = {
  '/api/static/mintaka.svg': { file: 'mintaka.svg', type: 'image/svg+xml' },
  '/api/static/mintaka.png': { file: 'mintaka.png', type: 'image/png' },
  '/api/static/prefect-logo-mark-gradient.png': { file: 'mintaka.png', type: 'image/png' },
};

/** The reference answers HEAD outside of the API's operations. */
const withHead = { exposeHeadRoute: true };

const frontPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Mintaka</title>
  </head>
  <body>
    <h1>Mintaka</h1>
    <p>This server is ready. <a href="/docs">What its API can do</a></p>
  </body>
</html>
`;

/** Adds what is no operation of the API: its description, the logo, and what the pages need. */
export function addSite(
  app: FastifyInstance,
  { ui, apiKey }: Pick<ServerSettings, 'ui' | 'apiKey'>,
  table: OperationTable,
): void {
  addDescription(app, table, apiKey !== null);
  addReference(app);
  if (ui.enabled)
    app.get('/', withHead, (_request, reply) => reply.type('text/html; charset=utf-8').send(frontPage));
  app.get('/ui-settings', withHead, (_request, reply) =>
    sendAnswer(reply, { status: 200, value: { api_url: ui.apiUrl, flags: ui.experiments } }),
  );
  for (const [path, { file, type }] of Object.entries(logos)) {
    app.get(path, withHead, async (_request, reply) =>
      reply.type(type).send(await readFile(new URL(file, import.meta.url))),
    );
  }
}

function addDescription(app: FastifyInstance, table: OperationTable, needsKey: boolean): void {
  // Written at the first request: most servers are never asked, and it takes a while.
  const written = new Map<string, string>();
  const document = async (prefix: '' | '/api'): Promise<string> => {
    const { openApiDocument } = await import('./openapi.ts');
    const text = written.get(prefix) ?? JSON.stringify(openApiDocument(table, prefix, needsKey));
    written.set(prefix, text);
    return text;
  };
  app.get('/openapi.json', withHead, async (_request, reply) =>
    reply.header('content-type', 'application/json').send(await document('')),
  );
  app.get('/api/openapi.json', withHead, async (_request, reply) =>
    reply.header('content-type', 'application/json').send(await document('/api')),
  );
}

function addReference(app: FastifyInstance): void {
  let loading: Promise<ReferencePage> | undefined;
  const load = async (): Promise<ReferencePage> => {
    const module = await import('./reference-page.ts');
    loading ??= module.loadReferencePage();
    return loading;
  };
  const pages = { '/docs': '/openapi.json', '/api/docs': '/api/openapi.json' };
  for (const [path, specification] of Object.entries(pages)) {
    app.get(path, withHead, async (_request, reply) => {
      const { pagePolicy } = await import('./reference-page.ts');
      const page = await load();
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', pagePolicy)
        .send(page.html(specification));
    });
  }
  app.get('/docs/reference.js', withHead, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send((await load()).script),
  );
}
