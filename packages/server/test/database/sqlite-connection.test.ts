import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SqliteConnection } from '../../src/database/drivers/sqlite-connection.ts';

test('integers that JavaScript cannot represent are rounded, and do not prevent reading their rows', () => {
  const connection = new SqliteConnection(':memory:');
  connection.exec('CREATE TABLE log (name VARCHAR, level INTEGER)');
  connection.exec("INSERT INTO log VALUES ('far', -4574881018748396033), ('near', 20)");
  const statement = { sql: 'SELECT name, level FROM log ORDER BY level', parameters: [] };

  for (const time of ['once', 'again']) {
    assert.deepEqual(
      connection.all(statement).map(({ name, level }) => [name, level]),
      [
        ['far', -4574881018748396000],
        ['near', 20],
      ],
      time,
    );
  }
  connection.close();
});
