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
        description: 'Whether to use HTTPS.',
        default: false,
        type: 'boolean',
      },
      path: { title: 'Path', description: 'The base path of Mattermost.', type: 'string' },
      token: { title: 'Token', description: 'The token of the incoming webhook.', ...secret },
      botname: {
        title: 'Bot Name',
        description: 'The name of the sender shown in messages.',
        type: 'string',
      },
      channels: {
        title: 'Channels',
        description: "The channels to send to; the webhook's own channel if omitted.",
        type: 'array',
        items: { type: 'string' },
      },
      include_image: {
        title: 'Include Image',
        description: 'Whether to show an icon for the type of the message.',
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
    description: 'Sends an HTTP request with a custom body.',
    title: 'CustomWebhook',
    properties: {
      name: { title: 'Name', description: 'The value of `{{name}}`.', type: 'string' },
      url: {
        title: 'Webhook URL',
        description:
          'The URL to call. `{{subject}}` and `{{body}}` are replaced with the message, here and below.',
        ...secret,
      },
      method: {
        title: 'Method',
        description: 'The method of the request.',
        default: 'POST',
        enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'],
        type: 'string',
      },
      params: { title: 'Query Parameters', description: 'Query parameters of the URL.', ...texts },
      json_data: {
        title: 'JSON Data',
        description: 'The body as JSON.',
        example: '{"text": "{{subject}}\\n{{body}}"}',
        type: 'object',
      },
      form_data: {
        title: 'Form Data',
        description: 'The body as a form, instead of JSON.',
        ...texts,
      },
      headers: { title: 'Headers', description: 'The headers of the request.', ...texts },
      cookies: { title: 'Cookies', description: 'The cookies of the request.', ...texts },
      timeout: {
        title: 'Timeout',
        description: 'The timeout for the answer, in seconds, at most 30.',
        default: 10,
        type: 'number',
      },
      secrets: {
        title: 'Secrets',
        description: 'Secret values that can be used in double braces, such as `{{token}}`.',
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
        description: 'The name of the SMTP server.',
        example: 'smtp.example.com',
        type: 'string',
      },
      smtp_port: {
        title: 'SMTP Port',
        description: 'The port of the server; the default port of the security type if omitted.',
        type: 'integer',
      },
      smtp_type: {
        title: 'SMTP Type',
        description: 'The security of the connection.',
        default: 'SSL',
        enum: ['SSL', 'STARTTLS', 'INSECURE'],
        type: 'string',
      },
      verify: {
        title: 'Verify',
        description: "Whether to verify the server's certificate.",
        default: true,
        type: 'boolean',
      },
      username: { title: 'Username', description: 'The user name at the server.', type: 'string' },
      password: { title: 'Password', description: 'The password at the server.', ...secret },
      from_address: {
        title: 'From',
        description: "The sender's address; the user name if omitted.",
        type: 'string',
      },
      to_addresses: {
        title: 'To',
        description: "The recipients' addresses.",
        type: 'array',
        items: { type: 'string' },
      },
    },
    required: ['smtp_server', 'to_addresses'],
    secretFields: ['password'],
  },
];
