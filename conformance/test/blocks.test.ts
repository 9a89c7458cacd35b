import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabase } from '@mintaka/testing/databases';
import { startOurs } from '@mintaka/testing/ours';
import type { RunningServer } from '@mintaka/testing/process';
import { installReference } from '@mintaka/testing/reference';
import { missing } from './support.ts';

const withBlocks = { PREFECT_ORION_BLOCKS_REGISTER_ON_START: 'true' };

type Schema = { checksum: string; block_type: { slug: string } };

async function list<Item>(server: RunningServer, path: string): Promise<Item[]> {
  const answer = await fetch(`${server.url}/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  return (await answer.json()) as Item[];
}

test("our block types are a superset of the reference's, and the real client registers its own in addition", async (t) => {
  const reason = await missing('sqlite');
  if (reason !== false) return t.skip(reason);
  const reference = installReference();
  const databases = await Promise.all([
    createDatabase('sqlite', 'blocks'),
    createDatabase('sqlite', 'blocks'),
  ]);
  const [theirs, ours] = await Promise.all([
    reference.start({ database: databases[0], settings: withBlocks }),
    startOurs({ database: databases[1], settings: withBlocks }),
  ]);
  try {
    const slugs = async (server: RunningServer) =>
      (await list<{ slug: string }>(server, 'block_types/filter')).map(({ slug }) => slug);
    const wanted = await slugs(theirs);
    assert.ok(wanted.length > 30, `the reference has only ${wanted.length}`);
    const found = new Set(await slugs(ours));
    assert.deepEqual(
      wanted.filter((slug) => !found.has(slug)),
      [],
      'types that we do not have',
    );

    const register = ['block', 'register', '-m', 'prefect.blocks.notifications'];
    const registered = await reference.cli(ours, register);
    assert.equal(registered.status, 0, registered.stdout + registered.stderr);
    assert.equal((await reference.cli(theirs, register)).status, 0);
    const notifying = (schemas: Schema[]) =>
      schemas.filter(({ block_type: { slug } }) => /slack|teams|pager|twilio|opsgenie/.test(slug));
    const known = new Set((await list<Schema>(ours, 'block_schemas/filter')).map(({ checksum }) => checksum));
    const expected = notifying(await list<Schema>(theirs, 'block_schemas/filter'));
    assert.ok(expected.length >= 5);
    assert.deepEqual(
      expected.filter(({ checksum }) => !known.has(checksum)).map(({ block_type }) => block_type.slug),
      [],
      'schemas of the client that did not arrive as they were sent',
    );
  } finally {
    await Promise.all([theirs.stop(), ours.stop()]);
    await Promise.all(databases.map((database) => database.drop()));
  }
});
