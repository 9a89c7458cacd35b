import { testApp } from '@mintaka/testing/app';
import type { OpenApi } from './api-page.ts';

/** The API description that a server publishes. */
export async function publishedApi(): Promise<OpenApi> {
  const { app, close } = await testApp();
  try {
    return (await app.inject('/openapi.json')).json<OpenApi>();
  } finally {
    await close();
  }
}
