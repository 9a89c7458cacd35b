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
    description: 'Stores credentials for AWS (boto3).',
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
        description: 'The AWS profile on the machine to use.',
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
        description: 'The type of infrastructure.',
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
        description: 'Labels of the infrastructure.',
        type: 'object',
        additionalProperties: { type: 'string' },
      },
      name: { title: 'Name', description: 'The name of the infrastructure.', type: 'string' },
      command: {
        title: 'Command',
        description: 'The command that runs the flow.',
        type: 'array',
        items: { type: 'string' },
      },
      aws_credentials: {
        title: 'AWS Credentials',
        description: 'The AWS credentials to use.',
        allOf: [{ $ref: '#/definitions/AwsCredentials' }],
      },
      task_definition_arn: {
        title: 'Task Definition Arn',
        description: 'The ARN of an existing task definition; cannot be combined with a task definition.',
        type: 'string',
      },
      task_definition: {
        title: 'Task Definition',
        description: 'A task definition to start from; the other fields take precedence.',
        type: 'object',
      },
      image: { title: 'Image', description: 'The image to run.', type: 'string' },
      auto_deregister_task_definition: {
        title: 'Auto Deregister Task Definition',
        description: 'Whether task definitions created for a run are removed after it.',
        default: true,
        type: 'boolean',
      },
      cpu: {
        title: 'CPU',
        description: 'The CPU units of the task; 1024 by default.',
        type: 'integer',
      },
      memory: {
        title: 'Memory',
        description: 'The memory of the task in MiB; 2048 by default.',
        type: 'integer',
      },
      execution_role_arn: {
        title: 'Execution Role ARN',
        description: 'The role that launches the task.',
        type: 'string',
      },
      configure_cloudwatch_logs: {
        title: 'Configure Cloudwatch Logs',
        description: 'Whether to send logs to CloudWatch; requires an execution role.',
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
        description: 'Whether the agent prints the output of the task; requires CloudWatch logs.',
        type: 'boolean',
      },
      launch_type: {
        title: 'Launch Type',
        description: 'The launch type of the task.',
        default: 'FARGATE',
        enum: ['FARGATE', 'EC2', 'EXTERNAL', 'FARGATE_SPOT'],
        type: 'string',
      },
      vpc_id: {
        title: 'VPC ID',
        description: 'The VPC of the task; the default VPC if omitted.',
        type: 'string',
      },
      cluster: {
        title: 'Cluster',
        description: 'The cluster that runs the task; the default cluster if omitted.',
        type: 'string',
      },
      task_role_arn: {
        title: 'Task Role ARN',
        description: 'The IAM role of the running task.',
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
        description: 'The timeout for starting the task, in seconds.',
        default: 120,
        type: 'integer',
      },
      task_watch_poll_interval: {
        title: 'Task Watch Poll Interval',
        description: 'The interval of checks of the task, in seconds.',
        default: 5.0,
        type: 'number',
      },
    },
    secretFields: ['aws_credentials.aws_secret_access_key'],
    blocks: { aws_credentials: 'aws-credentials' },
  },
];
