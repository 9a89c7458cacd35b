export * from './blocks.ts';
export { OPERATORS, type Operator } from './criteria.ts';
export * from './log.ts';
export * from './runs.ts';
export * from './work.ts';
