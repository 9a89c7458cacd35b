import Fastify from 'fastify';

/**
 * The page that shows the API, and its script. The page loads its script and the description of our own operations from the
 * given paths, and `openapi.json` from its own folder.
 */
export type ReferencePage = { html: (links: { script: string; own: string }) => string; script: string };

/** The page may load nothing from anywhere but this server. */
export const pagePolicy =
  "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:";

/**
 * Loads the page. It takes some megabytes of memory, so it is only loaded on demand. The script is part of Scalar's Fastify
 * plugin, which is registered with an application that never listens.
 */
export async function loadReferencePage(): Promise<ReferencePage> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const app = Fastify();
  await app.register(scalar, { routePrefix: '/page', configuration: { url: '/openapi.json' } });
  const answer = await app.inject('/page/js/scalar.js');
  await app.close();
  return { html, script: answer.body };
}

function html({ script, own }: { script: string; own: string }): string {
  const configuration = {
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    showDeveloperTools: 'never',
    agent: { disabled: true },
    mcp: { disabled: true },
  };
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Mintaka API</title>
  </head>
  <body>
    <div id="reference"></div>
    <script src="${script}"></script>
    <script>
      const urlOf = (path) => new URL(path, document.baseURI).href;
      const sources = [
        { title: 'Prefect', url: urlOf('openapi.json') },
        { title: 'Mintaka', url: urlOf('${own}') },
      ];
      Scalar.createApiReference('#reference', { sources, ...${JSON.stringify(configuration)} });
    </script>
  </body>
</html>
`;
}
