import { testApp } from '@mintaka/testing/app';
import type { OpenApi } from './api-page.ts';

/** What a server publishes of its API. */
export async function publishedApi(): Promise<OpenApi> {
  const { app, close } = await testApp();
  try {
    return (await app.inject('/openapi.json')).json<OpenApi>();
  } finally {
    await close();
  }
}
