export * from './json.ts';
export * from './states.ts';
export * from './timestamp.ts';
