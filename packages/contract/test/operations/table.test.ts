import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type Operation, operations } from '../../src/operations/index.ts';

const listed: [name: string, operation: Operation][] = Object.entries(operations).flatMap(
  ([resource, named]) =>
    Object.entries(named).map(([name, operation]): [string, Operation] => [`${resource}.${name}`, operation]),
);

function fieldsOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function namesWhere(isWrong: (operation: Operation) => boolean): string[] {
  return listed.filter(([, operation]) => isWrong(operation)).map(([name]) => name);
}

test('no two operations have the same method and path', () => {
  const places = listed.map(([, { method, path }]) => `${method} ${path}`);

  assert.deepEqual(
    places.filter((place, index) => places.indexOf(place) !== index),
    [],
  );
});

test('the parameters in a path are those of its schema', () => {
  assert.deepEqual(
    namesWhere(({ path, params }) => {
      const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
      return inPath.join() !== fieldsOf(params).join();
    }),
    [],
  );
});

test('a body is optional only if all of its fields are', () => {
  assert.deepEqual(
    namesWhere(({ body, bodyOptional }) => bodyOptional === true && body?.safeParse({}).success !== true),
    [],
  );
});

test('the limited lists are those with a limit in their body', () => {
  const unlimited = namesWhere(
    ({ body, limited }) => fieldsOf(body).includes('limit') !== (limited === true),
  );

  // These have limits of their own.
  assert.deepEqual(unlimited, ['ui.plotFlowRuns', 'own.claim']);
});

test('only the probes of load balancers are public', () => {
  assert.deepEqual(
    namesWhere(({ access }) => access === 'public'),
    ['root.health', 'root.ready'],
  );
});

test('only operations that change nothing have read access', () => {
  const changes = namesWhere(
    ({ access, method, path }) =>
      access === 'read' && method !== 'GET' && !/\/(filter|count|history)$/.test(path),
  );

  assert.deepEqual(changes, []);
});
