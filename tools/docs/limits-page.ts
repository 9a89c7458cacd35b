import type { Setting } from '@mintaka/settings';
import { OWN_SETTINGS, SERVER_SETTINGS } from '@mintaka/settings';
import * as contract from '../../packages/contract/src/index.ts';
import { MESSAGE_LIMIT } from '../../packages/contract/src/schemas/notification-template.ts';

/** A limit of what a client may send or gets. `most` is the largest that is taken, where no setting says otherwise. */
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

/** Every limit, by a name for tests. */
export const limits = {
  bodyBytes: ofSetting(OWN_SETTINGS.bodyLimit, {
    topic: 'Requests',
    what: "A request's body",
    unit: 'bytes',
    answer: '413',
  }),
  bodyMemory: ofSetting(OWN_SETTINGS.bodyMemory, {
    topic: 'Requests',
    what: 'The bodies of requests that are handled at the same time together, those of 1 MiB and more; a single one is taken always',
    unit: 'bytes',
    answer: '503, and the client may try again',
  }),
  bodyDepth: ofSetting(OWN_SETTINGS.bodyDepth, {
    topic: 'Requests',
    what: 'Arrays and objects within each other in a body',
    unit: 'levels',
    answer: '400',
  }),
  bodyValues: ofSetting(OWN_SETTINGS.bodyValues, {
    topic: 'Requests',
    what: 'Items of all arrays and objects of a body',
    unit: 'items',
    answer: '413',
  }),
  bodyDigits: {
    topic: 'Requests',
    what: `Digits that exponents such as that of \`1e300\` stand for in a body, beyond ${contract.WRITTEN_OUT_DIGITS.perByte} for each of its bytes`,
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
    what: 'Items of a page of a list (`limit`)',
    unit: 'items',
    answer: '422',
  }),
  scalar: {
    topic: 'Texts',
    what: 'A text that stands for a UUID, a number, a moment or a duration',
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
    what: 'A template of notifications, and a message made of it',
    most: MESSAGE_LIMIT,
    unit: 'characters',
    answer: `${wrongValue}; a message is cut off`,
  },
  templateCharacters: {
    topic: 'Work pools and deployments',
    what: 'A template of jobs (`base_job_template`), as JSON',
    most: contract.MOST_TEMPLATE_CHARACTERS,
    unit: 'characters',
    answer: `${wrongValue}; 409 to deployments if it is in the database already`,
  },
  templateVariables: {
    topic: 'Work pools and deployments',
    what: 'Variables of a template of jobs',
    most: contract.MOST_TEMPLATE_VARIABLES,
    unit: 'variables',
    answer: wrongValue,
  },
  templateDepth: {
    topic: 'Work pools and deployments',
    what: 'Arrays and objects within each other in a template of jobs',
    most: contract.MOST_TEMPLATE_DEPTH,
    unit: 'levels',
    answer: wrongValue,
  },
  overrides: {
    topic: 'Work pools and deployments',
    what: 'The overrides of a deployment for a pool with variables (`infra_overrides`), as JSON',
    most: contract.MOST_OVERRIDES_CHARACTERS,
    unit: 'characters',
    answer: '409',
  },
  checkSeconds: {
    topic: 'Work pools and deployments',
    what: 'The check of overrides against the variables of a pool',
    most: contract.SCHEMA_CHECK.seconds,
    unit: 'seconds',
    answer: '409',
  },
  checkMemory: {
    topic: 'Work pools and deployments',
    what: 'The memory of such a check',
    most: contract.SCHEMA_CHECK.mebibytes,
    unit: 'MiB',
    answer: '409',
  },
  checkPatterns: {
    topic: 'Work pools and deployments',
    what: 'The patterns of a template of jobs together, in instructions (`a{100}` has 100)',
    most: contract.SCHEMA_CHECK.patternInstructions,
    unit: 'instructions',
    answer: '409 to deployments',
  },
  checksWaiting: {
    topic: 'Work pools and deployments',
    what: 'Checks that wait for another one',
    most: contract.SCHEMA_CHECK.waiting,
    unit: 'checks',
    answer: '503',
  },
  documentReferences: {
    topic: 'Blocks',
    what: 'Documents to which a block document refers by its own fields',
    most: contract.MOST_DOCUMENT_REFERENCES,
    unit: 'documents',
    answer: '422',
  },
  writtenOutCharacters: {
    topic: 'Blocks',
    what: 'Data of other documents that is written out within a block document, in the form in which it is stored',
    most: contract.WRITTEN_OUT_DOCUMENTS.characters,
    unit: 'characters',
    answer: 'what is beyond stays a reference',
  },
  writtenOutDepth: {
    topic: 'Blocks',
    what: 'Documents within each other in a block document',
    most: contract.WRITTEN_OUT_DOCUMENTS.depth,
    unit: 'levels',
    answer: 'what is beyond stays a reference',
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
    what: 'Schemas to which a block schema refers, with those that it defines',
    most: contract.MOST_SCHEMA_REFERENCES,
    unit: 'schemas',
    answer: '422',
  },
  definitionCharacters: {
    topic: 'Blocks',
    what: 'Definitions of other schemas in the answer about a block schema',
    most: contract.MOST_DEFINITION_CHARACTERS,
    unit: 'characters',
    answer: 'the rest is left out',
  },
  secretPaths: {
    topic: 'Blocks',
    what: 'Places of secrets that a block schema names',
    most: contract.MOST_SECRET_PATHS,
    unit: 'places',
    answer: 'all data of its documents is masked',
  },
  complaints: {
    topic: 'Answers',
    what: 'Complaints of a 422',
    most: contract.MOST_COMPLAINTS,
    unit: 'complaints',
    answer: 'the rest is left out',
  },
  complaintCharacters: {
    topic: 'Answers',
    what: 'Complaints of a 422 together, but for the first one',
    most: contract.MOST_COMPLAINT_CHARACTERS,
    unit: 'characters',
    answer: 'the rest is left out',
  },
  shownText: {
    topic: 'Answers',
    what: 'A text of the client in a message, or the name of a field',
    most: contract.MOST_SHOWN_CHARACTERS,
    unit: 'characters',
    answer: 'cut off',
  },
  messageCharacters: {
    topic: 'Answers',
    what: 'A message about an error',
    most: contract.MOST_MESSAGE_CHARACTERS,
    unit: 'characters',
    answer: 'cut off',
  },
  shownBody: {
    topic: 'Answers',
    what: 'A body that a 422 shows in full (`request_body`)',
    most: contract.MOST_SHOWN_BODY_BYTES,
    unit: 'bytes',
    answer: `the first ${contract.MOST_SHOWN_CHARACTERS.toLocaleString('en')} bytes, as a text`,
  },
} as const satisfies Record<string, Limit>;

const head = `# Limits

What clients may ask of the server, so that no request takes time or memory out of proportion to its size. Real clients stay far
below them. Only a few of them can be set; those of background loops and connections are among the [settings](settings.md).

\`npm run docs\` writes this page from \`packages/contract/src/limits.ts\` and the settings; \`tools/test/limits.test.ts\`
tests each limit, and what is just beyond it.`;

/** The text of docs/limits.md. */
export function limitsPage(): string {
  const all: readonly Limit[] = Object.values(limits);
  const parts = topics.map((topic) => {
    const rows = all.filter((limit) => limit.topic === topic).map(row);
    return [
      `## ${topic}`,
      '',
      '| what | at most | setting | beyond it |',
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
