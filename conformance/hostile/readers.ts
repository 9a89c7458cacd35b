import type { Target } from './cases.ts';
import { misfit } from './judge.ts';
import type { Sender, WireAnswer } from './send.ts';
import { parameterFor, type Thing, type World } from './world.ts';

/** How much is read. */
export type Reach = {
  /** The most pages of a list in each order. */
  pages: number;
  /** The maximum number of objects of a resource that are read individually. */
  things: number;
};

/** Something that cannot be read any more. */
export type Unreadable = { request: string; problem: string };

const json = { 'content-type': 'application/json' };

/** The resource whose list contains the objects that another resource refers to. */
const listedBy: ReadonlyMap<string, string> = new Map([
  ['flowRunStates', 'flowRuns'],
  ['taskRunStates', 'taskRuns'],
]);

/** A period of a week, in a few steps. */
const period = {
  history_start: '2026-11-28T00:00:00Z',
  history_end: '2026-12-05T00:00:00Z',
  history_interval_seconds: 86_400,
};

/**
 * Reads everything stored with all reading operations, and returns the failures. Adds the objects found to `found`, by
 * resource.
 */
export async function readEverything(
  sender: Sender,
  targets: readonly Target[],
  world: World,
  reach: Reach,
  found = new Map<string, Thing[]>(),
): Promise<Unreadable[]> {
  const unreadable: Unreadable[] = [];
  const readers = targets.filter(isReader);
  const ask = async (target: Target, path: string, body: object | undefined, mayBeGone: boolean) => {
    const { method } = target.operation;
    const request = `${target.name} ${method} ${path.slice(0, 300)} ${JSON.stringify(body) ?? ''}`;
    const wire = {
      method,
      path,
      headers: json,
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    };
    let answer: WireAnswer;
    try {
      answer = await sender.send(wire);
    } catch (error) {
      unreadable.push({ request, problem: String(error) });
      return undefined;
    }
    const text = answer.body.toString();
    if (answer.status === 404 && mayBeGone) return undefined;
    if (answer.status !== 200) {
      unreadable.push({ request, problem: `${answer.status} ${text.slice(0, 500)}` });
      return undefined;
    }
    const value: unknown = JSON.parse(text);
    const problem = misfit(target.operation.responses[200], value);
    if (problem !== undefined) unreadable.push({ request, problem });
    return value;
  };

  // Lists first: the objects in them are then read individually.
  for (const target of readers.filter(
    ({ operation }) => operation.limited === true && !operation.path.includes(':'),
  )) {
    for (const sort of sortsOf(target)) {
      for (let page = 0; page < reach.pages; page += 1) {
        const body = { limit: 200, offset: page * 200, ...(sort === undefined ? {} : { sort }) };
        const value = await ask(target, `/api${target.operation.path}`, body, false);
        if (!Array.isArray(value)) break;
        if (!found.has(target.resource)) found.set(target.resource, []);
        if (sort === sortsOf(target)[0]) found.get(target.resource)?.push(...value);
        if (value.length < 200) break;
      }
    }
  }
  for (const target of readers) {
    const { operation, resource } = target;
    if (operation.limited === true && !operation.path.includes(':')) continue;
    const body = operation.body === undefined ? undefined : target.name.endsWith('.history') ? period : {};
    if (!operation.path.includes(':') && operation.query === undefined) {
      await ask(target, `/api${operation.path}`, body, false);
      continue;
    }
    for (const thing of spread(thingsFor(target, found), reach.things)) {
      const path = pathTo(target, thing, world, resource);
      // A run may have been dropped by the scheduler, and a name may not fit into a URL.
      if (path !== undefined) await ask(target, path, body, true);
    }
  }
  return unreadable;
}

/** Every operation that reads, and the polls. */
function isReader({ name, operation }: Target): boolean {
  if (name === 'root.ready' || name === 'root.health' || operation.path.startsWith('/admin/')) return false;
  return operation.access === 'read' || /\.get(Scheduled)?(Flow)?Runs$/.test(name);
}

function sortsOf({ shapes }: Target): (string | undefined)[] {
  const body = shapes.get('body');
  if (body === undefined) return [undefined];
  const sort = body.resolve(body.root).properties?.sort;
  const values = sort === undefined ? undefined : body.resolve(sort).enum;
  return values === undefined ? [undefined] : values.map(String);
}

function thingsFor({ resource, operation }: Target, found: ReadonlyMap<string, Thing[]>): readonly Thing[] {
  if (operation.path.includes(':work_pool_name')) return found.get('workPools') ?? [];
  if (operation.path.includes(':block_document_name')) return found.get('blockDocuments') ?? [];
  return found.get(listedBy.get(resource) ?? resource) ?? [];
}

/** Some of the objects, from all parts of the list. */
function spread<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.max(1, items.length / most);
  const chosen: Item[] = [];
  for (let at = 0; at < items.length; at += step) chosen.push(items[Math.floor(at)] as Item);
  return chosen;
}

function pathTo(target: Target, thing: Thing, world: World, resource: string): string | undefined {
  const { operation } = target;
  let sendable = true;
  const own = listedBy.get(resource) ?? resource;
  const here: World = new Map([...world, [own, thing]]);
  if (operation.path.includes(':work_pool_name')) here.set('workPools', thing);
  const path = operation.path.replace(/:(\w+)/g, (_, parameter: string) => {
    const value = parameterFor(here, resource, parameter);
    // Node accepts at most 16 KiB of path and headers.
    if (value === '' || value === '.' || value === '..' || value.length > 1000) sendable = false;
    return encodeURIComponent(value);
  });
  const query = listedBy.has(resource)
    ? `?${resource === 'flowRunStates' ? 'flow' : 'task'}_run_id=${thing.id}`
    : '';
  return sendable ? `/api${path}${operation.query === undefined ? '' : query}` : undefined;
}
