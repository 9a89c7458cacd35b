import { awsBlocks } from './aws.ts';
import { azureBlocks } from './azure.ts';
import type { CatalogBlock } from './catalog-block.ts';
import { databricksBlocks } from './databricks.ts';
import { fileSystemBlocks } from './file-systems.ts';
import { googleCloudBlocks } from './google-cloud.ts';
import { infrastructureBlocks } from './infrastructure.ts';
import { notificationBlocks } from './notifications.ts';
import { ownNotificationBlocks } from './own-notifications.ts';
import { valueBlocks } from './values.ts';

export type { CatalogBlock } from './catalog-block.ts';

/** All block types that the server registers; types that others refer to come first. */
export const catalog: readonly CatalogBlock[] = [
  ...valueBlocks,
  ...notificationBlocks,
  ...ownNotificationBlocks,
  ...fileSystemBlocks,
  ...infrastructureBlocks,
  ...awsBlocks,
  ...azureBlocks,
  ...googleCloudBlocks,
  ...databricksBlocks,
];
