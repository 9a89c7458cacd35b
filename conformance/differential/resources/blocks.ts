import { type Json, member, type Sendable } from '../json.ts';
import { choose, filterStep, type Resource, type Step, type Workshop } from '../resource.ts';
import { oddJson } from '../values.ts';
import { type Entity, missingId } from '../world.ts';

/** Block types, schemas (also nested), capabilities and documents (also nested, with secrets). */
export const blocks: Resource = {
  name: 'blocks',
  weight: 3,
  step: (workshop) => {
    const { random, world } = workshop;
    const few = (kind: string, count: number) => world.all(kind).length < count;
    return choose(random, [
      [few('block_type', 3) ? 30 : 1, () => createType(workshop)],
      [few('block_schema', 4) ? 20 : 2, () => createSchema(workshop)],
      [few('block_document', 5) ? 15 : 4, () => createDocument(workshop)],
      [5, () => typeStep(workshop)],
      [4, () => schemaStep(workshop)],
      [8, () => documentStep(workshop)],
    ]);
  },
};

const addresses = [
  'https://example.com/logo.png',
  'http://EXAMPLE.com',
  'https://x.org:8080/a?b=c#d',
  'nonsense',
  'ftp://x.org',
  '',
  null,
] as const;

function createType({ random, world }: Workshop): Step {
  const number = world.all('block_type').length + random.below(2);
  const name = random.chance(0.92) ? `Bl0ck ${number}` : random.pick(['Prefect thing', 'a/b', 'x%']);
  const slug = random.chance(0.92) ? `bl0ck-${number}` : random.pick(['Upper', 'a b', '']);
  const body: { [key: string]: Sendable } = { name, slug };
  if (random.chance(0.3)) body.logo_url = random.pick(addresses);
  if (random.chance(0.3)) body.documentation_url = random.pick(addresses);
  if (random.chance(0.3)) body.description = random.pick(['About ☃', null]);
  if (random.chance(0.2)) body.code_example = 'x = 1';
  return {
    request: { method: 'POST', path: '/block_types/', body },
    learn: (reference, ours) => {
      world.learn('block_type', reference, ours, { facts: { slug } });
    },
  };
}

function typeStep(workshop: Workshop): Step {
  const { random, world } = workshop;
  const id = world.id('block_type');
  const slug = someSlug(workshop);
  const document = encodeURIComponent(world.name('block_document'));
  const secrets = random.pick(['', '?include_secrets=true', '?include_secrets=1', '?include_secrets=maybe']);
  return choose(random, [
    [1, () => ({ request: { method: 'GET', path: `/block_types/${id}` } })],
    [1, () => ({ request: { method: 'GET', path: `/block_types/slug/${slug}` } })],
    [2, () => filterStep(workshop, '/block_types/filter', 'NAME_ASC')],
    [
      1,
      () => ({
        request: {
          method: 'PATCH',
          path: `/block_types/${id}`,
          body: { description: 'New', logo_url: random.pick(addresses) },
        },
      }),
    ],
    [
      1,
      () => ({
        request: { method: 'GET', path: `/block_types/slug/${slug}/block_documents${secrets}` },
        list: { defaultSort: 'NAME_ASC' },
      }),
    ],
    [
      2,
      () => ({
        request: {
          method: 'GET',
          path: `/block_types/slug/${slug}/block_documents/name/${document}${secrets}`,
        },
      }),
    ],
    [
      0.15,
      () => ({ request: { method: 'DELETE', path: `/block_types/${id}` }, learn: () => world.forget(id) }),
    ],
  ]);
}

function someSlug({ random, world }: Workshop): string {
  const slug = world.any('block_type')?.facts.slug;
  return random.chance(0.9) && typeof slug === 'string' ? slug : random.pick(['absent', 'secret']);
}

function createSchema({ random, world }: Workshop): Step {
  const type = world.any('block_type');
  const child = random.chance(0.4) ? world.any('block_schema') : undefined;
  const fields = schemaFields(type, random.below(4), child, random.chance(0.5));
  const body: { [key: string]: Sendable } = {
    fields,
    block_type_id: random.chance(0.95) ? (type?.id ?? missingId) : world.id('block_type'),
  };
  if (random.chance(0.6))
    body.capabilities = random.some(['get-directory', 'put-directory', 'run', 'read ☃']);
  if (random.chance(0.3)) body.version = random.pick(['1.0', '2.0', 'non-versioned']);
  return {
    request: { method: 'POST', path: '/block_schemas/', body },
    learn: (reference, ours) => {
      world.learn('block_schema', reference, ours, {
        parent: type?.id ?? '',
        facts: schemaFacts(reference, type),
      });
    },
  };
}

function schemaFacts(schema: Json, type: Entity | undefined): { [key: string]: Sendable } {
  const checksum = member(schema, 'checksum');
  const fields = member(schema, 'fields');
  return {
    checksum: typeof checksum === 'string' ? checksum : '',
    slug: type?.facts.slug ?? '',
    fields: JSON.stringify(fields ?? {}),
  };
}

function schemaFields(
  type: Entity | undefined,
  number: number,
  child: Entity | undefined,
  secret: boolean,
): Sendable {
  const properties: { [key: string]: Sendable } = {
    x: { title: 'X', type: 'integer', default: number },
    ...(secret
      ? { password: { title: 'Password', type: 'string', format: 'password', writeOnly: true } }
      : {}),
    ...(child ? { child: { $ref: '#/definitions/Child' } } : {}),
  };
  const reference = {
    block_schema_checksum: child?.facts.checksum ?? '',
    block_type_slug: child?.facts.slug ?? '',
  };
  const childFields: Sendable = child ? JSON.parse(String(child.facts.fields)) : {};
  return {
    title: 'Thing',
    type: 'object',
    properties,
    required: secret ? ['password'] : [],
    block_type_slug: type?.facts.slug ?? 'absent',
    secret_fields: [...(secret ? ['password'] : []), ...(child ? ['child.password'] : [])],
    block_schema_references: child ? { child: reference } : {},
    ...(child ? { definitions: { Child: childFields } } : {}),
  };
}

function schemaStep(workshop: Workshop): Step {
  const { random, world } = workshop;
  const id = world.id('block_schema');
  const checksum = world.any('block_schema')?.facts.checksum ?? 'sha256:absent';
  const version = random.pick(['', '?version=1.0', '?version=non-versioned', '?version=absent']);
  return choose(random, [
    [1, () => ({ request: { method: 'GET', path: `/block_schemas/${id}` } })],
    [2, () => ({ request: { method: 'GET', path: `/block_schemas/checksum/${checksum}${version}` } })],
    [3, () => filterStep(workshop, '/block_schemas/filter', 'CREATED_DESC')],
    [
      1,
      () => ({ request: { method: 'GET', path: '/block_capabilities/' }, list: { defaultSort: undefined } }),
    ],
    [
      0.2,
      () => ({ request: { method: 'DELETE', path: `/block_schemas/${id}` }, learn: () => world.forget(id) }),
    ],
  ]);
}

function createDocument(workshop: Workshop): Step {
  const { random, world } = workshop;
  const schema = world.any('block_schema');
  const body: { [key: string]: Sendable } = {
    data: documentData(workshop),
    block_schema_id: schema?.id ?? missingId,
    block_type_id: random.chance(0.95) ? (schema?.parent ?? missingId) : world.id('block_type'),
  };
  const name = `d0c-${world.all('block_document').length}${random.pick(['', '', '-b', '9'])}`;
  if (random.chance(0.9)) body.name = random.chance(0.95) ? name : random.pick(['Upper', 'a b', '']);
  if (random.chance(0.2)) body.is_anonymous = random.chance(0.7);
  return {
    request: { method: 'POST', path: '/block_documents/', body },
    learn: (reference, ours) => {
      world.learn('block_document', reference, ours, { parent: schema?.id ?? '' });
    },
  };
}

/** Data that may refer to a document older than `parent`: never in a circle, which the reference follows for ever. */
function documentData({ random, world }: Workshop, parent?: string): Sendable {
  const data: { [key: string]: Sendable } = {};
  if (random.chance(0.7)) data.x = random.pick(oddJson);
  if (random.chance(0.6)) data.password = random.pick(['hidden', 'ünï ☃', '', '********', null]);
  const documents = world.all('block_document').map(({ id }) => id);
  const older = parent === undefined ? documents : documents.slice(0, Math.max(0, documents.indexOf(parent)));
  const child = older.length > 0 ? random.pick(older) : missingId;
  if (random.chance(0.4))
    data.child = random.chance(0.85) ? { $ref: { block_document_id: child } } : { x: 1, password: 'inner' };
  return data;
}

function documentStep(workshop: Workshop): Step {
  const { random, world } = workshop;
  const id = world.id('block_document');
  const secrets = random.pick([
    '',
    '',
    '?include_secrets=true',
    '?include_secrets=false',
    '?include_secrets=2',
  ]);
  return choose(random, [
    [4, () => ({ request: { method: 'GET', path: `/block_documents/${id}${secrets}` } })],
    [4, () => filterStep(workshop, '/block_documents/filter', 'NAME_ASC_WHOLE')],
    [
      3,
      () => ({
        request: { method: 'PATCH', path: `/block_documents/${id}`, body: documentUpdate(workshop, id) },
      }),
    ],
    [
      0.5,
      () => ({
        request: { method: 'DELETE', path: `/block_documents/${id}` },
        learn: () => world.forget(id),
      }),
    ],
  ]);
}

function documentUpdate(workshop: Workshop, id: string): Sendable {
  const { random, world } = workshop;
  const body: { [key: string]: Sendable } = {};
  if (random.chance(0.9)) body.data = documentData(workshop, id);
  // When new data replaces the old, the reference omits secrets for which it gets a mask.
  const masked = JSON.stringify(body.data ?? null).includes('********');
  if (random.chance(0.3)) body.merge_existing_data = random.chance(0.5) || masked;
  if (random.chance(0.15)) body.block_schema_id = world.id('block_schema');
  return body;
}
