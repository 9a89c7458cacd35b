import type { CatalogBlock } from './catalog-block.ts';

/** Blocks for Amazon Web Services. */
export const awsBlocks: readonly CatalogBlock[] = [
  {
    name: 'AWS Credentials',
    slug: 'aws-credentials',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/1jbV4lceHOjGgunX15lUwT/db88e184d727f721575aeb054a37e277/aws.png?h=250',
    documentationUrl:
      'https://prefecthq.github.io/prefect-aws/credentials/#prefect_aws.credentials.AwsCredentials',
    description: 'Keeps how AWS is accessed through boto3.',
    example: { from: 'prefect_aws', block: 'AwsCredentials', as: 'credentials' },
    capabilities: [],
    version: '0.1.7',
    title: 'AwsCredentials',
    properties: {
      aws_access_key_id: {
        title: 'Aws Access Key Id',
        description: 'The id of an access key.',
        type: 'string',
      },
      aws_secret_access_key: {
        title: 'Aws Secret Access Key',
        description: 'The secret of that key.',
        type: 'string',
        writeOnly: true,
        format: 'password',
      },
      aws_session_token: {
        title: 'Aws Session Token',
        description: "The session's token; only for temporary credentials.",
        type: 'string',
      },
      profile_name: {
        title: 'Profile Name',
        description: 'Which profile of the machine is used.',
        type: 'string',
      },
      region_name: { title: 'Region Name', description: 'The region of new connections.', type: 'string' },
    },
    secretFields: ['aws_secret_access_key'],
  },
  {
    name: 'ECS Task',
    slug: 'ecs-task',
    logoUrl:
      'https://images.ctfassets.net/gm98wzqotmnx/1jbV4lceHOjGgunX15lUwT/db88e184d727f721575aeb054a37e277/aws.png?h=250',
    documentationUrl: null,
    description: 'Runs flows as tasks of Amazon ECS.',
    example: { from: 'prefect_aws.ecs', block: 'ECSTask', as: 'infrastructure' },
    capabilities: ['run-infrastructure'],
    version: '0.1.7',
    title: 'ECSTask',
    properties: {
      type: {
        title: 'Type',
        description: 'Which infrastructure it is.',
        default: 'ecs-task',
        enum: ['ecs-task'],
        type: 'string',
      },
      env: {
        title: 'Environment Variables',
        description: "Environment variables for the flow's process.",
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      labels: {
        title: 'Labels',
        description: 'Labels by which the infrastructure can be found.',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      name: { title: 'Name', description: 'What the infrastructure is called.', type: 'string' },
      command: {
        title: 'Command',
        description: 'The command that runs the flow.',
        type: 'array',
        items: { type: 'string' },
      },
      aws_credentials: {
        title: 'AWS Credentials',
        description: 'How AWS is accessed.',
        allOf: [{ $ref: '#/definitions/AwsCredentials' }],
      },
      task_definition_arn: {
        title: 'Task Definition Arn',
        description: 'The ARN of a task definition to start from; goes without a task definition.',
        type: 'string',
      },
      task_definition: {
        title: 'Task Definition',
        description: 'A task definition to start from; what is said here goes before it.',
        type: 'object',
      },
      image: { title: 'Image', description: 'The image to run.', type: 'string' },
      auto_deregister_task_definition: {
        title: 'Auto Deregister Task Definition',
        description: 'Whether task definitions that were made for a run are removed after it.',
        default: true,
        type: 'boolean',
      },
      cpu: {
        title: 'CPU',
        description: 'The processor units of the task; 1024 where it is left out.',
        type: 'integer',
      },
      memory: {
        title: 'Memory',
        description: 'The memory of the task in MiB; 2048 where it is left out.',
        type: 'integer',
      },
      execution_role_arn: {
        title: 'Execution Role ARN',
        description: 'The role that launches the task.',
        type: 'string',
      },
      configure_cloudwatch_logs: {
        title: 'Configure Cloudwatch Logs',
        description: 'Whether the output goes to CloudWatch; needs an execution role.',
        type: 'boolean',
      },
      cloudwatch_logs_options: {
        title: 'Cloudwatch Logs Options',
        description: 'Options for the CloudWatch logs.',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      stream_output: {
        title: 'Stream Output',
        description: 'Whether the agent prints what the task prints; needs CloudWatch logs.',
        type: 'boolean',
      },
      launch_type: {
        title: 'Launch Type',
        description: 'On what the task runs.',
        default: 'FARGATE',
        enum: ['FARGATE', 'EC2', 'EXTERNAL', 'FARGATE_SPOT'],
        type: 'string',
      },
      vpc_id: {
        title: 'VPC ID',
        description: 'The VPC that the task joins; the default one where it is left out.',
        type: 'string',
      },
      cluster: {
        title: 'Cluster',
        description: 'The cluster that runs the task; the default one where it is left out.',
        type: 'string',
      },
      task_role_arn: {
        title: 'Task Role ARN',
        description: 'The role that the task has while it runs.',
        type: 'string',
      },
      task_customizations: {
        title: 'Task Customizations',
        description: 'Changes to the request that runs the task, as JSON patches (RFC 6902).',
        type: 'array',
        format: 'rfc6902',
        items: { type: 'object', additionalProperties: { type: 'string' } },
      },
      task_start_timeout_seconds: {
        title: 'Task Start Timeout Seconds',
        description: 'How many seconds the task may take to start.',
        default: 120,
        type: 'integer',
      },
      task_watch_poll_interval: {
        title: 'Task Watch Poll Interval',
        description: 'How many seconds pass between two looks at the task.',
        default: 5.0,
        type: 'number',
      },
    },
    secretFields: ['aws_credentials.aws_secret_access_key'],
    blocks: { aws_credentials: 'aws-credentials' },
  },
];
