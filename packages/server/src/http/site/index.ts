import { readFile } from 'node:fs/promises';
import type { Operations, OperationTable } from '@mintaka/contract';
import { serverUrl } from '@mintaka/settings';
import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../../settings.ts';
import { listeningPort } from '../listen.ts';
import { sendAnswer } from '../send-answer.ts';
import { urlParts } from '../url-parts.ts';
import { ownVersion, productVersion } from '../version.ts';
import type { DescribedServer } from './openapi.ts';
import type { ReferencePage } from './reference-page.ts';

/** The logo, also under the name that pages request for the reference's own. */
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
    <p>This server is ready. <a href="docs">What its API can do</a></p>
  </body>
</html>
`;

type SiteSettings = Pick<ServerSettings, 'ui' | 'apiKey' | 'host' | 'port' | 'basePath'>;

/** Adds everything besides the API: its description, the logo, and what the pages need. */
export function addSite(app: FastifyInstance, settings: SiteSettings, table: Operations): void {
  const { ui } = settings;
  addDescription(app, table, settings);
  addReference(app);
  if (ui.enabled) addFrontPage(app, settings.basePath);
  app.get('/ui-settings', withHead, (_request, reply) => {
    const value = { api_url: ui.apiUrl ?? ownApiUrl(app, settings), flags: ui.experiments };
    return sendAnswer(reply, { status: 200, value });
  });
  for (const [path, { file, type }] of Object.entries(logos)) {
    app.get(path, withHead, async (_request, reply) =>
      reply.type(type).send(await readFile(new URL(file, import.meta.url))),
    );
  }
}

/** The server's own URL, as far as it is known. */
function ownApiUrl(app: FastifyInstance, { host, port, basePath }: SiteSettings): string {
  return `${serverUrl({ host, port: listeningPort(app) ?? port, basePath })}/api`;
}

function addFrontPage(app: FastifyInstance, basePath: string): void {
  app.get('/', withHead, (request, reply) => {
    // Without the trailing slash, the page's relative links would miss the base path.
    if (basePath !== '' && urlParts(request.originalUrl).path === basePath) {
      return reply
        .code(307)
        .header('location', `./${basePath.split('/').at(-1)}/`)
        .send();
    }
    return reply.type('text/html; charset=utf-8').send(frontPage);
  });
}

/** Clients of Prefect find the API of Prefect; the operations of our own have a description of their own. */
function addDescription(
  app: FastifyInstance,
  { own, ...table }: Operations,
  { apiKey, basePath }: SiteSettings,
): void {
  const prefect = { description: `The REST API of Prefect ${productVersion}.`, version: productVersion };
  const mintaka = {
    description: 'The operations that the REST API of Prefect lacks.',
    version: ownVersion(),
  };
  const server = { api: prefect, needsKey: apiKey !== null, basePath };
  addDocument(app, '/openapi.json', { table, prefix: '', server });
  addDocument(app, '/api/openapi.json', { table, prefix: '/api', server });
  addDocument(app, '/api/mintaka/openapi.json', {
    table: { own },
    prefix: '',
    server: { ...server, api: mintaka },
  });
}

type Described = { table: OperationTable; prefix: '' | '/api'; server: DescribedServer };

/** Rendered at the first request: it takes a while, and most servers never need it. */
function addDocument(app: FastifyInstance, path: string, { table, prefix, server }: Described): void {
  let written: string | undefined;
  app.get(path, withHead, async (_request, reply) => {
    const { openApiDocument } = await import('./openapi.ts');
    written ??= JSON.stringify(openApiDocument(table, prefix, server));
    return reply.header('content-type', 'application/json').send(written);
  });
}

function addReference(app: FastifyInstance): void {
  let loading: Promise<ReferencePage> | undefined;
  const load = async (): Promise<ReferencePage> => {
    const module = await import('./reference-page.ts');
    loading ??= module.loadReferencePage();
    return loading;
  };
  const pages = {
    '/docs': { script: 'docs/reference.js', own: 'api/mintaka/openapi.json' },
    '/api/docs': { script: '../docs/reference.js', own: 'mintaka/openapi.json' },
  };
  for (const [path, links] of Object.entries(pages)) {
    app.get(path, withHead, async (_request, reply) => {
      const { pagePolicy } = await import('./reference-page.ts');
      const page = await load();
      return reply
        .type('text/html; charset=utf-8')
        .header('content-security-policy', pagePolicy)
        .send(page.html(links));
    });
  }
  app.get('/docs/reference.js', withHead, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send((await load()).script),
  );
}
