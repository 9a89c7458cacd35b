import type { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * Replaces ajv's keywords that compare values: ajv compares all pairs, which takes hours for lists that fit into a request.
 * These keywords compare canonical texts, in linear time.
 */
export function addEqualityKeywords(ajv: Ajv2020): void {
  for (const keyword of ['enum', 'const', 'uniqueItems']) ajv.removeKeyword(keyword);
  ajv.addKeyword({
    keyword: 'enum',
    schemaType: 'array',
    compile: (allowed: readonly unknown[]) => {
      const texts = new Set(allowed.map(comparable));
      return (value: unknown) => texts.has(comparable(value));
    },
  });
  ajv.addKeyword({
    keyword: 'const',
    compile: (wanted: unknown) => {
      const text = comparable(wanted);
      return (value: unknown) => comparable(value) === text;
    },
  });
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    compile: (wanted: boolean) => (items: readonly unknown[]) =>
      !wanted || new Set(items.map(comparable)).size === items.length,
  });
}

/** JSON text with sorted keys, so that equal values have the same text. */
function comparable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
