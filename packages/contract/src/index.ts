export * from './json.ts';
export * from './limits.ts';
export * from './operations/index.ts';
export * from './schedules/grammar.ts';
export * from './schemas/index.ts';
export * from './states.ts';
export * from './text-search.ts';
export * from './timestamp.ts';
