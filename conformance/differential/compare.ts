import type { Identities, Side } from './identities.ts';
import { idPattern } from './identities.ts';
import { isObject, type Json, jsonText, member, NumberText } from './json.ts';
import { sortKey } from './sorting.ts';
import { type Times, timePattern, utcText } from './times.ts';

/** A location at which two answers differ. */
export type Difference = { path: string; reference: string; ours: string };

/** The context of a comparison: the run and the request. */
export type Comparison = {
  identities: Identities;
  times: Times;
  /** How the answer's list was requested; undefined for other answers. */
  list?: ListOrder | undefined;
  /** Whether a flow run's tags must be in order: the reference joins a deployment's tags with a run's as sets. */
  orderedTags?: boolean;
  /**
   * Collects the locations at which numbers and times differ only in their format (`1.0` and `1`), which no client can see.
   */
  forms?: Set<string>;
};

/** The order and the window of a list. */
export type ListOrder = {
  /** The sort's name; undefined if the list has no guaranteed order. */
  sort?: string | undefined;
  limit: number;
  offset: number;
};

/** Numbers of seconds that grow with the clock. */
const clockNumber = /(run_time|delta|lateness|duration|delay_seconds)$/;
/** Numbers whose type the API fixes, so that a client reads `1` and `1.0` as equal. */
const typedNumber = /(run_time|delta|lateness|duration|retry_delay_seconds|retry_jitter_factor|interval)$/;
const generatedName = /^[a-z]+-[a-z]+$/;

/** Compares two answers; pairs their new ids if they are equal. */
export function compareAnswers(reference: Json, ours: Json, comparison: Comparison): Difference[] {
  const pairs: [string, string][] = [];
  const walk = createWalk(comparison, pairs);
  const lists = comparison.list !== undefined && Array.isArray(reference) && Array.isArray(ours);
  const differences = lists
    ? compareLists(reference, ours, comparison.list ?? { limit: 200, offset: 0 }, comparison, walk)
    : walk(reference, ours, '');
  if (differences.length === 0) for (const [left, right] of pairs) comparison.identities.pair(left, right);
  return differences;
}

type Walk = (reference: Json, ours: Json, path: string) => Difference[];

function createWalk(comparison: Comparison, pairs: [string, string][]): Walk {
  const { identities, times, orderedTags, forms } = comparison;
  const walk: Walk = (reference, ours, path) => {
    if (Array.isArray(reference) && Array.isArray(ours)) return arrays(reference, ours, path);
    if (isObject(reference) && isObject(ours)) return objects(reference, ours, path);
    if (typeof reference === 'string' && typeof ours === 'string') return strings(reference, ours, path);
    if (reference instanceof NumberText && ours instanceof NumberText) return numbers(reference, ours, path);
    return reference === ours ? [] : [difference(path, reference, ours)];
  };
  const arrays = (reference: Json[], ours: Json[], path: string): Difference[] => {
    if (reference.length !== ours.length) return [difference(path, reference, ours)];
    const unordered = /(pause_keys|upstream_dependencies|allowed_schemes|active_slots|\.states)$/.test(path);
    const left = unordered ? byText(reference, 'reference') : reference;
    const right = unordered ? byText(ours, 'ours') : ours;
    return left.flatMap((item, index) => walk(item, right[index] ?? null, `${path}[${index}]`));
  };
  const byText = (items: Json[], side: Side): Json[] => {
    const texts = new Map(items.map((item) => [item, canonicalText(jsonText(item), side, comparison)]));
    return items.toSorted((left, right) => ((texts.get(left) ?? '') < (texts.get(right) ?? '') ? -1 : 1));
  };
  const sorted = (value: Json, side: Side) => (Array.isArray(value) ? byText(value, side) : value);
  const objects = (reference: { [key: string]: Json }, ours: { [key: string]: Json }, path: string) => {
    const keys = new Set([...Object.keys(reference), ...Object.keys(ours)]);
    const found: Difference[] = [];
    for (const key of keys) {
      const left = reference[key];
      const right = ours[key];
      if (left === undefined || right === undefined) found.push(difference(`${path}.${key}`, left, right));
      else if (key === 'tags' && 'deployment_id' in reference && !orderedTags) {
        found.push(...walk(sorted(left, 'reference'), sorted(right, 'ours'), `${path}.tags`));
      } else if (key === 'updated' && hasSlots(reference)) forms?.add('changes of the order of slots');
      else if (sameSum(key, left, right, reference.count_runs)) forms?.add('fractions of summed seconds');
      else if (key === 'end_time' && endedUnstarted(reference, ours))
        forms?.add('ends of runs that never ran');
      else found.push(...walk(left, right, `${path}.${key}`));
    }
    if (found.length === 0 && Object.keys(reference).join() !== Object.keys(ours).join()) {
      forms?.add(`order of keys in ${path.replace(/\[\d+\]/g, '[]')}`);
    }
    return found;
  };
  const strings = (reference: string, ours: string, path: string): Difference[] => {
    if (sameText(reference, ours, path)) return [];
    return [difference(path, reference, ours)];
  };
  const sameText = (reference: string, ours: string, path: string): boolean => {
    if (path.endsWith('name') && generatedName.test(reference) && generatedName.test(ours)) return true;
    const left = reference.match(idPattern) ?? [];
    const right = ours.match(idPattern) ?? [];
    if (left.length !== right.length) return false;
    if (!left.every((id, index) => identities.agree(id, right[index] ?? ''))) return false;
    left.forEach((id, index) => {
      if (id !== right[index]) pairs.push([id, right[index] ?? '']);
    });
    return sameTimes(reference.replace(idPattern, ''), ours.replace(idPattern, ''));
  };
  const sameTimes = (reference: string, ours: string): boolean => {
    if (reference === ours) return true;
    if (reference.replace(timePattern, '') !== ours.replace(timePattern, '')) return false;
    const left = reference.match(timePattern) ?? [];
    const right = ours.match(timePattern) ?? [];
    return left.every((time, index) => {
      const other = right[index] ?? '';
      if (time === other || times.agree(time, other)) return true;
      if (!times.isSameMoment(time, other)) return false;
      forms?.add('times with another offset');
      return true;
    });
  };
  const numbers = (reference: NumberText, ours: NumberText, path: string): Difference[] => {
    if (reference.text === ours.text) return [];
    // Postgres writes numbers with an exponent out, before or after a server has answered with them.
    const exponent = /e/i.test(reference.text) || /e/i.test(ours.text);
    if ((typedNumber.test(path) || exponent) && Number(reference.text) === Number(ours.text)) {
      forms?.add(path.replace(/\[\d+\]/g, '[]'));
      return [];
    }
    const near = clockNumber.test(path) && closeNumbers(reference.text, ours.text);
    return near ? [] : [difference(path, reference, ours)];
  };
  return walk;
}

function closeNumbers(reference: string, ours: string): boolean {
  return Math.abs(Number(reference) - Number(ours)) <= 4 + Math.abs(Number(reference)) * 1e-6;
}

function compareLists(
  reference: Json[],
  ours: Json[],
  order: ListOrder,
  comparison: Comparison,
  walk: Walk,
): Difference[] {
  if (reference.length !== ours.length) {
    return [{ path: '(length)', reference: `${reference.length}`, ours: `${ours.length}` }];
  }
  const left = reference.map((item) => nameItem(item, 'reference', comparison));
  const right = ours.map((item) => nameItem(item, 'ours', comparison));
  if (left.join('\n') === right.join('\n')) {
    return reference.flatMap((item, index) => walk(item, ours[index] ?? null, `[${index}]`));
  }
  const cut = order.offset > 0 || reference.length >= order.limit;
  const key = cut && order.sort === 'NAME_ASC_WHOLE' ? undefined : sortKey(order.sort);
  const generated = /NAME/.test(order.sort ?? '') && [...reference, ...ours].some(hasGeneratedName);
  const keys =
    key === undefined || generated ? [] : walk(reference.map(key), ours.map(key), `(order ${order.sort})`);
  if (keys.length > 0) return keys;
  return compareUnordered(reference, ours, left, right, cut, walk);
}

/** Matches the items of two lists by their names; if the window cuts the list, some may have no partner. */
function compareUnordered(
  reference: Json[],
  ours: Json[],
  left: string[],
  right: string[],
  cut: boolean,
  walk: Walk,
): Difference[] {
  const rest = new Map<string, number[]>();
  right.forEach((name, index) => {
    rest.set(name, [...(rest.get(name) ?? []), index]);
  });
  const found: Difference[] = [];
  const lonely: number[] = [];
  reference.forEach((item, index) => {
    const partner = rest.get(left[index] ?? '')?.shift();
    if (partner === undefined) lonely.push(index);
    else found.push(...walk(item, ours[partner] ?? null, `[${index}]`));
  });
  if (cut) return found;
  // The remaining items have no equal partner: a comparison with the most similar one shows the difference.
  const others = [...rest.values()].flat().toSorted((one, two) => order(right[one], right[two]));
  lonely.sort((one, two) => order(left[one], left[two]));
  lonely.forEach((index, place) => {
    found.push(...walk(reference[index] ?? null, ours[others[place] ?? -1] ?? null, `[${index}] (unequal)`));
  });
  return found;
}

/**
 * The reference keeps slots as a set: each change may write them in another order, or not at all if the order is the same.
 */
function hasSlots({ active_slots }: { [key: string]: Json }): boolean {
  return Array.isArray(active_slots) && active_slots.length > 1;
}

/** The reference notes the end of a run only if the run has started. */
function endedUnstarted(reference: { [key: string]: Json }, ours: { [key: string]: Json }): boolean {
  const unstarted = reference.start_time === null && ours.start_time === null;
  return unstarted && reference.end_time === null && ours.end_time !== null && hasEnded(ours);
}

/** Whether a run in the API's form is in a final state. */
export function hasEnded(run: { [key: string]: Json }): boolean {
  return isFinal(run.state_type ?? member(run.state ?? null, 'type'));
}

/** Whether a type of state ends a run. */
export function isFinal(type: unknown): boolean {
  return type === 'COMPLETED' || type === 'FAILED' || type === 'CANCELLED' || type === 'CRASHED';
}

/** On SQLite the reference drops each run's fraction of a second before it adds them up. */
function sameSum(key: string, reference: Json, ours: Json, count: Json | undefined): boolean {
  if (!key.startsWith('sum_estimated_')) return false;
  if (![reference, ours, count].every((item) => item instanceof NumberText)) return false;
  const [left = 0, right = 0, runs = 0] = [reference, ours, count].map((item) =>
    Number(jsonText(item ?? null)),
  );
  return left !== right && Math.abs(left - right) <= 4 + runs;
}

function order(left = '', right = ''): number {
  return left < right ? -1 : 1;
}

function hasGeneratedName(item: Json): boolean {
  const name = member(item, 'name');
  return typeof name === 'string' && generatedName.test(name);
}

function nameItem(item: Json, side: Side, comparison: Comparison): string {
  const id = member(item, 'id');
  const known = typeof id === 'string' ? comparison.identities.name(side, id) : undefined;
  return known ?? canonicalText(jsonText(withSortedTags(item)), side, comparison);
}

function withSortedTags(item: Json): Json {
  if (!isObject(item) || !Array.isArray(item.tags) || !('deployment_id' in item)) return item;
  return { ...item, tags: item.tags.map(jsonText).toSorted() };
}

/** A text with pair names instead of ids and without server-made times: equal for objects that look the same. */
export function canonicalText(text: string, side: Side, { identities, times }: Comparison): string {
  return text
    .replace(idPattern, (id) => identities.name(side, id) ?? '⟦?⟧')
    .replace(timePattern, (time) => (times.isServerMade(time) ? '⟦now⟧' : utcText(time)))
    .replace(/("[a-z_]*(?:run_time|delta|duration|lateness)":)-?[\d.e+-]+/g, '$1⟦seconds⟧')
    .replace(/"name":"[a-z]+-[a-z]+"/g, '"name":"⟦name⟧"');
}

function difference(path: string, reference: Json | undefined, ours: Json | undefined): Difference {
  return {
    path,
    reference: reference === undefined ? '(missing)' : jsonText(reference),
    ours: ours === undefined ? '(missing)' : jsonText(ours),
  };
}
