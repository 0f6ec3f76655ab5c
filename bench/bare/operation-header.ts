/** The header in which a request names its operation for the bare server; the service does not look at it. */
export const operationHeader = 'x-operation';
