import { testApp } from '@mintaka/testing/app';
import type { OpenApi } from './api-page.ts';

/** The API description that a server publishes. */
export async function publishedApi(): Promise<OpenApi> {
  const { app, close } = await testApp();
  try {
    const paths = await Promise.all(
      ['/openapi.json', '/api/mintaka/openapi.json'].map(
        async (path) => (await app.inject(path)).json<OpenApi>().paths,
      ),
    );
    return { paths: Object.assign({}, ...paths) };
  } finally {
    await close();
  }
}
