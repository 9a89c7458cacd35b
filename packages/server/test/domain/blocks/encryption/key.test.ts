import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedJson, type Timestamp, timestamp } from '@mintaka/contract';
import { testApp } from '@mintaka/testing/app';
import { dialectApp, dialects } from '@mintaka/testing/dialect-apps';
import {
  decryptFernet,
  encryptFernet,
  InvalidTokenError,
  newFernetKey,
  readFernetKey,
} from '../../../../src/domain/blocks/encryption/fernet.ts';
import { decryptWith, keyForWriting } from '../../../../src/domain/blocks/encryption/key.ts';
import type { Context } from '../../../../src/domain/context.ts';

const encrypt = (context: Context) =>
  context.database.transaction(async (session) =>
    encryptFernet(await keyForWriting(context, session), 'x', 1),
  );
const decrypt = (context: Context, token: string) =>
  context.database.read((session) => decryptWith(context, session, (key) => decryptFernet(key, token)));
const setKey = ({ database }: Context, key: string) =>
  database.transaction((session) =>
    session.run(session.sql.updateTable('configuration').set({ value: storedJson({ fernet_key: key }) })),
  );
const keys = ({ database }: Context) =>
  database.read((session) => session.all(session.sql.selectFrom('configuration').select(['key', 'value'])));

for (const dialect of dialects) {
  test(`one key is created on first use, even by concurrent callers, on ${dialect}`, async (t) => {
    const app = await dialectApp(dialect);
    if (app === undefined) return t.skip('Postgres is not installed');
    const tokens = await Promise.all([encrypt(app.context), encrypt(app.context), encrypt(app.context)]);
    for (const token of tokens) assert.equal(await decrypt(app.context, token), 'x');
    const rows = await keys(app.context);
    assert.deepEqual(
      rows.map((row) => row.key),
      ['ENCRYPTION_KEY'],
    );
    await app.close();
  });
}

test('the key of the environment takes precedence over that of the database, which then gets none', async () => {
  const key = newFernetKey();
  const app = await testApp({ ORION_ENCRYPTION_KEY: key });
  const token = await encrypt(app.context);
  assert.equal(decryptFernet(readFernetKey(key), token), 'x');
  assert.equal(await decrypt(app.context, token), 'x');
  assert.deepEqual(await keys(app.context), []);
  await app.close();
});

test('a key that another process changed is used immediately, for writing and for reading', async () => {
  const app = await testApp();
  const before = await encrypt(app.context);
  const key = newFernetKey();
  await setKey(app.context, key);
  const theirs = encryptFernet(readFernetKey(key), 'theirs', 1);
  assert.equal(await decrypt(app.context, theirs), 'theirs');
  assert.equal(decryptFernet(readFernetKey(key), await encrypt(app.context)), 'x');
  await assert.rejects(decrypt(app.context, before), InvalidTokenError);
  await app.close();
});

test('a key whose row was deleted is stored again, because it decrypts existing data', async () => {
  const app = await testApp();
  const before = await encrypt(app.context);
  const [row] = await keys(app.context);
  await app.context.database.transaction((session) => session.run(session.sql.deleteFrom('configuration')));
  await encrypt(app.context);
  assert.deepEqual(await keys(app.context), [row]);
  assert.equal(await decrypt(app.context, before), 'x');
  await app.close();
});

test('a key is cached for an hour, for its database', async () => {
  let now: Timestamp = timestamp('2026-01-01 00:00:00.000000');
  const app = await testApp({}, { clock: { now: () => now } });
  const other = await testApp();
  const token = await encrypt(app.context);
  await app.context.database.transaction((session) => session.run(session.sql.deleteFrom('configuration')));
  now = timestamp('2026-01-01 00:59:59.999999');
  assert.equal(await decrypt(app.context, token), 'x');
  await assert.rejects(decrypt(other.context, token), InvalidTokenError);
  now = timestamp('2026-01-01 01:00:00.000000');
  await assert.rejects(decrypt(app.context, token), InvalidTokenError);
  await app.close();
  await other.close();
});
