import type { CatalogBlock } from './catalog-block.ts';

const own = {
  logoUrl: null,
  documentationUrl: null,
  isProtected: true,
  isOurs: true,
  capabilities: ['notify'],
  version: '0.1.0',
} as const;

const texts = { type: 'object', additionalProperties: { type: 'string' } } as const;
const secret = { type: 'string', writeOnly: true, format: 'password' } as const;

/** Notification blocks that the reference does not have: the server sends their messages, clients only save them. */
export const ownNotificationBlocks: readonly CatalogBlock[] = [
  {
    ...own,
    name: 'Mattermost Webhook',
    slug: 'mattermost-webhook',
    description: 'Sends messages to Mattermost through an incoming webhook.',
    title: 'MattermostWebhook',
    properties: {
      hostname: {
        title: 'Hostname',
        description: 'The name of the server.',
        example: 'chat.example.com',
        type: 'string',
      },
      port: { title: 'Port', description: 'The port of the server.', default: 8065, type: 'integer' },
      secure: {
        title: 'Secure',
        description: 'Whether the server is reached by HTTPS.',
        default: false,
        type: 'boolean',
      },
      path: { title: 'Path', description: 'The path below which Mattermost is.', type: 'string' },
      token: { title: 'Token', description: 'The token of the incoming webhook.', ...secret },
      botname: { title: 'Bot Name', description: 'The name that the messages bear.', type: 'string' },
      channels: {
        title: 'Channels',
        description: "The channels to send to; the webhook's own where none is given.",
        type: 'array',
        items: { type: 'string' },
      },
      include_image: {
        title: 'Include Image',
        description: 'Whether an icon shows the kind of message.',
        default: false,
        type: 'boolean',
      },
    },
    required: ['hostname', 'token'],
    secretFields: ['token'],
  },
  {
    ...own,
    name: 'Custom Webhook',
    slug: 'custom-webhook',
    description: 'Calls an HTTP address with a body of your own making.',
    title: 'CustomWebhook',
    properties: {
      name: { title: 'Name', description: 'What `{{name}}` stands for.', type: 'string' },
      url: {
        title: 'Webhook URL',
        description:
          'The address to call. `{{subject}}` and `{{body}}` stand for the message, here and below.',
        ...secret,
      },
      method: {
        title: 'Method',
        description: 'The method of the request.',
        default: 'POST',
        enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
        type: 'string',
      },
      params: { title: 'Query Parameters', description: 'Parameters to add to the address.', ...texts },
      json_data: {
        title: 'JSON Data',
        description: 'The body as JSON.',
        example: '{"text": "{{subject}}\\n{{body}}"}',
        type: 'object',
      },
      form_data: {
        title: 'Form Data',
        description: 'The body as a form; in place of JSON.',
        ...texts,
      },
      headers: { title: 'Headers', description: 'The headers of the request.', ...texts },
      cookies: { title: 'Cookies', description: 'The cookies of the request.', ...texts },
      timeout: {
        title: 'Timeout',
        description: 'How many seconds to wait for the answer, 30 at most.',
        default: 10,
        type: 'number',
      },
      secrets: {
        title: 'Secrets',
        description: 'Values that may be named in double braces, as `{{token}}`, and are never shown.',
        type: 'object',
      },
    },
    required: ['url'],
    secretFields: ['url', 'headers.*', 'cookies.*', 'secrets.*'],
  },
  {
    ...own,
    name: 'Email',
    slug: 'email',
    description: 'Sends messages by e-mail through an SMTP server.',
    title: 'Email',
    properties: {
      smtp_server: {
        title: 'SMTP Server',
        description: 'The name of the server that takes the e-mail.',
        example: 'smtp.example.com',
        type: 'string',
      },
      smtp_port: {
        title: 'SMTP Port',
        description: 'The port of the server; the usual one of the kind of security where none is given.',
        type: 'integer',
      },
      smtp_type: {
        title: 'SMTP Type',
        description: 'How the connection is secured.',
        default: 'SSL',
        enum: ['SSL', 'STARTTLS', 'INSECURE'],
        type: 'string',
      },
      verify: {
        title: 'Verify',
        description: "Whether the server's certificate must be right.",
        default: true,
        type: 'boolean',
      },
      username: { title: 'Username', description: 'The name at the server.', type: 'string' },
      password: { title: 'Password', description: 'The password at the server.', ...secret },
      from_address: {
        title: 'From',
        description: 'The address that sends; the name at the server where none is given.',
        type: 'string',
      },
      to_addresses: {
        title: 'To',
        description: 'The addresses that receive.',
        type: 'array',
        items: { type: 'string' },
      },
    },
    required: ['smtp_server', 'to_addresses'],
    secretFields: ['password'],
  },
];
