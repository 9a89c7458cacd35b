export * from './dates/index.ts';
export * from './grammar.ts';
