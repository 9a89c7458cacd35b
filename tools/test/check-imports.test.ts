import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFaults } from '../imports/check.ts';

const server = 'packages/server/src';

/** Forbidden imports: the file, then its text. */
const refused: [path: string, text: string][] = [
  ['packages/contract/src/flows.ts', "import { readFile } from 'node:fs'"],
  ['packages/contract/src/flows.ts', "import type { Flow } from '../../server/src/domain/flows.ts'"],
  [`${server}/orchestration/rules/retry.ts`, "import { systemClock } from '../../clock.ts'"],
  [`${server}/orchestration/rules/retry.ts`, "export type { Tables } from '../../database/tables.ts'"],
  [`${server}/database/tables.ts`, "import type { Context } from '../domain/context.ts'"],
  [`${server}/database/filters/flows.ts`, "import { type Kysely, sql } from 'kysely'"],
  [
    `${server}/database/migrations/probes.ts`,
    "import { isScheduled } from '../dialects/index-conditions.ts'",
  ],
  [`${server}/database/filters/flows.ts`, "import {\n  type Kysely,\n  sql,\n} from 'kysely'"],
  [`${server}/domain/flows.ts`, "import { sendAnswer } from '../http/send-answer.ts'"],
  [`${server}/domain/flows.ts`, "const { openSqlite } = await import('../database/drivers/sqlite.ts')"],
  [`${server}/domain/flows.ts`, "import { sql } from 'kysely'"],
  [`${server}/domain/flows.ts`, 'const now = Date.now()'],
  [`${server}/http/routes/flows.ts`, "import type { Tables } from '../../database/tables.ts'"],
  [`${server}/http/routes/flows.ts`, "import { runPolicy } from '../../orchestration/run-policy.ts'"],
  [`${server}/http/app.ts`, "import { buildServices } from '../services/index.ts'"],
  [`${server}/services/scheduler.ts`, "import { buildApp } from '../http/app.ts'"],
  [`${server}/services/scheduler.ts`, "import '../main.ts'"],
  [`${server}/http/app.ts`, "import { startServer } from '../start.ts'"],
  [`${server}/http/app.ts`, "import express from 'express'"],
  [`${server}/settings/profile.ts`, 'const home = process.env.HOME'],
  ['packages/sdk/src/flow.ts', "import { buildApp } from '@mintaka/server'"],
  ['packages/unheard-of/src/a.ts', ''],
];

for (const [path, text] of refused) {
  test(`${path} must not contain: ${text}`, () => assert.equal(findFaults({ path, text }).length, 1));
}

/** Imports that go down. */
const allowed: [path: string, text: string][] = [
  [`${server}/start.ts`, "import { buildServices } from './services/index.ts'"],
  [`${server}/run.ts`, "import { startServer } from './start.ts'"],
  [`${server}/http/routes/flows.ts`, "import { createFlow } from '../../domain/flows.ts'"],
  [`${server}/domain/flows.ts`, "import { flows } from '../database/filters/flows.ts'"],
  [`${server}/domain/flows.ts`, "import type { ExpressionBuilder } from 'kysely'"],
  [`${server}/database/open.ts`, "import { openSqlite } from './drivers/sqlite.ts'"],
  [`${server}/database/drivers/sqlite.ts`, "import { sqliteDialect } from '../dialects/sqlite/index.ts'"],
  [`${server}/database/dialects/sqlite/index.ts`, "import { type RawBuilder, sql } from 'kysely'"],
  ['packages/contract/src/flows.ts', "import { z } from 'zod'"],
];

for (const [path, text] of allowed) {
  test(`${path} may have: ${text}`, () => assert.deepEqual(findFaults({ path, text }), []));
}
