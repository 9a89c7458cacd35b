import { type Json, member } from './json.ts';
import type { World } from './world.ts';

/** Remembers the state that an answer of set_state carries. */
export function learnState(world: World, kind: string, reference: Json, ours: Json): void {
  const left = member(reference, 'state');
  const right = member(ours, 'state');
  if (left !== undefined && right !== undefined) world.learn(kind, left, right);
}

/** Remembers every item of two lists of the same order. */
export function learnList(world: World, kind: string, reference: Json, ours: Json): void {
  if (!Array.isArray(reference) || !Array.isArray(ours)) return;
  reference.forEach((item, index) => {
    world.learn(kind, item, ours[index] ?? null);
  });
}
