/** The release of Prefect whose server this one stands in for. */
export const productVersion = '2.8.0';

/** The version of the REST API, which clients hold their own against. */
export const apiVersion = '0.8.4';
