import type { Identities } from './identities.ts';
import { type Json, member, type Sendable } from './json.ts';
import type { Random } from './random.ts';

/** Something that exists on both servers. */
export type Entity = {
  /** The name of its pair of ids (`⟦7⟧`), which requests carry. */
  id: string;
  /** The name that a client gave it; empty without one. */
  name: string;
  /** The pair name of its parent; empty without one. */
  parent: string;
  /** Other facts that requests about it need. */
  facts: { [key: string]: Sendable };
};

/** All objects created so far, by kind (`flow`, `flow_run`, ...). */
export type World = {
  /** Records an object that both servers created; ignores answers without ids. */
  learn(kind: string, reference: Json, ours: Json, known?: Partial<Entity>): Entity | undefined;
  /** Removes a deleted object, with its children. */
  forget(id: string): void;
  /** All objects of a kind. */
  all(kind: string): readonly Entity[];
  /** An object of a kind, recent ones more often; undefined without any. */
  any(kind: string): Entity | undefined;
  /** An id of a kind for a request: mostly an existing one, sometimes a missing, foreign or malformed one. */
  id(kind: string): string;
  /** A name of a kind: mostly an existing one. */
  name(kind: string): string;
  /** The kind of an object. */
  kindOf(id: string): string | undefined;
};

/** An id that no server has. */
export const missingId = '00000000-0000-4000-8000-00000000dead';

const malformedIds = ['nonsense', '', '123', '00000000-0000-4000-8000-00000000deaz', '%2F', 'null'];

/** Starts with nothing. */
export function createWorld(random: Random, identities: Identities): World {
  const kinds = new Map<string, Entity[]>();
  const all = (kind: string) => kinds.get(kind) ?? [];
  const any = (kind: string) => {
    const list = all(kind);
    if (list.length === 0) return undefined;
    return random.chance(0.6) ? random.pick(list.slice(-8)) : random.pick(list);
  };
  const forget = (id: string) => {
    for (const [kind, list] of kinds) {
      const kept = list.filter((entity) => entity.id !== id);
      if (kept.length < list.length) kinds.set(kind, kept);
      for (const child of kept) if (child.parent === id) forget(child.id);
    }
  };
  return {
    all,
    any,
    forget,
    learn: (kind, reference, ours, details = {}) => {
      const left = member(reference, 'id');
      const right = member(ours, 'id');
      if (typeof left !== 'string' || typeof right !== 'string') return undefined;
      const id = identities.pair(left, right);
      if (id === undefined) return undefined;
      const list = all(kind);
      const known = list.find((entity) => entity.id === id);
      if (known !== undefined) return known;
      const name = member(reference, 'name');
      // Names that the servers generated differ.
      const given = typeof name === 'string' && name === member(ours, 'name') ? name : '';
      const entity = { id, name: given, parent: '', facts: {}, ...details };
      kinds.set(kind, [...list, entity]);
      return entity;
    },
    id: (kind) => {
      const roll = random.fraction();
      if (roll < 0.02) return random.pick(malformedIds);
      if (roll < 0.05) return missingId;
      if (roll < 0.07) return any(random.pick([...kinds.keys(), kind]))?.id ?? missingId;
      if (roll < 0.08) return missingId.toUpperCase();
      return any(kind)?.id ?? missingId;
    },
    name: (kind) =>
      (random.chance(0.85) ? any(kind)?.name : undefined) ?? random.pick(['absent', 'Absent name', '']),
    kindOf: (id) => [...kinds].find(([, list]) => list.some((entity) => entity.id === id))?.[0],
  };
}
