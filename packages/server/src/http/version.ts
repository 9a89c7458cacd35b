/** The release of Prefect that this server replaces. */
export const productVersion = '2.8.0';

/** The version of the REST API, with which clients compare their own. */
export const apiVersion = '0.8.4';
