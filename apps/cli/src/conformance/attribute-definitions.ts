import { objectsAt, type JsonObject } from '../simulate/json.js';
import type { Applicability } from './requirement.js';
import { type ServerConfig, sameUrn } from './server-config.js';
import { enterpriseSchema } from './urns.js';

/** The definition of `attribute` or `attribute.sub` in a schema document; undefined when there is none. */
export function findDefinition(schema: JsonObject | undefined, path: string): JsonObject | undefined {
  const [name = '', ...rest] = path.split('.');
  const found = namedIn(objectsAt(schema ?? {}, 'attributes'), name);
  return rest.length === 0 ? found : namedIn(objectsAt(found ?? {}, 'subAttributes'), rest.join('.'));
}

/** Whether users have an attribute: the schema names it, or the server publishes no User schema to say otherwise. */
export function hasUserAttribute(config: ServerConfig, path: string): boolean {
  const schema = config.schemas.get(config.users.schema.toLowerCase());
  return schema === undefined || findDefinition(schema, path) !== undefined;
}

/** Applies where the User schema names every attribute; a path may name a sub-attribute. */
export function needs(...paths: readonly string[]): Applicability {
  return (config) => {
    const missing = paths.find((path) => !hasUserAttribute(config, path));
    return missing === undefined ? true : `the User schema has no ${missing}`;
  };
}

/** Applies where the User resource type lists the enterprise extension. */
export const needsEnterprise: Applicability = ({ users }) =>
  users.extensions.some((urn) => sameUrn(urn, enterpriseSchema)) || 'the enterprise extension is not listed';

/** Applies where /ResourceTypes lists groups. */
export const needsGroups: Applicability = ({ groups }) =>
  groups !== undefined || 'groups are not listed in /ResourceTypes, or were left out';

/** Applies where /ServiceProviderConfig advertises the feature. */
export function advertised(feature: 'patch' | 'filter' | 'sort' | 'etag' | 'cursor' | 'index'): Applicability {
  return (config) => config[feature] || `${feature} is not advertised`;
}

function namedIn(definitions: readonly JsonObject[], name: string): JsonObject | undefined {
  return definitions.find((definition) => String(definition['name']).toLowerCase() === name.toLowerCase());
}
