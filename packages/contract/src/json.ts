export { exactNumber } from './json/number.ts';
export { parseJson, parsePlainJson, parseSentJson } from './json/parse.ts';
export * from './json/text.ts';
export * from './json/value.ts';
export { storedFloat, storedInteger, storedJson } from './json/write.ts';
