export { type CommandEnvironment, readCommandEnvironment } from './command-environment.js';
export { CONFIGURATION } from './configuration-token.js';
export { type Configuration, readConfiguration, readDatabaseLocation } from './configuration.js';
export { ConfigurationError, type ConfigurationIssue } from './configuration-error.js';
export { type DatabaseLocation, parseDatabaseUrl } from './database-url.js';
export { type Environment, parseEnvironment, variables } from './environment.js';
export { readRecipientsConfiguration, type RecipientsConfiguration } from './recipients-configuration.js';
export { type GeneratedSecret, readOrGenerateSecret } from './generated-secret.js';
