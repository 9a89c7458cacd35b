import type { CatalogBlock } from './catalog-block.ts';

/** Blocks that store a value, and the webhook block. */
export const valueBlocks: readonly CatalogBlock[] = [
  {
    name: 'JSON',
    slug: 'json',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/19W3Di10hhb4oma2Qer0x6/764d1e7b4b9974cd268c775a488b9d26/image16.png?h=250',
    documentationUrl: 'https://docs.prefect.io/api-ref/prefect/blocks/system/#prefect.blocks.system.JSON',
    description: 'Stores any JSON value.',
    example: { from: 'prefect.blocks.system', block: 'JSON', as: 'block', use: 'print(block.value)' },
    isProtected: true,
    capabilities: [],
    version: '2.8.0',
    title: 'JSON',
    properties: {
      value: { title: 'Value', description: 'The value.' },
    },
    required: ['value'],
    secretFields: [],
  },
  {
    name: 'String',
    slug: 'string',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/4zjrZmh9tBrFiikeB44G4O/2ce1dbbac1c8e356f7c429e0f8bbb58d/image10.png?h=250',
    documentationUrl: 'https://docs.prefect.io/api-ref/prefect/blocks/system/#prefect.blocks.system.String',
    description: 'Stores a string.',
    example: { from: 'prefect.blocks.system', block: 'String', as: 'block', use: 'print(block.value)' },
    capabilities: [],
    version: '2.8.0',
    title: 'String',
    properties: {
      value: { title: 'Value', description: 'The string.', type: 'string' },
    },
    required: ['value'],
    secretFields: [],
  },
  {
    name: 'Date Time',
    slug: 'date-time',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/1gmljt5UBcAwEXHPnIofcE/0f3cf1da45b8b2df846e142ab52b1778/image21.png?h=250',
    documentationUrl: 'https://docs.prefect.io/api-ref/prefect/blocks/system/#prefect.blocks.system.DateTime',
    description: 'Stores a date and time.',
    example: { from: 'prefect.blocks.system', block: 'DateTime', as: 'block', use: 'print(block.value)' },
    isProtected: true,
    capabilities: [],
    version: '2.8.0',
    title: 'DateTime',
    properties: {
      value: {
        title: 'Value',
        description: 'The date and time, in ISO 8601 format.',
        type: 'string',
        format: 'date-time',
      },
    },
    required: ['value'],
    secretFields: [],
  },
  {
    name: 'Secret',
    slug: 'secret',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/5uUmyGBjRejYuGTWbTxz6E/3003e1829293718b3a5d2e909643a331/image8.png?h=250',
    documentationUrl: 'https://docs.prefect.io/api-ref/prefect/blocks/system/#prefect.blocks.system.Secret',
    description: 'Stores a secret text: pages and logs show a mask instead.',
    example: { from: 'prefect.blocks.system', block: 'Secret', as: 'secret', use: 'password = secret.get()' },
    isProtected: true,
    capabilities: [],
    version: '2.8.0',
    title: 'Secret',
    properties: {
      value: {
        title: 'Value',
        description: 'The secret string.',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
    },
    required: ['value'],
    secretFields: ['value'],
  },
  {
    name: 'Webhook',
    slug: 'webhook',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/6ciCsTFsvUAiiIvTllMfOU/627e9513376ca457785118fbba6a858d/webhook_icon_138018.png?h=250',
    documentationUrl:
      'https://docs.prefect.io/api-ref/prefect/blocks/webhook/#prefect.blocks.webhook.Webhook',
    description: 'Sends HTTP requests.',
    example: {
      from: 'prefect.blocks.webhook',
      block: 'Webhook',
      as: 'webhook',
      use: 'await webhook.call({"text": "Hello"})',
    },
    isProtected: true,
    capabilities: [],
    version: '2.8.0',
    title: 'Webhook',
    properties: {
      method: {
        title: 'Method',
        description: 'The method of the request.',
        default: 'POST',
        enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
        type: 'string',
      },
      url: {
        title: 'Webhook URL',
        description: 'The URL to call.',
        example: 'https://hooks.slack.com/XXX',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
      headers: { title: 'Webhook Headers', description: 'The headers of the request.', type: 'object' },
    },
    required: ['url'],
    secretFields: ['url', 'headers.*'],
  },
];
