export * from './json.ts';
export * from './timestamp.ts';
