import type { ApiDocument, Input, Operation, Schema } from './document.ts';
import { type Shape, shapeOf } from './shape.ts';

/** A difference between two documents. */
export type Difference = {
  /** An operation and its part, or a named schema of the reference, and the path of the field. */
  where: string;
  /** The difference, first the reference's, then ours. */
  what: string;
};

type Direction = 'request' | 'response';
type Walk = {
  reference: ApiDocument;
  ours: ApiDocument;
  found: Difference[];
  /** Compared pairs of named schemas, once per direction. */
  compared: Set<string>;
};

/** Compares two documents operation by operation; returns every difference once. */
export function compareDocuments(reference: ApiDocument, ours: ApiDocument): Difference[] {
  const walk: Walk = { reference, ours, found: [], compared: new Set() };
  for (const name of namesOf(reference.operations, ours.operations)) {
    const both = inBoth(walk, name, reference.operations.get(name), ours.operations.get(name));
    if (both !== undefined) compareOperations(walk, name, ...both);
  }
  return walk.found;
}

function compareOperations(walk: Walk, name: string, theirs: Operation, own: Operation): void {
  for (const parameter of namesOf(theirs.parameters, own.parameters)) {
    compareInputs(
      walk,
      `${name} ${parameter}`,
      theirs.parameters.get(parameter),
      own.parameters.get(parameter),
    );
  }
  compareInputs(walk, `${name} body`, theirs.body, own.body);
  for (const status of namesOf(theirs.responses, own.responses)) {
    const where = `${name} ${status}`;
    if (!theirs.responses.has(status) || !own.responses.has(status)) {
      tell(walk, where, presence(theirs.responses.has(status)), presence(own.responses.has(status)));
      continue;
    }
    const both = inBoth(walk, `${where} content`, theirs.responses.get(status), own.responses.get(status));
    if (both !== undefined) compareSchemas(walk, where, 'response', ...both);
  }
}

function compareInputs(walk: Walk, where: string, theirs: Input | undefined, own: Input | undefined): void {
  const [reference, ours] = inBoth(walk, where, theirs, own) ?? [];
  if (reference === undefined || ours === undefined) return;
  tell(walk, where, need(reference.required), need(ours.required));
  compareSchemas(walk, where, 'request', reference.schema, ours.schema);
}

function compareSchemas(walk: Walk, where: string, direction: Direction, theirs: Schema, own: Schema): void {
  const reference = shapeOf(walk.reference, theirs);
  const ours = shapeOf(walk.ours, own);
  compareFacts(walk, where, direction, reference, ours);
  const { name } = reference;
  const pair = `${direction} ${name} ${ours.name ?? where}`;
  if (name !== undefined && walk.compared.has(pair)) return;
  walk.compared.add(pair);
  // The reference's names of a request's parts repeat the operation.
  const isNamed = name !== undefined && !name.startsWith('Body_');
  compareParts(walk, isNamed ? name : where, direction, reference, ours);
}

function compareFacts(walk: Walk, where: string, direction: Direction, theirs: Shape, own: Shape): void {
  for (const fact of namesOf(theirs.facts, own.facts)) {
    // In an answer, defaults do not matter, and additional constraints only strengthen a promise.
    if (direction === 'response' && (fact === 'default' || fact === 'other fields')) continue;
    const label = (value: string | undefined) => `${fact} ${value ?? 'not said'}`;
    tell(walk, where, label(theirs.facts.get(fact)), label(own.facts.get(fact)));
  }
}

function compareParts(walk: Walk, where: string, direction: Direction, theirs: Shape, own: Shape): void {
  for (const name of namesOf(theirs.fields, own.fields)) {
    const place = `${where}.${name}`;
    const [field, ours] = inBoth(walk, place, theirs.fields.get(name), own.fields.get(name)) ?? [];
    if (field === undefined || ours === undefined) continue;
    compareNeeds(walk, place, direction, field.required, ours.required);
    compareSchemas(walk, place, direction, field.schema, ours.schema);
  }
  compareInner(walk, `${where}[]`, direction, theirs.items, own.items);
  compareInner(walk, `${where}{}`, direction, theirs.values, own.values);
  tell(walk, where, `${theirs.options.length} options`, `${own.options.length} options`);
  for (const [index, option] of theirs.options.entries()) {
    const ours = own.options[index];
    if (ours !== undefined) compareSchemas(walk, `${where}(${index})`, direction, option, ours);
  }
}

/** A field that is always in an answer is more than one that may be: only less than the reference's promise differs. */
function compareNeeds(walk: Walk, where: string, direction: Direction, theirs: boolean, own: boolean): void {
  if (direction === 'response' && own) return;
  tell(walk, where, need(theirs), need(own));
}

function compareInner(
  walk: Walk,
  where: string,
  direction: Direction,
  theirs: Schema | undefined,
  own: Schema | undefined,
): void {
  if (theirs !== undefined || own !== undefined)
    compareSchemas(walk, where, direction, theirs ?? {}, own ?? {});
}

/** Elements of both documents; reports those that only one has. */
function inBoth<Thing>(
  walk: Walk,
  where: string,
  theirs: Thing | undefined,
  own: Thing | undefined,
): [theirs: Thing, own: Thing] | undefined {
  tell(walk, where, presence(theirs !== undefined), presence(own !== undefined));
  return theirs === undefined || own === undefined ? undefined : [theirs, own];
}

function tell(walk: Walk, where: string, theirs: string, own: string): void {
  if (theirs !== own) walk.found.push({ where, what: `${theirs}, ours ${own}` });
}

function presence(there: boolean): string {
  return there ? 'there' : 'absent';
}

function need(required: boolean): string {
  return required ? 'required' : 'optional';
}

function namesOf(theirs: ReadonlyMap<string, unknown>, own: ReadonlyMap<string, unknown>): Set<string> {
  return new Set([...theirs.keys(), ...own.keys()]);
}
