import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { storedJson, timestamp } from '@mintaka/contract';
import type { Database } from '../../src/database/database.ts';
import { type Databases, openBoth } from './databases.ts';

const id = '00000000-0000-4000-8000-000000000001';
const moment = timestamp('2026-11-24 08:26:44.100000');

describe('the bindings of both databases', () => {
  let databases: Databases;
  before(async () => {
    databases = await openBoth();
  });
  after(() => databases.close());

  const onEach = async (work: (database: Database) => Promise<void>) => {
    for (const database of databases.all) await work(database);
  };

  test('return rows as they were written: JSON with its numbers, timestamps with six digits, booleans, intervals', async () => {
    const parameters = {
      fraction: JSON.rawJSON('1.0'),
      big: JSON.rawJSON('12345678901234567890'),
      text: 'ü☃',
    };
    await onEach(async (database) => {
      await database.transaction(async (session) => {
        const stamps = { id, created: moment, updated: moment };
        session.send(
          session.sql.insertInto('flow').values({ ...stamps, name: 'a', tags: storedJson(['x']) }),
        );
        session.send(
          session.sql.insertInto('flow_run').values({
            ...stamps,
            name: 'run',
            flow_id: id,
            auto_scheduled: true,
            parameters: storedJson(parameters),
            context: '{}',
            tags: '[]',
            empirical_policy: '{}',
            total_run_time: session.dialect.bindings.interval(93_784.25),
          }),
        );
      });
      const row = await database.read((session) =>
        session.first(session.sql.selectFrom('flow_run').selectAll()),
      );
      const text = JSON.stringify(row?.parameters);
      assert.match(text, /"fraction":1\.0[,}]/);
      assert.match(text, /"big":12345678901234567890[,}]/);
      assert.match(text, /"text":"ü☃"/);
      assert.equal(row?.created, moment);
      assert.equal(row?.auto_scheduled, true);
      assert.equal(row?.total_run_time, 93_784.25);
      assert.equal(row?.start_time, null);
    });
  });
});
