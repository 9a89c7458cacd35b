import type { Setting } from '@mintaka/settings';
import { OWN_SETTINGS, SERVER_SETTINGS } from '@mintaka/settings';
import * as contract from '../../packages/contract/src/index.ts';
import { MESSAGE_LIMIT } from '../../packages/contract/src/schemas/notification-template.ts';

/** A limit on what a client may send or receive. `most` is the largest accepted value, or the default of `setting`. */
export type Limit = {
  topic: Topic;
  what: string;
  most: number;
  unit: string;
  setting?: Setting;
  answer: string;
};

/** The topics of the page, in its order. */
const topics = ['Requests', 'Texts', 'Work pools and deployments', 'Blocks', 'Answers'] as const;
type Topic = (typeof topics)[number];

const wrongValue = '422 about the field';

function ofSetting(setting: Setting<number, number>, rest: Omit<Limit, 'most' | 'setting'>): Limit {
  return { ...rest, most: setting.fallback, setting };
}

/** Every limit by name; tests refer to the names. */
export const limits = {
  bodyBytes: ofSetting(OWN_SETTINGS.bodyLimit, {
    topic: 'Requests',
    what: 'Size of a request body',
    unit: 'bytes',
    answer: '413',
  }),
  bodyMemory: ofSetting(OWN_SETTINGS.bodyMemory, {
    topic: 'Requests',
    what: 'Total size of the bodies of 1 MiB and more that are being handled; a single body is always accepted',
    unit: 'bytes',
    answer: '503; the client may retry',
  }),
  bodyDepth: ofSetting(OWN_SETTINGS.bodyDepth, {
    topic: 'Requests',
    what: 'Nesting depth of arrays and objects in a body',
    unit: 'levels',
    answer: '400',
  }),
  bodyValues: ofSetting(OWN_SETTINGS.bodyValues, {
    topic: 'Requests',
    what: 'Items in all arrays and objects of a body',
    unit: 'items',
    answer: '413',
  }),
  bodyDigits: {
    topic: 'Requests',
    what: `Digits of the numbers in a body when exponents such as \`1e300\` are written out, in addition to ${contract.WRITTEN_OUT_DIGITS.perByte} for each byte of the body`,
    most: contract.WRITTEN_OUT_DIGITS.free,
    unit: 'digits',
    answer: '413',
  },
  number: {
    topic: 'Requests',
    what: 'A number',
    most: Number.MAX_VALUE,
    unit: '',
    answer: 'null in free JSON, 422 in a field for a number',
  },
  page: ofSetting(SERVER_SETTINGS.pageLimit, {
    topic: 'Requests',
    what: 'Items on one page of a list (`limit`)',
    unit: 'items',
    answer: '422',
  }),
  scalar: {
    topic: 'Texts',
    what: 'A UUID, number, date-time or duration that is sent as a string',
    most: contract.MOST_SCALAR_CHARACTERS,
    unit: 'characters',
    answer: wrongValue,
  },
  cron: {
    topic: 'Texts',
    what: 'A cron expression',
    most: contract.MOST_CRON_CHARACTERS,
    unit: 'characters',
    answer: wrongValue,
  },
  recurrence: {
    topic: 'Texts',
    what: 'An RRULE text',
    most: contract.MOST_RECURRENCE_CHARACTERS,
    unit: 'characters',
    answer: wrongValue,
  },
  timezone: {
    topic: 'Texts',
    what: 'The name of a time zone',
    most: contract.MOST_TIMEZONE_CHARACTERS,
    unit: 'characters',
    answer: wrongValue,
  },
  url: {
    topic: 'Texts',
    what: 'A URL of a block type',
    most: contract.MOST_URL_CHARACTERS,
    unit: 'characters',
    answer: wrongValue,
  },
  cacheKey: ofSetting(SERVER_SETTINGS.taskCacheKeyMaxLength, {
    topic: 'Texts',
    what: 'The cache key of a task run',
    unit: 'characters',
    answer: wrongValue,
  }),
  message: {
    topic: 'Texts',
    what: 'A notification template, and a rendered message',
    most: MESSAGE_LIMIT,
    unit: 'characters',
    answer: `${wrongValue}; a rendered message is truncated`,
  },
  templateCharacters: {
    topic: 'Work pools and deployments',
    what: 'A job template (`base_job_template`), as JSON',
    most: contract.MOST_TEMPLATE_CHARACTERS,
    unit: 'characters',
    answer: `${wrongValue}; 409 for deployments if the template is already in the database`,
  },
  templateVariables: {
    topic: 'Work pools and deployments',
    what: 'Variables of a job template',
    most: contract.MOST_TEMPLATE_VARIABLES,
    unit: 'variables',
    answer: wrongValue,
  },
  templateDepth: {
    topic: 'Work pools and deployments',
    what: 'Nesting depth of arrays and objects in a job template',
    most: contract.MOST_TEMPLATE_DEPTH,
    unit: 'levels',
    answer: wrongValue,
  },
  claimedRuns: {
    topic: 'Work pools and deployments',
    what: 'Flow runs of one claim (`limit`)',
    most: contract.MOST_CLAIMED_RUNS,
    unit: 'runs',
    answer: wrongValue,
  },
  listedOperations: {
    topic: 'Requests',
    what: 'Operations of a list (`operations`)',
    most: contract.MOST_LISTED_OPERATIONS,
    unit: 'operations',
    answer: wrongValue,
  },
  waitSeconds: {
    topic: 'Requests',
    what: 'Time that a request can wait for a flow run or its state (`wait`, `timeout`)',
    most: contract.LONGEST_WAIT_SECONDS,
    unit: 'seconds',
    answer: wrongValue,
  },
  overrides: {
    topic: 'Work pools and deployments',
    what: 'The overrides of a deployment (`infra_overrides`) for a pool with variables, as JSON',
    most: contract.MOST_OVERRIDES_CHARACTERS,
    unit: 'characters',
    answer: '409',
  },
  checkSeconds: {
    topic: 'Work pools and deployments',
    what: 'Duration of the check of overrides against the variables of a pool',
    most: contract.SCHEMA_CHECK.seconds,
    unit: 'seconds',
    answer: '409',
  },
  checkMemory: {
    topic: 'Work pools and deployments',
    what: 'Memory of such a check',
    most: contract.SCHEMA_CHECK.mebibytes,
    unit: 'MiB',
    answer: '409',
  },
  checkPatterns: {
    topic: 'Work pools and deployments',
    what: 'Size of all patterns of a job template, in instructions (`a{100}` has 100)',
    most: contract.SCHEMA_CHECK.patternInstructions,
    unit: 'instructions',
    answer: '409 for deployments',
  },
  checksWaiting: {
    topic: 'Work pools and deployments',
    what: 'Checks waiting in the queue',
    most: contract.SCHEMA_CHECK.waiting,
    unit: 'checks',
    answer: '503',
  },
  documentReferences: {
    topic: 'Blocks',
    what: 'Documents that the fields of one block document refer to',
    most: contract.MOST_DOCUMENT_REFERENCES,
    unit: 'documents',
    answer: '422',
  },
  writtenOutCharacters: {
    topic: 'Blocks',
    what: 'Data of nested documents in the answer for a block document, as stored',
    most: contract.WRITTEN_OUT_DOCUMENTS.characters,
    unit: 'characters',
    answer: 'the rest is shown as references',
  },
  writtenOutDepth: {
    topic: 'Blocks',
    what: 'Nesting depth of documents in a block document',
    most: contract.WRITTEN_OUT_DOCUMENTS.depth,
    unit: 'levels',
    answer: 'the rest is shown as references',
  },
  schemaCharacters: {
    topic: 'Blocks',
    what: 'The fields of a block schema, as JSON',
    most: contract.MOST_SCHEMA_CHARACTERS,
    unit: 'characters',
    answer: wrongValue,
  },
  schemaReferences: {
    topic: 'Blocks',
    what: 'Schemas that a block schema refers to, including those that it defines',
    most: contract.MOST_SCHEMA_REFERENCES,
    unit: 'schemas',
    answer: '422',
  },
  definitionCharacters: {
    topic: 'Blocks',
    what: 'Definitions of other schemas in the answer for a block schema',
    most: contract.MOST_DEFINITION_CHARACTERS,
    unit: 'characters',
    answer: 'the rest is omitted',
  },
  secretPaths: {
    topic: 'Blocks',
    what: 'Paths of secrets in a block schema',
    most: contract.MOST_SECRET_PATHS,
    unit: 'paths',
    answer: 'all data of its documents is masked',
  },
  complaints: {
    topic: 'Answers',
    what: 'Errors in a 422',
    most: contract.MOST_COMPLAINTS,
    unit: 'errors',
    answer: 'the rest is omitted',
  },
  complaintCharacters: {
    topic: 'Answers',
    what: 'Total size of the errors in a 422, except the first',
    most: contract.MOST_COMPLAINT_CHARACTERS,
    unit: 'characters',
    answer: 'the rest is omitted',
  },
  shownText: {
    topic: 'Answers',
    what: 'A client string quoted in a message, or a field name',
    most: contract.MOST_SHOWN_CHARACTERS,
    unit: 'characters',
    answer: 'truncated',
  },
  messageCharacters: {
    topic: 'Answers',
    what: 'An error message',
    most: contract.MOST_MESSAGE_CHARACTERS,
    unit: 'characters',
    answer: 'truncated',
  },
  shownBody: {
    topic: 'Answers',
    what: 'A request body that a 422 shows in full (`request_body`)',
    most: contract.MOST_SHOWN_BODY_BYTES,
    unit: 'bytes',
    answer: `the first ${contract.MOST_SHOWN_CHARACTERS.toLocaleString('en')} bytes, as a string`,
  },
} as const satisfies Record<string, Limit>;

const head = `# Limits

These limits ensure that no request takes time or memory out of proportion to its size. Real clients stay far below them. Only a few
limits are configurable. The limits of background loops and connections are listed in the [settings](settings.md).

\`npm run docs\` generates this page from \`packages/contract/src/limits.ts\` and the settings. \`tools/test/limits.test.ts\`
tests each limit at its value and just beyond it.`;

/** Renders docs/limits.md. */
export function limitsPage(): string {
  const all: readonly Limit[] = Object.values(limits);
  const parts = topics.map((topic) => {
    const rows = all.filter((limit) => limit.topic === topic).map(row);
    return [
      `## ${topic}`,
      '',
      '| what | maximum | setting | beyond the limit |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `${[head, ...parts].join('\n\n')}\n`;
}

function row({ what, most, unit, setting, answer }: Limit): string {
  const size = most === Number.MAX_VALUE ? '1.8e308' : most.toLocaleString('en');
  return `| ${what} | ${`${size} ${unit}`.trim()} | ${setting === undefined ? '' : `\`${setting.name}\``} | ${answer} |`;
}
